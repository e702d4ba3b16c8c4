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
    withGenerated(table, [written]).some(
      (w) =>
        table.checks.some((c) => c.enforced && mentions(c.expression, w.name)) ||
        table.indexes.some((i) => mayCollide(i, w)),
    )
  );
}

/**
 * A column of a relation that can be set to null to undo a reference, in a row that is about to go: nothing refuses
 * the null, and nothing follows from it. Null where there is none.
 */
export function releasingColumn(
  table: Table,
  columns: readonly string[],
  referenced: readonly string[],
): string | null {
  const free = (name: string) =>
    columnOf(table, name).nullable &&
    columnOf(table, name).generated === null &&
    !table.primaryKey.includes(name) &&
    !referenced.includes(name) &&
    !mayRefuse(table, { name, toNull: true });
  return columns.find(free) ?? null;
}

/** Written columns with the generated ones that follow from them, however indirectly; their new value is not known to be null. */
export function withGenerated(table: Table, written: readonly Written[]): readonly Written[] {
  const all = new Map(written.map((w) => [w.name, w]));
  for (const { name } of all.values()) {
    for (const c of table.columns) {
      if (c.expression !== null && !all.has(c.name) && mentions(c.expression, name))
        all.set(c.name, { name: c.name, toNull: false });
    }
  }
  return [...all.values()];
}

/** Whether the index keeps two rows from having the same entries, or entries that an exclusion constraint keeps apart. */
export const keepsApart = (index: Index): boolean =>
  index.valid && (index.unique || index.operators !== undefined);

/** Whether a new value may bring two rows to collide in an index that keeps them apart. */
export function mayCollide(index: Index, { name, toNull }: Written): boolean {
  if (!keepsApart(index)) return false;
  if (index.predicate !== null && mentions(index.predicate, name)) return true;
  const distinctNull = toNull && index.nullsDistinct && index.columns.includes(name);
  return !distinctNull && index.entries.some((entry) => mentions(entry, name));
}

const TEXT = /'(?:[^']|'')*'/g;

/** Functions and words by name; a cast to a type of such a name is none. SQLite's take the time as 'now' or nothing. */
const CHANGING =
  /(?<!::\s*)\b(?:nextval|random\w*|gen_random_\w+|uuid\w*|rand|now|sysdate|curdate|curtime|utc_\w+|\w+_timestamp|timeofday|strftime)\s*\(|\b(?:date|time|datetime|julianday|unixepoch)\s*\((?:\)|'now')|\b(?:current_(?:date|time|timestamp)|localtime|localtimestamp)\b/i;

/** Whether a default gives another value each time, by the names in it: what it will be is not known before. */
export const changes = (expression: string): boolean =>
  CHANGING.test(expression.replace(TEXT, (text) => (text.toLowerCase() === "'now'" ? text : "''")));

/** Whether SQL text mentions a column; a mention of something else with its name only costs a query. */
export function mentions(text: string, column: string): boolean {
  const wanted = column.toLowerCase();
  return names(text).some((name) => name.toLowerCase() === wanted);
}

const WORDS = /"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|'(?:[^']|'')*'|([\p{L}_][\p{L}\p{N}_$]*)/gu;

/** What may be an identifier in SQL text: quoted in one of the styles, or bare. Brackets quote in SQLite and index in PostgreSQL. */
function names(text: string): readonly string[] {
  return [...text.matchAll(WORDS)].flatMap(([, double, back, bracket, bare]) => {
    if (double !== undefined) return [double.replaceAll('""', '"')];
    if (back !== undefined) return [back.replaceAll("``", "`")];
    if (bracket !== undefined) return [bracket, ...names(bracket)];
    return bare === undefined ? [] : [bare];
  });
}
