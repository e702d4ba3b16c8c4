import fc from "fast-check";

/** Column name → value; all columns are integers. */
export type Row = Readonly<Record<string, number | null>>;

export interface Column {
  readonly name: string;
  readonly notNull: boolean;
  readonly default: number | null;
  /** A type that is not integer; rows leave such a column out. */
  readonly type?: string;
}

export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  readonly uniques: readonly (readonly string[])[];
  /** `unique (column) where other is null` */
  readonly partialUniques: readonly { readonly column: string; readonly whereNull: string }[];
  /** `check (column <> not)` */
  readonly checks: readonly { readonly column: string; readonly not: number }[];
  readonly rows: readonly Row[];
}

export type Action = "cascade" | "set null" | "set default" | "restrict" | "no action";

export interface ForeignKey {
  readonly name: string;
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly onDelete: Action;
  readonly onUpdate: Action;
  readonly deferred: boolean;
}

/** A schema, its rows and the rows to delete. Constraints are made in the order of `fks`, tables in that of `tables`. */
export interface Case {
  readonly tables: readonly Table[];
  readonly fks: readonly ForeignKey[];
  readonly target: string;
  /** Keys of the rows to delete. */
  readonly roots: readonly Row[];
  /** Decides everything about soft deletes and second operations, so that it stays when the case is made smaller. */
  readonly salt?: number;
}

type Pick = <T>(arbitrary: fc.Arbitrary<T>) => T;

interface Draft {
  name: string;
  key: string[];
  columns: Column[];
  uniques: string[][];
  partialUniques: { column: string; whereNull: string }[];
  checks: { column: string; not: number }[];
}

/** Remembers every case that came of it, so that each run takes one of its own. */
export const cases = (): fc.Arbitrary<Case> => fc.gen().map((g) => build((arbitrary) => g(() => arbitrary)));

/** Cases with a salt. */
export const saltedCases = (): fc.Arbitrary<Case> =>
  fc.tuple(cases(), fc.nat()).map(([c, salt]) => ({ ...c, salt }));

/** True once in `n` times; shrinks to false. */
const once = (pick: Pick, n: number): boolean => pick(fc.integer({ min: 0, max: n - 1 })) === n - 1;
const below = (pick: Pick, n: number): number => pick(fc.integer({ min: 0, max: n - 1 }));
const oneOf = <T>(pick: Pick, list: readonly T[]): T => list[below(pick, list.length)] as T;

const ON_DELETE: readonly Action[] = [
  "cascade",
  "cascade",
  "cascade",
  "cascade",
  "set null",
  "set null",
  "set default",
  "restrict",
  "no action",
];
const ON_UPDATE: readonly Action[] = [
  "no action",
  "no action",
  "no action",
  "cascade",
  "cascade",
  "set null",
  "set default",
  "restrict",
];

function build(pick: Pick): Case {
  const drafts = Array.from({ length: 1 + below(pick, 4) }, (_, i) => draftTable(pick, i));
  const fks = Array.from({ length: below(pick, 7) }, (_, i) => draftForeignKey(pick, drafts, i));
  for (const draft of drafts) addGuards(pick, draft, fks);
  const tables = fillTables(pick, drafts, fks);
  const filled = tables.filter((t) => t.rows.length > 0);
  const target = oneOf(pick, filled.length > 0 ? filled : tables);
  const several = once(pick, 4);
  const roots = target.rows.filter((_, i) => (several ? i < 3 : i === 0)).map((row) => only(row, target.key));
  return { tables, fks, target: target.name, roots };
}

function draftTable(pick: Pick, position: number): Draft {
  const composite = once(pick, 4);
  const columns: Column[] = composite ? [{ name: "t", notNull: true, default: null }] : [];
  columns.push({ name: "id", notNull: true, default: null });
  const draft: Draft = {
    name: `t${position}`,
    key: composite ? ["t", "id"] : ["id"],
    columns,
    uniques: [],
    partialUniques: [],
    checks: [],
  };
  if (once(pick, 3)) {
    columns.push({ name: "u", notNull: once(pick, 3), default: once(pick, 4) ? 5 : null });
    draft.uniques.push(["u"]);
  }
  return draft;
}

function draftForeignKey(pick: Pick, drafts: readonly Draft[], position: number): ForeignKey {
  const child = oneOf(pick, drafts);
  const parent = oneOf(pick, drafts);
  const byUnique = parent.columns.some((c) => c.name === "u") && once(pick, 2);
  const parentColumns = byUnique ? ["u"] : parent.key;
  const columns = parentColumns.map((name) => referencing(pick, child, name, position));
  const distinct =
    new Set(columns).size === columns.length
      ? columns
      : columns.map((_, i) => addColumn(pick, child, `f${position}_${i}`));
  return {
    name: `k${position}`,
    child: child.name,
    columns: distinct,
    parent: parent.name,
    parentColumns,
    onDelete: oneOf(pick, ON_DELETE),
    onUpdate: oneOf(pick, ON_UPDATE),
    deferred: once(pick, 8),
  };
}

/** A new column as a rule; sometimes one that another foreign key has, or a part of the child's own key. */
function referencing(pick: Pick, child: Draft, parentColumn: string, position: number): string {
  const shared = child.columns.filter((c) => c.name.startsWith("f"));
  if (parentColumn === "t" && child.key.includes("t") && once(pick, 2)) return "t";
  if (shared.length > 0 && once(pick, 6)) return oneOf(pick, shared).name;
  if (once(pick, 14)) return oneOf(pick, child.columns).name;
  return addColumn(pick, child, `f${position}${parentColumn}`);
}

function addColumn(pick: Pick, draft: Draft, name: string): string {
  const notNull = once(pick, 4);
  draft.columns.push({ name, notNull, default: once(pick, 2) ? 1 + below(pick, 4) : null });
  return name;
}

function addGuards(pick: Pick, draft: Draft, fks: readonly ForeignKey[]): void {
  const referencing = [...new Set(fks.filter((f) => f.child === draft.name).flatMap((f) => f.columns))];
  for (const column of referencing) {
    if (once(pick, 10)) draft.checks.push({ column, not: 1 + below(pick, 4) });
    if (once(pick, 12)) draft.uniques.push([column]);
    if (once(pick, 12)) {
      if (!draft.columns.some((c) => c.name === "n"))
        draft.columns.push({ name: "n", notNull: false, default: null });
      draft.partialUniques.push({ column: "n", whereNull: column });
    }
  }
}

function fillTables(pick: Pick, drafts: readonly Draft[], fks: readonly ForeignKey[]): readonly Table[] {
  const plain = drafts.map((draft) => ({
    ...draft,
    rows: Array.from({ length: 1 + below(pick, 5) }, (_, i) => ownValues(pick, draft, i)),
  }));
  const filled = plain.map((table) => ({
    ...table,
    rows: table.rows.map((row) => withReferences(pick, row, table, fks, plain)),
  }));
  return validRows(filled, fks);
}

function ownValues(pick: Pick, draft: Draft, position: number): Row {
  const value = ({ name, notNull }: Column): number | null => {
    if (name === "id") return draft.key.length === 1 ? position + 1 : 1 + below(pick, 4);
    if (name === "t" || name === "n") return 1 + below(pick, 2);
    if (name === "u") return !notNull && once(pick, 4) ? null : 5 + below(pick, 5);
    return null;
  };
  return Object.fromEntries(draft.columns.map((c) => [c.name, value(c)]));
}

function withReferences(
  pick: Pick,
  row: Row,
  table: Draft,
  fks: readonly ForeignKey[],
  all: readonly { name: string; rows: readonly Row[] }[],
): Row {
  const values: Record<string, number | null> = { ...row };
  for (const fk of fks.filter((f) => f.child === table.name)) {
    const parents = all.find((t) => t.name === fk.parent)?.rows ?? [];
    const nullable = fk.columns.every((c) => !table.columns.find((x) => x.name === c)?.notNull);
    if (nullable && once(pick, 5)) continue;
    const parent = oneOf(pick, parents);
    for (const [i, column] of fk.columns.entries()) {
      if (!table.key.includes(column)) values[column] = parent?.[fk.parentColumns[i] ?? ""] ?? null;
    }
  }
  return values;
}

/** Leaves out rows until all constraints hold. */
function validRows(tables: readonly Table[], fks: readonly ForeignKey[]): readonly Table[] {
  let current = tables.map((t) => ({ ...t, rows: uniqueRows(t) }));
  for (let changed = true; changed; ) {
    changed = false;
    current = current.map((table) => {
      const rows = table.rows.filter((row) =>
        fks.every((fk) => fk.child !== table.name || isReference(row, fk, current)),
      );
      changed ||= rows.length < table.rows.length;
      return { ...table, rows };
    });
  }
  return current;
}

function isReference(row: Row, fk: ForeignKey, tables: readonly Table[]): boolean {
  if (fk.columns.some((c) => row[c] === null)) return true;
  const parents = tables.find((t) => t.name === fk.parent)?.rows ?? [];
  return parents.some((p) => fk.columns.every((c, i) => p[fk.parentColumns[i] ?? ""] === row[c]));
}

function uniqueRows(table: Table): readonly Row[] {
  const kept: Row[] = [];
  const clash = (a: Row, b: Row, columns: readonly string[]) =>
    columns.every((c) => a[c] !== null && a[c] === b[c]);
  for (const row of table.rows) {
    if (table.columns.some((c) => c.notNull && row[c.name] === null)) continue;
    if (table.checks.some((c) => row[c.column] === c.not)) continue;
    if (kept.some((k) => [table.key, ...table.uniques].some((columns) => clash(k, row, columns)))) continue;
    if (
      kept.some((k) =>
        table.partialUniques.some(
          (p) => k[p.whereNull] === null && row[p.whereNull] === null && clash(k, row, [p.column]),
        ),
      )
    )
      continue;
    kept.push(row);
  }
  return kept;
}

const only = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(columns.map((c) => [c, row[c] ?? null]));
