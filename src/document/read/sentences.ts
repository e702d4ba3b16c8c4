import { type Above, tableAbove } from "./context.ts";
import { bare, NAME, NAMES, namesIn } from "./inline.ts";
import { actionIn, handIn } from "./said.ts";
import type { RelationStatement, Said, Statement } from "./statement.ts";

type Here = Pick<Statement, "line" | "text">;
type Form = readonly [
  RegExp,
  (found: readonly (string | undefined)[], here: Here, above: Above) => readonly Statement[],
];

const ACTION = "(?:on delete )?(?:cascade(?: delete)?|set null|set default|restrict|no action)";
const N = `(?:the |an? |their |its |all |each |every )*(${NAME}(?: ${NAME}){0,1}?)`;

/** The forms of sentences that can be read, see docs/document.md. */
const FORMS: readonly Form[] = [
  [
    new RegExp(
      `^(${NAME})\\.?(${NAME})? (?:→|->) (${ACTION})\\b(?: on (${NAME}(?: ${NAME})?) delet(?:e|ion))?`,
      "iu",
    ),
    ([, left = "", , action = "", parent], here) =>
      column(left, { ...here, parent: parent ?? null, ...acting(action) }),
  ],
  [
    new RegExp(`^(${NAME}) \\((${ACTION})(?: on delete)?\\)`, "iu"),
    ([, left = "", action = ""], here, above) =>
      column(left, { ...here, parent: tableAbove(above), ...acting(action) }),
  ],
  [
    new RegExp(`\\bforeign keys?\\b.*? from (${NAMES}) to (${NAME})`, "iu"),
    ([, children = "", parent = ""], here) =>
      namesIn(children).flatMap((c) => column(c, { ...here, parent: bare(parent) })),
  ],
  [
    new RegExp(`^foreign key:? (${NAME}) (?:→|->|references) (${NAME})(?:\\s*\\((${NAME})\\))?(.*)$`, "iu"),
    ([, name = "", parent = "", , rest = ""], here, above) => {
      const child = tableAbove(above);
      return child === null
        ? []
        : [relation({ ...here, child, columns: [bare(name)], parent: bare(parent), ...acting(rest) })];
    },
  ],
  [
    new RegExp(
      `^${N} (?:table )?has (?:a|the) foreign key (${NAME}) (?:pointing|referring|that refers|which refers) to ${N}`,
      "iu",
    ),
    ([, child = "", name = "", parent = ""], here) => [
      relation({ ...here, child: bare(child), columns: [bare(name)], parent: bare(parent) }),
    ],
  ],
  [
    new RegExp(`^(${NAME}\\.${NAME}) references (${NAME})`, "iu"),
    ([, left = "", parent = ""], here) => column(left, { ...here, parent: bare(parent) }),
  ],
  [
    new RegExp(`^one ${N} (?:can have|has) (?:many|several|multiple) ${N}s?$`, "iu"),
    ([, parent = "", child = ""], here) => [
      relation({ ...here, child: bare(child), columns: [], parent: bare(parent) }),
    ],
  ],
  [
    new RegExp(`^(?:an? |the )?(${NAME}) has (?:many|one) (${NAME})(?: \\((${ACTION})\\))?$`, "iu"),
    ([, parent = "", child = "", action = ""], here) => [
      relation({ ...here, child: bare(child), columns: [], parent: bare(parent), ...acting(action) }),
    ],
  ],
  [
    new RegExp(
      `^(?:an? |the )?(${NAME}) belongs to (?:an? |the |one )?(${NAME})(?: \\((${ACTION})\\))?$`,
      "iu",
    ),
    ([, child = "", parent = "", action = ""], here) => [
      relation({ ...here, child: bare(child), columns: [], parent: bare(parent), ...acting(action) }),
    ],
  ],
  [
    new RegExp(`^has (?:many|one) (${NAME}) \\(via (${NAME})\\)`, "iu"),
    ([, child = "", name = ""], here, above) => {
      const parent = tableAbove(above);
      return parent === null
        ? []
        : [relation({ ...here, child: bare(child), columns: [bare(name)], parent })];
    },
  ],
  [
    new RegExp(
      `^${N} (?:is|are) (?:automatically |also )?(?:deleted|removed) (?:when|if) ${N} (?:is|are) (?:deleted|removed)`,
      "iu",
    ),
    ([, child = "", parent = ""], here) => [gone(child, parent, here)],
  ],
  [
    new RegExp(`^${N} (?:is|are) (?:automatically |also )?(?:deleted|removed) (?:together )?with ${N}`, "iu"),
    ([, child = "", parent = ""], here) => [gone(child, parent, here)],
  ],
  [
    new RegExp(
      `^(?:when )?deleting ${N},? (?:also |automatically )?(?:deletes?|removes?) (?:all |its |their |of |related )*(${NAMES})(?!\\.)`,
      "iu",
    ),
    ([, parent = "", children = ""], here) => namesIn(children).map((child) => gone(child, parent, here)),
  ],
  [
    new RegExp(`^(?:when )?deleting ${N},? sets? (${NAME}\\.${NAME}) to null`, "iu"),
    ([, parent = "", left = ""], here) => column(left, { ...here, parent: bare(parent), action: "set null" }),
  ],
  [
    new RegExp(
      `^(?:when|if) ${N} (?:is|are) (?:deleted|removed),? (?:then )?${N} (?:is|are|get) (?:also |automatically )?(?:deleted|removed)`,
      "iu",
    ),
    ([, parent = "", child = ""], here) => [gone(child, parent, here)],
  ],
  [
    new RegExp(`^(${NAME}\\.${NAME}) (?:uses|has|is) (${ACTION})`, "iu"),
    ([, left = "", action = ""], here) => column(left, { ...here, parent: null, ...acting(action) }),
  ],
  [
    new RegExp(
      `^(?:deleting )?${N} (?:is blocked by|cannot be deleted (?:while|if|when|as long as)) ${N}(?: references? (?:it|them)| exists?)?$`,
      "iu",
    ),
    ([, parent = "", child = ""], here) => [
      {
        kind: "deletion",
        ...here,
        parent: bare(parent),
        child: bare(child),
        said: [{ effect: "blocks", columns: [], by: null }],
        list: null,
      },
    ],
  ],
];

const DECLARED =
  /^(?:explicit )?foreign keys?(?: relations?| relationships?| constraints?| references)? (?:are |is )?(?:defined|declared)(?: in (?:the )?(?:database )?schema)?$/iu;
const UNDECLARED =
  /\b(?:has|have|with|there are|but|and) no (?:explicit |declared )?foreign key (?:constraints?|references?)$/iu;

/** That constraints declare the relations, or do not; below a heading that denies what stands under it nothing is read. */
function declaration(sentence: string, here: Here, { headings }: Above): readonly Statement[] {
  const declared = DECLARED.test(sentence);
  if (!declared && !UNDECLARED.test(sentence)) return [];
  if (headings.some((h) => /\b(?:not|missing|pending|to ?do|planned|future|recommended)\b/iu.test(h)))
    return [];
  return [{ kind: "declared", ...here, declared }];
}

/** What a line of prose says, where it has one of the known forms. */
export function readSentence(text: string, line: number, above: Above): readonly Statement[] {
  const sentence = text.replace(/^[^\p{L}\p{N}\ue000]+/u, "").replace(/\.$/u, "");
  for (const [pattern, make] of FORMS) {
    const found = pattern.exec(sentence);
    if (found) return make([...found], { line, text: bare(text) }, above);
  }
  return declaration(sentence, { line, text: bare(text) }, above);
}

const acting = (text: string) => ({ action: actionIn(text), by: handIn(text) });

const relation = (
  known: Here & Pick<RelationStatement, "child" | "columns" | "parent"> & Partial<RelationStatement>,
): RelationStatement => ({ action: null, by: null, eitherWay: false, ...known, kind: "relation" });

/** `AuditLog.UserID`: the last part is the column. */
function column(
  name: string,
  known: Here & Pick<RelationStatement, "parent"> & Partial<RelationStatement>,
): readonly Statement[] {
  const at = bare(name).lastIndexOf(".");
  if (at < 0) return [];
  const [child, last] = [bare(name).slice(0, at), bare(name).slice(at + 1)];
  return [relation({ ...known, child, columns: [last] })];
}

function gone(child: string, parent: string, here: Here): Statement {
  const said: readonly Said[] = [{ effect: "deleted", columns: [], by: null }];
  return { kind: "deletion", ...here, parent: bare(parent), child: bare(child), said, list: null };
}
