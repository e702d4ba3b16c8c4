import { OnDeleteError } from "../../error.ts";
import { type ReferentialAction, type Relation, relationId } from "../../model/relation.ts";
import { findsBy, type Index, type Table } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { ActionRow, ForeignKeyColumnRow } from "./catalog-constraints.ts";
import { quoted } from "./quoted.ts";
import { exactPattern } from "./rights.ts";
import { keyOf } from "./table-ids.ts";

interface ForeignKey {
  readonly child: Table;
  readonly parent: Table;
  readonly actions: ActionRow;
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
}

/**
 * The foreign keys of a catalog as relations, in the order in which InnoDB runs their actions. One whose parent or
 * referenced column does not exist (it was made with foreign_key_checks = 0) is left out: InnoDB lets every delete pass.
 */
export function readRelations(catalog: Catalog, tables: ReadonlyMap<string, Table>): readonly Relation[] {
  const enforced = catalog.session.enforcing === "1";
  const positions = new Map<string, number>();
  return foreignKeys(catalog, tables)
    .map((key) => ({ key, place: placeOf(key.actions) }))
    .toSorted((a, b) => Buffer.compare(a.place, b.place))
    .map(({ key }) => {
      const order = positions.get(key.parent.id) ?? 0;
      positions.set(key.parent.id, order + 1);
      return relation(key, { enforced, order });
    });
}

/** The name by which InnoDB keeps the constraints of a parent sorted (measured on MariaDB 10.11). */
const placeOf = ({ folder, name }: ActionRow): Buffer =>
  Buffer.concat([Buffer.from(folder, "hex"), Buffer.from(`/${name}`)]);

function foreignKeys(catalog: Catalog, tables: ReadonlyMap<string, Table>): readonly ForeignKey[] {
  const keyOfConstraint = (row: ActionRow | ForeignKeyColumnRow) => JSON.stringify([keyOf(row), row.name]);
  const actions = new Map(catalog.actions.map((row) => [keyOfConstraint(row), row]));
  const byName = tableFinder(catalog, tables);
  return [...Map.groupBy(catalog.foreignKeyColumns, keyOfConstraint)].flatMap(([key, rows]) => {
    const [first] = rows as [ForeignKeyColumnRow];
    const child = byName(first.namespace, first.tab);
    const parent = byName(first.parent_namespace, first.parent_tab);
    if (!child || !parent) return [];
    const found = actions.get(key);
    if (!found) throw hiddenActions(child);
    const ordered = rows.toSorted((a, b) => Number(a.position) - Number(b.position));
    const columns = ordered.flatMap((row) => columnName(catalog, child, row.col) ?? []);
    const parentColumns = ordered.flatMap((row) => columnName(catalog, parent, row.parent_col) ?? []);
    if (columns.length < rows.length || parentColumns.length < rows.length) return [];
    return { child, parent, actions: found, columns, parentColumns };
  });
}

/** Finds tables by names as a constraint has them, which may differ in case where the server takes no notice of it. */
export function tableFinder({ session }: Catalog, tables: ReadonlyMap<string, Table>) {
  const fold = (name: string) => (session.folding === "0" ? name : name.toLowerCase());
  const keyOfName = (namespace: string, tab: string) => keyOf({ namespace: fold(namespace), tab: fold(tab) });
  const folded = new Map(
    [...tables.values()].map((table) => [keyOfName(table.namespace, table.name), table]),
  );
  return (namespace: string, tab: string) => folded.get(keyOfName(namespace, tab));
}

const hiddenActions = (child: Table) =>
  new OnDeleteError(
    "privilege-missing",
    `The connected role sees that ${child.id} has foreign keys, and not what they do: that takes another right than SELECT on the whole database ${child.namespace}.`,
    {
      hint: `Run as an administrator: GRANT REFERENCES ON ${quoted(exactPattern(child.namespace))}.* TO the role. It lets nothing be changed.`,
      details: { namespace: child.namespace, table: child.id, right: "references" },
    },
  );

/** Names of columns are the same in upper and lower case. A role with rights on some columns sees only those. */
function columnName({ rights }: Catalog, table: Table, name: string): string | null {
  const found =
    table.columns.find((c) => c.name === name) ??
    table.columns.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (found) return found.name;
  if (rights.onTable(table, "SELECT")) return null;
  throw new OnDeleteError(
    "privilege-missing",
    `The connected role may not see column ${name} of ${table.id}.`,
    {
      hint: `Grant SELECT on the whole table ${table.id}.`,
      details: { table: table.id, right: "select" },
    },
  );
}

function relation(
  { child, parent, columns, parentColumns, actions }: ForeignKey,
  { enforced, order }: { readonly enforced: boolean; readonly order: number },
): Relation {
  const ends = { child: child.id, columns, parent: parent.id, parentColumns };
  return {
    id: relationId(ends),
    ...ends,
    onDelete: actions.on_delete.toLowerCase() as ReferentialAction,
    onUpdate: actions.on_update.toLowerCase() as ReferentialAction,
    enforcedBy: enforced ? "database" : "nobody",
    origin: "declared",
    name: actions.name,
    match: "simple",
    deferrable: false,
    initiallyDeferred: false,
    validated: true,
    enforced,
    ...(enforced ? {} : { unenforced: "session" }),
    setColumns: null,
    indexed: child.indexes.some((index) => serves(index, columns)),
    order,
    triggerName: null,
    when: null,
    childPartition: null,
    parentPartition: null,
  };
}

/** Whether a statement finds rows by the columns through the index; the engine's own actions always have one. */
function serves(index: Index, columns: readonly string[]): boolean {
  if (!index.valid || index.method !== "btree") return false;
  return findsBy(index, columns);
}
