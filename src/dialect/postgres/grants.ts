import type { Model } from "../../model/model.ts";
import type { CatalogScope, Grants, Transaction } from "../engine.ts";
import { id, join, raw, type Sql, sql } from "../sql.ts";
import { postgresSyntax } from "./syntax.ts";

/**
 * The GRANT statements that let the connected role read, operate and migrate the tables of a model.
 * @see https://www.postgresql.org/docs/current/sql-grant.html
 */
export async function grants(
  tx: Transaction,
  model: Model,
  journal: CatalogScope["journal"],
): Promise<Grants> {
  const [who] = await tx.rows(sql`select current_user as role, current_database() as database`);
  const role = id(who?.role ?? "");
  const database = id(who?.database ?? "");
  const schemas = [...new Set(model.tables.map((t) => t.namespace))].sort();
  const onAll = (rights: string, kind: "tables" | "sequences"): readonly Sql[] =>
    schemas.map((s) => sql`grant ${raw(rights)} on all ${raw(kind)} in schema ${id(s)} to ${role}`);
  const reading = [
    ...schemas.map((s) => sql`grant usage on schema ${id(s)} to ${role}`),
    ...onAll("select", "tables"),
    // Keys of planned rows are kept in temporary tables where the relations form a cycle.
    sql`grant temporary on database ${database} to ${role}`,
  ];
  const operating = [
    ...reading,
    // UPDATE for SELECT … FOR UPDATE, INSERT for a restore.
    ...onAll("select, insert, update, delete", "tables"),
    ...onAll("usage, select, update", "sequences"),
    sql`create schema if not exists ${id(journal.schema)} authorization ${role}`,
  ];
  const owners = await tx.rows(sql`
    select distinct pg_get_userbyid(c.relowner) as owner from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname = any (array[${join(
      schemas.map((s) => sql`${s}::text`),
      ", ",
    )}]::text[])
      and pg_get_userbyid(c.relowner) <> current_user order by 1`);
  // ALTER TABLE takes ownership, which no privilege gives.
  const migrating = [...operating, ...owners.map(({ owner }) => sql`grant ${id(owner ?? "")} to ${role}`)];
  const print = (statements: readonly Sql[]) => statements.map((s) => postgresSyntax.print(s));
  return { reading: print(reading), operating: print(operating), migrating: print(migrating) };
}
