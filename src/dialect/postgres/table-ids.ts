import type { TableId } from "../../model/table.ts";

interface Named {
  readonly oid: string;
  readonly namespace: string;
  readonly name: string;
}

/**
 * The id of each table by its oid: names outside the default namespace are written with theirs. A name can hold a dot,
 * so that table `"a.b"` and table `b` of schema `a` want one id: the later in the order below gets its own in quotes.
 */
export function tableIds(tables: readonly Named[], defaultNamespace: string): ReadonlyMap<string, TableId> {
  const owners = new Map<TableId, string>();
  for (const table of inOrder(tables, defaultNamespace)) {
    let id = table.namespace === defaultNamespace ? table.name : `${table.namespace}.${table.name}`;
    while (owners.has(id)) id = `"${id}"`;
    owners.set(id, table.oid);
  }
  return new Map([...owners].map(([id, oid]) => [oid, id]));
}

/** The default namespace comes last; the rest by names, so that ids do not depend on the order of the catalog. */
function inOrder(tables: readonly Named[], defaultNamespace: string): readonly Named[] {
  const key = ({ namespace, name }: Named) => [namespace === defaultNamespace ? "1" : "0", namespace, name];
  return tables.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((part, i) => part !== right[i]);
    return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
  });
}
