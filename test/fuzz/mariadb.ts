import { createConnection, createPool } from "mysql2/promise";
import type { Case, ForeignKey, Row, Table } from "./case.ts";
import { allRows, condition, ddl, type FuzzDatabase, inserts, selectAll } from "./database.ts";

const MARIADB_URL = process.env.MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";

/** Whether one of the columns is NOT NULL. */
const required = ({ tables }: Case, table: string, columns: readonly string[]): boolean =>
  tables.some((t) => t.name === table && t.columns.some((x) => columns.includes(x.name) && x.notNull));

/**
 * The case as MariaDB can have it: no SET DEFAULT, no partial index, nothing deferred, nothing that writes null into a
 * column that is NOT NULL, and no CHECK on a column that an action writes.
 */
function forMariadb(c: Case): Case {
  const fks = c.fks.map((f): ForeignKey => {
    const nullable = f.parentColumns.some((x) => !required(c, f.parent, [x]));
    const strict = required(c, f.child, f.columns);
    const possible = (action: ForeignKey["onDelete"]) =>
      action === "set default" || (action === "set null" && strict) ? "no action" : action;
    const passed = possible(f.onUpdate);
    // A null that is passed on has to have a place.
    const onUpdate = passed === "cascade" && strict && nullable ? "no action" : passed;
    return { ...f, onDelete: possible(f.onDelete), onUpdate, deferred: false };
  });
  const written = (table: Table, column: string) =>
    fks.some(
      (f) =>
        f.child === table.name &&
        f.columns.includes(column) &&
        (f.onDelete === "set null" || f.onUpdate === "set null" || f.onUpdate === "cascade"),
    );
  const tables = c.tables.map((t) => ({
    ...t,
    partialUniques: [],
    checks: t.checks.filter((k) => !written(t, k.column)),
  }));
  return { ...c, fks, tables };
}

export async function openMariadb(): Promise<FuzzDatabase> {
  const admin = await createConnection({ uri: MARIADB_URL });
  const name = `ondelete_fuzz_${process.pid}`;
  await admin.query(`drop database if exists ${name}`);
  await admin.query(`create database ${name}`);
  const url = new URL(MARIADB_URL);
  url.pathname = `/${name}`;
  const pool = createPool({ uri: url.href, connectionLimit: 2, multipleStatements: true });
  pool.pool.on("connection", (connection) =>
    connection.query("set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')"),
  );
  const own = await pool.getConnection();
  const query = async (text: string) => (await own.query(text))[0] as Row[];
  const rows = (t: Table) => query(selectAll(t));
  return {
    handle: pool,
    possible: forMariadb,
    checksAtOnce: true,
    load: async (c) => {
      const tables = (await query(
        `select table_name as name from information_schema.tables where table_schema = '${name}'`,
      )) as unknown as { name: string }[];
      const drop = tables.map((t) => `drop table "${t.name}"`);
      const statements = [...drop, ...ddl(c, true), ...inserts(c)];
      await query(["set foreign_key_checks = 0", ...statements, "set foreign_key_checks = 1"].join("; "));
    },
    rows,
    query,
    nativeDelete: async (c) => {
      await query("begin");
      try {
        await query(`delete from "${c.target}" where ${condition(c)}`);
        return await allRows(c, rows);
      } catch {
        return null;
      } finally {
        await query("rollback");
      }
    },
    close: async () => {
      own.release();
      await pool.end();
      await admin.query(`drop database if exists ${name}`);
      await admin.end();
    },
  };
}
