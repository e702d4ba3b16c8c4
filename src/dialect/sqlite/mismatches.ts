import type { Refusal, Table } from "../../model/table.ts";
import type { Catalog, ForeignKeyRow } from "./catalog.ts";
import { byTable, foldName, named } from "./name.ts";
import type { BuiltTable } from "./table.ts";

/** A foreign key as SQLite resolves it when a statement on either of its tables is prepared; names folded. */
interface Key {
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** What is wrong with it and what to do, as sentences; null where its parent key is found. */
  readonly fault: string | null;
}

/**
 * The statements that SQLite refuses on each table, because the parent table of a foreign key does not exist, or what
 * it references there is no key: those on its child and its parent, and on every table whose actions lead to one of
 * these. Empty where foreign keys are not enforced, or all are sound.
 * @see https://www.sqlite.org/foreignkeys.html#fk_indexes (DML errors)
 */
export function refusalsOf(
  catalog: Catalog,
  tables: readonly BuiltTable[],
): (table: Table) => readonly Refusal[] {
  const parents = new Map(tables.map((built) => [foldName(built.table.name), built]));
  const rows = byTable(catalog.foreignKeys);
  const keys = tables.flatMap(({ table }) =>
    [...Map.groupBy(rows(table.name), (row) => row.id).values()].map((group) => keyOf(table, group, parents)),
  );
  const enforced = catalog.settings.foreign_keys === "1";
  if (!enforced || keys.every((k) => k.fault === null)) return () => [];
  const faults = new Faults(keys);
  return (table) => {
    const onDelete = faults.ofDelete(foldName(table.name));
    const onUpdate = table.columns.flatMap(({ name }): readonly Refusal[] => {
      const fault = faults.ofUpdate(foldName(table.name), [foldName(name)]);
      const message = `SQLite refuses an update of ${table.id}.${name}: ${fault}`;
      return fault === null ? [] : [{ statement: "update", columns: [name], message }];
    });
    const message = `SQLite refuses every delete on ${table.id}: ${onDelete}`;
    return [
      ...(onDelete === null ? [] : [{ statement: "delete", columns: null, message } as const]),
      ...onUpdate,
    ];
  };
}

function keyOf(child: Table, rows: readonly ForeignKeyRow[], parents: ReadonlyMap<string, BuiltTable>): Key {
  const [first] = rows as readonly [ForeignKeyRow];
  const parent = parents.get(foldName(first.parent));
  const given = rows.flatMap((row) => (row.parent_column === null ? [] : [foldName(row.parent_column)]));
  const implied = parent?.table.primaryKey.map(foldName) ?? [];
  const id = `${child.id}(${rows.map((row) => row.column).join(",")})`;
  const what =
    given.length > 0 ? `${first.parent}(${given.join(",")})` : `the primary key of ${first.parent}`;
  const fault = !parent
    ? `foreign key ${id} references table ${first.parent}, which does not exist. Create it, or make ${child.id} anew without the key.`
    : isFound(parent, given, rows.length)
      ? null
      : `foreign key ${id} references ${what}, which is no key of as many columns ("foreign key mismatch"). Make it a primary key or give it a UNIQUE index, or make ${child.id} anew without the foreign key.`;
  return {
    child: foldName(child.name),
    columns: rows.map((row) => foldName(row.column)),
    parent: foldName(first.parent),
    parentColumns: given.length > 0 ? given : implied,
    onDelete: first.on_delete.toLowerCase(),
    onUpdate: first.on_update.toLowerCase(),
    fault,
  };
}

/** @see https://github.com/sqlite/sqlite/blob/version-3.50.0/src/fkey.c (sqlite3FkLocateIndex) */
export function isFound(
  { table, rowidColumn, indexes }: BuiltTable,
  given: readonly string[],
  count: number,
): boolean {
  if (given.length === 0) return table.primaryKey.length === count;
  if (count === 1 && rowidColumn !== null && foldName(rowidColumn) === given[0]) return true;
  return indexes.some(
    ({ index, collations }) =>
      index.unique &&
      index.predicate === null &&
      index.columns.length === count &&
      index.columns.every((name, i) => {
        const column = name === null ? undefined : named(table.columns, name);
        const collation = (column?.collation ?? "BINARY").toUpperCase();
        return column !== undefined && given.includes(foldName(column.name)) && collations[i] === collation;
      }),
  );
}

/** Finds the fault that a statement meets, following the actions that are prepared with it. */
class Faults {
  readonly #keys: readonly Key[];

  constructor(keys: readonly Key[]) {
    this.#keys = keys;
  }

  ofDelete(table: string, seen: readonly string[] = []): string | null {
    if (seen.includes(table)) return null;
    const own = this.#keys.find((k) => k.fault !== null && (k.child === table || k.parent === table));
    if (own) return own.fault;
    const path = [...seen, table];
    return this.#into(table, (key) => {
      if (key.onDelete === "cascade") return this.ofDelete(key.child, path);
      return key.onDelete.startsWith("set ") ? this.ofUpdate(key.child, key.columns, path) : null;
    });
  }

  ofUpdate(table: string, columns: readonly string[], seen: readonly string[] = []): string | null {
    const place = JSON.stringify([table, columns]);
    if (seen.includes(place)) return null;
    const writes = (names: readonly string[]) => names.some((name) => columns.includes(name));
    const touched = this.#keys.filter(
      (k) => (k.child === table && writes(k.columns)) || (k.parent === table && writes(k.parentColumns)),
    );
    if (touched.length === 0) return null;
    // A key of a table to itself is looked at whatever is written.
    const own = [...touched, ...this.#keys.filter((k) => k.child === table && k.parent === table)];
    const fault = own.find((k) => k.fault !== null)?.fault;
    if (fault) return fault;
    const path = [...seen, place];
    return this.#into(table, (key) => {
      const acts = key.onUpdate === "cascade" || key.onUpdate.startsWith("set ");
      return acts && writes(key.parentColumns) ? this.ofUpdate(key.child, key.columns, path) : null;
    });
  }

  #into(table: string, follow: (key: Key) => string | null): string | null {
    for (const key of this.#keys.filter((k) => k.parent === table)) {
      const fault = follow(key);
      if (fault !== null) return fault;
    }
    return null;
  }
}
