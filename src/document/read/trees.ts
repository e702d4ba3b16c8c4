import { deletedIn, type Found } from "./context.ts";
import { bare, NAME, NAMES, namesIn } from "./inline.ts";
import { actionIn, handIn, saidIn } from "./said.ts";
import type { Statement } from "./statement.ts";

const BRANCH = /^([\s│|┃]*)(?:[├└┣┗][─━]*|[+`\\|]-{1,3})\s*(.*)$/u;
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const TREE_NAME = `(?:${QUOTED}|[^\\s("→>]+)`;
const NODE = new RegExp(
  `^(${TREE_NAME})\\s*(?:\\((${QUOTED}|[^()"]*|(?:${QUOTED}|[^()"])*)\\))?\\s*(.*)$`,
  "u",
);
const ROOT = new RegExp(`^(${TREE_NAME})$`, "u");

interface Line {
  readonly line: number;
  readonly text: string;
}

/** The trees of a drawing: a line without branches, and those with branches below it. */
export function readTrees(lines: readonly string[], start: number, lists: number): Found {
  const found: { statements: Statement[]; lists: NonNullable<Found["lists"]>[number][] } = {
    statements: [],
    lists: [],
  };
  let open: { above: { indent: number; name: string }[]; deleted: string | null } | null = null;
  for (const [i, whole] of lines.entries()) {
    const [, indent, text = ""] = BRANCH.exec(whole) ?? [];
    const here: Line = { line: start + i, text: whole.trim() };
    if (indent === undefined) {
      open = rootOf(whole.trim());
      if (open?.deleted)
        found.lists.push({
          line: here.line,
          title: whole.trim(),
          kind: "deletion",
          mode: "hard",
          parents: [open.deleted],
          children: [],
        });
      continue;
    }
    const mention = mentioned(text, here);
    if (mention) found.statements.push(mention);
    if (mention || !open) continue;
    if (open.deleted !== null) {
      found.statements.push(
        ...fromDeletionTree(text, here, { parent: open.deleted, list: lists + found.lists.length - 1 }),
      );
      continue;
    }
    const above = open.above.filter((a) => a.indent < indent.length);
    const statement = fromRelationTree(text, here, above.at(-1)?.name ?? "");
    if (statement) found.statements.push(statement.statement);
    open = { ...open, above: [...above, { indent: indent.length, name: statement?.name ?? "" }] };
  }
  return found;
}

function rootOf(text: string) {
  const deleted = deletedIn(text);
  if (deleted !== null) return { above: [], deleted };
  const [, name] = ROOT.exec(text) ?? [];
  return name === undefined ? null : { above: [{ indent: -1, name: unquoted(name) }], deleted: null };
}

const unquoted = (name: string): string => (name.startsWith('"') ? (JSON.parse(name) as string) : name);

/** `→ jobs.parent_job_id` at the end of a branch: a column that references something. */
function mentioned(text: string, here: Line): Statement | null {
  const [, table, column] = /^(?:→|->|>)\s*([\p{L}\p{N}_]+)\.([\p{L}\p{N}_]+)\s*$/u.exec(text) ?? [];
  if (table === undefined || column === undefined) return null;
  return {
    kind: "relation",
    ...here,
    child: table,
    columns: [column],
    parent: null,
    action: null,
    by: null,
    eitherWay: false,
  };
}

/** `projects (userId)`, `projects (owner_id) SET NULL`. */
function fromRelationTree(text: string, here: Line, parent: string) {
  const [, child, columns = "", rest = ""] = NODE.exec(text) ?? [];
  if (child === undefined || parent === "" || /^(?:\.\.\.|…)$/u.test(child)) return null;
  const name = unquoted(child);
  const named = columns.includes('"')
    ? (columns.match(new RegExp(`${QUOTED}|[^\\s,"]+`, "gu")) ?? []).map(unquoted)
    : namesIn(columns);
  const statement: Statement = {
    kind: "relation",
    ...here,
    child: name,
    columns: named,
    parent,
    action: actionIn(rest),
    by: handIn(rest),
    eitherWay: false,
  };
  return { name, statement };
}

const ARROW = new RegExp(`(${NAME})(?:\\s+references?)?\\s*(?:→|->|⇒)\\s*([\\p{L} ]+)`, "iu");
const ALSO = new RegExp(`^all (.+?) (?:deleted|removed) (?:→|->) (${NAMES}) cascade`, "iu");
const GONE =
  /^(?:(?:all|any|the|their|its|related|associated|of)\s+)*(.+?)\s+(?:(?:for|of) \S+\s+)?(?:(?:are|is|get|will be|also|automatically|cascade)\s+)*(?:deleted|removed|cleaned(?: up)?|purged|cascade[ds]?)(?!\s+from)\b/iu;

const SAYS = new RegExp(`^(${NAME}(?: ${NAME})?)\\s*(?::|→|->|=>|—|–)\\s*(.+)$`, "u");
const SET_NULL = new RegExp(`^(${NAME})\\s+(?:is|are|gets?|becomes?)\\s+(?:set to )?null\\b`, "iu");
const BLOCKS = new RegExp(`^(${NAME}(?: ${NAME})?)\\s+(?:blocks?|restricts?|prevents?)\\b`, "iu");

/** `Run: workflow_id set to NULL`, `projects.owner_id is set to NULL`, `Invoices block it`. */
function plainly(
  text: string,
  here: Line,
  { parent, list }: { readonly parent: string; readonly list: number },
): Statement | null {
  const base = { kind: "deletion", ...here, parent, list } as const;
  const [, child, what] = SAYS.exec(text) ?? [];
  const said = what === undefined ? null : saidIn(what);
  if (child !== undefined && said !== null && said.length > 0) return { ...base, child: bare(child), said };
  const [, column = ""] = SET_NULL.exec(text) ?? [];
  const at = bare(column).lastIndexOf(".");
  if (at > 0) {
    const columns = [bare(column).slice(at + 1)];
    return { ...base, child: bare(column).slice(0, at), said: [{ effect: "set null", columns, by: null }] };
  }
  const [, refusing] = BLOCKS.exec(text) ?? [];
  const blocks = { effect: "blocks", columns: [], by: null } as const;
  return refusing === undefined ? null : { ...base, child: bare(refusing), said: [blocks] };
}

/** What a line of a tree below "User Deletion:" says, in any of a few forms. */
export function fromDeletionTree(
  text: string,
  here: Line,
  { parent, list }: { readonly parent: string; readonly list: number },
): readonly Statement[] {
  const said = (effect: "deleted" | "set null") => [{ effect, columns: [], by: handIn(text) }] as const;
  const [, also, then] = ALSO.exec(text) ?? [];
  if (also !== undefined && then !== undefined)
    return [also, ...namesIn(then)].map((child) => ({
      kind: "deletion",
      ...here,
      parent,
      child: bare(child),
      said: said("deleted"),
      list,
    }));
  const [, subject, what = ""] = ARROW.exec(text) ?? [];
  const action = actionIn(what);
  if (subject !== undefined && action === "cascade")
    return [{ kind: "deletion", ...here, parent, child: bare(subject), said: said("deleted"), list }];
  if (subject !== undefined && action === "set null")
    return [{ kind: "deletion", ...here, parent, child: bare(subject), said: said("set null"), list }];
  const plain = plainly(text, here, { parent, list });
  if (plain) return [plain];
  const [, gone] = GONE.exec(text) ?? [];
  if (gone !== undefined && gone.split(/\s+/u).length <= 4)
    return [{ kind: "deletion", ...here, parent, child: bare(gone), said: said("deleted"), list }];
  return [{ kind: "unread", ...here, reason: "the line has none of the forms that can be read", list }];
}
