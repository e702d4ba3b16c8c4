import type { Block } from "./blocks.ts";
import { type Above, actionAbove, deletedIn, type Found, modeOf, tableAbove } from "./context.ts";
import { bare, inlineText, NAME, namesIn } from "./inline.ts";
import { readMatrix } from "./matrix.ts";
import { actionIn, handIn, isNothing, referenceIn, saidIn } from "./said.ts";
import type { Statement } from "./statement.ts";

type Role = "column" | "table" | "parent" | "action" | "behaviour" | "constraints" | "by";

const ROLES: readonly (readonly [RegExp, Role])[] = [
  [/^(?:column|columns|field|attribute|fk (?:field|columns?)|foreign key(?: column| field)?|fk)$/u, "column"],
  [
    /^(?:affected )?tables?(?: without index)?$|^(?:child|model|entity|from|referencing table|child table)$/u,
    "table",
  ],
  [
    /^(?:fk references?|references?|referenced table|refers to|parent(?: table)?|points to|target|to)$/u,
    "parent",
  ],
  [
    /^(?:on delete.*|delete (?:behaviou?r|action|rule)|cascade (?:strategy|behaviou?r|rule)|on_delete)$/u,
    "action",
  ],
  [/^(?:behaviou?r|effect|what happens|result|action)$/u, "behaviour"],
  [/^(?:done|enforced|carried out) by$/u, "by"],
  [/^(?:constraints?|foreign keys?(?: added)?|fks)$/u, "constraints"],
];

type TableBlock = Extract<Block, { readonly kind: "table" }>;

interface Row {
  readonly line: number;
  /** The row as it is written. */
  readonly text: string;
  /** The text of the cell with a role, null where no column has it. */
  readonly cell: (role: Role) => string | null;
}

/** The statements of a table: of a matrix, of what a deletion does, or of what columns reference. */
export function readTable(block: TableBlock, above: Above, lists: number): Found {
  const head = block.head.map((cell) => inlineText(cell).toLowerCase());
  const roles = head.map((cell) => ROLES.find(([pattern]) => pattern.test(cell))?.[1] ?? null);
  const rows = block.rows.map(({ line, cells }): Row => {
    const texts = cells.map(inlineText);
    const text = `| ${cells.join(" | ")} |`;
    return { line, text, cell: (role) => texts[roles.indexOf(role)] ?? null };
  });
  const has = (role: Role) => roles.includes(role);
  const deleted = deletedIn(above.heading);
  if (deleted !== null && has("table") && (has("behaviour") || has("action")))
    return deletionTable(rows, { deleted, above, list: lists, line: block.line });
  if (has("parent") || has("action") || has("constraints")) return relationTable(rows, above, has);
  return readMatrix(block, above, lists);
}

function deletionTable(
  rows: readonly Row[],
  place: { readonly deleted: string; readonly above: Above; readonly list: number; readonly line: number },
): Found {
  const { deleted: parent, above, list, line } = place;
  const statements = rows.flatMap((row): readonly Statement[] => {
    const where = { line: row.line, text: row.text, list };
    const said = saidIn(row.cell("behaviour") ?? row.cell("action") ?? "");
    const tables = row.cell("table") ?? "";
    if (said === null) return [{ ...where, kind: "unread", reason: "what happens cannot be read" }];
    const every = everyIn(tables);
    if (every !== null)
      return said.map((s) => ({ ...where, kind: "every", parent, column: every.column, said: s }));
    return namesIn(tables).map((child) => ({ ...where, kind: "deletion", parent, child, said }));
  });
  const title = above.heading;
  return {
    statements,
    lists: [{ line, title, kind: "deletion", mode: modeOf(above), parents: [parent], children: [] }],
  };
}

const EVERY = new RegExp(
  `^(?:all|every)\\s+(?:other\\s+)?(?:tables?|children)(?:\\s+(?:with|having|via|by)\\s+(?:an?\\s+)?(${NAME})|\\s*\\(\\s*(${NAME})\\s*\\))?$`,
  "iu",
);

/** "All tables with owner_id", "All children"; null for anything else. */
export function everyIn(text: string): { readonly column: string | null } | null {
  const found = EVERY.exec(text.trim());
  if (!found) return null;
  const column = found[1] ?? found[2];
  return { column: column === undefined ? null : bare(column) };
}

function relationTable(rows: readonly Row[], above: Above, has: (role: Role) => boolean): Found {
  const section = tableAbove(above);
  const referenced = /referenced by/iu.test(above.lead) || /referenced by/iu.test(above.heading);
  const columns = !has("table") && has("column") && section !== null;
  const statements = rows.flatMap((row) =>
    referenced && section !== null ? referencing(row, section) : relations(row, section, above),
  );
  return { statements, ...(columns ? { sections: [section] } : {}) };
}

/** A row of what references the section's table. */
function referencing(row: Row, parent: string): readonly Statement[] {
  const child = row.cell("table");
  if (child === null || isNothing(child)) return [];
  const action = row.cell("action") ?? row.cell("behaviour") ?? "";
  return [
    {
      kind: "relation",
      line: row.line,
      text: row.text,
      child: bare(child),
      columns: namesIn(row.cell("column") ?? ""),
      parent,
      action: actionIn(action),
      by: handIn(action),
      eitherWay: false,
    },
  ];
}

function relations(row: Row, section: string | null, above: Above): readonly Statement[] {
  const column = row.cell("column") ?? "";
  // Without a table of their own, columns are written with it: `projects.owner_id`, `invoices(user_id)`.
  const qualified = row.cell("table") === null && section === null ? referenceIn(column) : null;
  const child = qualified ?? bare(row.cell("table") ?? section ?? "");
  const parent = row.cell("parent") ?? row.cell("constraints");
  const behaviour = row.cell("action") ?? row.cell("behaviour") ?? "";
  const columns = qualified === null ? namesIn(column) : [];
  const where = { line: row.line, text: row.text };
  if (child === "" || parent === null) return [];
  const action = actionIn(behaviour) ?? (behaviour === "" ? actionAbove(above) : null);
  const by = handIn(behaviour) ?? handIn(row.cell("by") ?? "");
  const base = {
    ...where,
    kind: "relation",
    child,
    columns,
    by,
    eitherWay: false,
  } as const;
  if (row.cell("parent") !== null) {
    if (/^see\b/iu.test(parent)) return [];
    const [first] = columns;
    if (isNothing(parent))
      return first === undefined || row.cell("parent") === ""
        ? []
        : [{ ...where, kind: "no-reference", child, column: first }];
    const referenced = referenceIn(parent);
    if (referenced !== null) return [{ ...base, parent: referenced, action }];
  }
  return constraintsIn(parent, { child, columns, behaviour }).map(
    ({ acts, ...found }): Statement => ({
      ...base,
      ...found,
      action: found.action ?? (acts ? action : null),
    }),
  );
}

const FOREIGN_KEY = new RegExp(
  `\\bforeign key\\s*(?:→|->|:|to|references)?\\s*(${NAME})(?:\\s*\\(\\s*(${NAME})\\s*\\))?`,
  "iu",
);
const FK_TO = new RegExp(`\\bFKs? to ((?:${NAME})(?:\\s*,\\s*${NAME})*)`, "iu");
const PARENT_OF = new RegExp(`\\bparent (?:for|of) ((?:${NAME})(?:\\s*,\\s*${NAME})*)`, "iu");
const OF_ONE = new RegExp(`^(${NAME})\\s*:\\s*(.+)$`, "u");

interface Constraint {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string | null;
  readonly action: ReturnType<typeof actionIn>;
  /** Whether what the row says of deletes is about this one. */
  readonly acts: boolean;
}

/** `FOREIGN KEY → repositories(id)`, `FK to User, Project`, `Parent for Projects`: the relations that a cell names. */
function constraintsIn(
  text: string,
  row: { readonly child: string; readonly columns: readonly string[]; readonly behaviour: string },
): readonly Constraint[] {
  const { child, behaviour } = row;
  const [, table] = FOREIGN_KEY.exec(text) ?? [];
  if (table !== undefined)
    return [{ child, columns: row.columns, parent: bare(table), action: actionIn(text), acts: true }];
  const [, parents] = FK_TO.exec(text) ?? [];
  const [, one, what] = OF_ONE.exec(behaviour) ?? [];
  const to = namesIn(parents ?? "").map((parent): Constraint => {
    const acts = one === undefined;
    const action = one !== undefined && bare(one) === parent ? actionIn(what ?? "") : null;
    return { child, columns: [], parent, action, acts };
  });
  const [, children] = PARENT_OF.exec(text) ?? [];
  const from = namesIn(children ?? "").map(
    (named): Constraint => ({ child: named, columns: [], parent: child, action: null, acts: true }),
  );
  return [...to, ...from];
}
