import { columnOf, type Index, type Table } from "./table.ts";

/** A column that is about to get another value. */
export interface Written {
  readonly name: string;
  /** Whether the new value is null. */
  readonly toNull: boolean;
}

/** Whether a column may refuse its new value: it is NOT NULL, or a CHECK or a unique index has a say in it. */
export function mayRefuse(table: Table, written: Written): boolean {
  return (
    (written.toNull && !columnOf(table, written.name).nullable) ||
    table.checks.some((c) => c.enforced && mentions(c.expression, written.name)) ||
    table.indexes.some((i) => mayCollide(i, written))
  );
}

/** Whether a new value may bring two rows to share an entry of a unique index. */
export function mayCollide(index: Index, { name, toNull }: Written): boolean {
  if (!index.unique || !index.valid) return false;
  if (index.predicate !== null && mentions(index.predicate, name)) return true;
  const distinctNull = toNull && index.nullsDistinct && index.columns.includes(name);
  return !distinctNull && index.entries.some((entry) => mentions(entry, name));
}

/** Whether SQL text mentions a column; a mention in a string or of another table's column only costs a query. */
export function mentions(text: string, column: string): boolean {
  return text.toLowerCase().includes(column.toLowerCase());
}
