import type { TableId } from "../../model/table.ts";

export interface NamedTable {
  readonly namespace: string;
  readonly tab: string;
}

/** What tells a table from every other, in both parts letter by letter. */
export const keyOf = ({ namespace, tab }: NamedTable): string => JSON.stringify([namespace, tab]);

/**
 * The id of each table by its {@link keyOf}: names outside the default namespace are written with theirs. A name can
 * hold a dot, so that table `a.b` and table `b` of database `a` want one id: the later in the order below gets its own
 * in quotes.
 */
export function tableIds<T extends NamedTable>(
  tables: readonly T[],
  defaultNamespace: string,
): ReadonlyMap<string, TableId> {
  const owners = new Map<TableId, string>();
  for (const table of inOrder(tables, defaultNamespace)) {
    let id = table.namespace === defaultNamespace ? table.tab : `${table.namespace}.${table.tab}`;
    while (owners.has(id)) id = `"${id}"`;
    owners.set(id, keyOf(table));
  }
  return new Map([...owners].map(([id, key]) => [key, id]));
}

/** The default namespace comes last; the rest by names, so that ids do not depend on the order of the catalog. */
function inOrder<T extends NamedTable>(tables: readonly T[], defaultNamespace: string): readonly T[] {
  const key = ({ namespace, tab }: NamedTable) => [
    namespace === defaultNamespace ? "1" : "0",
    namespace,
    tab,
  ];
  return tables.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((part, i) => part !== right[i]);
    return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
  });
}
