/** A name as SQLite compares it: ASCII letter case does not count, that of other letters does. */
export function foldName(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The rows of each table, by the table's folded name. */
export function byTable<T extends { readonly table_name: string }>(rows: readonly T[]) {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = foldName(row.table_name);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return (table: string): readonly T[] => groups.get(foldName(table)) ?? [];
}

/** The one of several things whose name SQLite takes for this one. */
export function named<T extends { readonly name: string }>(
  things: readonly T[],
  name: string,
): T | undefined {
  const folded = foldName(name);
  return things.find((thing) => foldName(thing.name) === folded);
}
