import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import mysql from "mysql2/promise";
import pg from "pg";
import type { Workload } from "../workloads/workload.ts";
import { childrenOf } from "./edges.ts";
import { checkGone, countRows, type Side, type SideTask, timed } from "./side.ts";

type Table = Readonly<Record<string, unknown>>;
type Column = (name: string, options?: object) => { primaryKey(): unknown };

/** What is used of a Drizzle database, https://orm.drizzle.team/docs/overview. */
interface Drizzle {
  select(fields: object): {
    from(table: Table): { where(condition: unknown): Promise<readonly { id: number }[]> };
  };
  delete(table: Table): { where(condition: unknown): Promise<unknown> };
}

interface Opened {
  readonly db: Drizzle;
  readonly table: (name: string, columns: object) => Table;
  readonly id: Column;
  /** Begins, commits. */
  readonly run: (sql: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What a Drizzle user writes: children first, one statement for each parent, in a transaction. */
export const drizzleLoop: Side = async (task) => {
  const { eq } = (await import("drizzle-orm")) as unknown as { eq(column: unknown, value: unknown): unknown };
  const opened = await open(task);
  const tables = new Map(task.workload.tables.map((t) => [t.name, define(opened, t)]));
  const tableOf = (name: string): Table => tables.get(name) ?? {};
  const removeChildren = async (parent: string, id: unknown): Promise<void> => {
    for (const { child, column } of childrenOf(task.workload, parent)) {
      const table = tableOf(child);
      const mine = eq(table[column], id);
      if (childrenOf(task.workload, child).length > 0) {
        const rows = await opened.db.select({ id: table.id }).from(table).where(mine);
        for (const row of rows) await removeChildren(child, row.id);
      }
      await opened.db.delete(table).where(mine);
    }
  };
  const before = await countRows(task);
  const { table, key } = task.workload.root;
  const { ms } = await timed(async () => {
    await opened.run("begin");
    await removeChildren(table, Number(key));
    await opened.db.delete(tableOf(table)).where(eq(tableOf(table).id, Number(key)));
    await opened.run("commit");
  });
  await opened.close();
  await checkGone(task, before);
  return { "Drizzle, a loop per parent": ms };
};

function define({ table, id }: Opened, definition: Workload["tables"][number]): Table {
  const columns = definition.columns.filter((c) => c.type !== "text");
  const option = { mode: "number" };
  return table(
    definition.name,
    Object.fromEntries(
      columns.map((c) => [c.name, c.type === "id" ? id(c.name, option).primaryKey() : id(c.name, option)]),
    ),
  );
}

function open(task: SideTask): Promise<Opened> {
  switch (task.engine.name) {
    case "postgres":
      return onPostgres(task.url);
    case "mariadb":
      return onMariadb(task.url);
    case "sqlite":
      return onSqlite(task.url.replace(/^sqlite:/, ""));
  }
}

async function onPostgres(url: string): Promise<Opened> {
  const { pgTable, bigint } = (await import("drizzle-orm/pg-core")) as unknown as {
    pgTable: Opened["table"];
    bigint: Column;
  };
  const { drizzle } = (await import("drizzle-orm/node-postgres")) as unknown as {
    drizzle(client: object): Drizzle;
  };
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const run = (sql: string) => client.query(sql);
  return { db: drizzle(client), table: pgTable, id: bigint, run, close: () => client.end() };
}

async function onMariadb(url: string): Promise<Opened> {
  const { mysqlTable, bigint } = (await import("drizzle-orm/mysql-core")) as unknown as {
    mysqlTable: Opened["table"];
    bigint: Column;
  };
  const { drizzle } = (await import("drizzle-orm/mysql2")) as unknown as { drizzle(client: object): Drizzle };
  const client = await mysql.createConnection(url);
  return {
    db: drizzle(client),
    table: mysqlTable,
    id: bigint,
    run: (sql) => client.query(sql),
    close: () => client.end(),
  };
}

type Proxied = (sql: string, values: SQLInputValue[], method: string) => Promise<{ rows: unknown[] }>;

/** Through Drizzle's proxy driver, because its other SQLite drivers need an addon. */
async function onSqlite(file: string): Promise<Opened> {
  const { sqliteTable, integer } = (await import("drizzle-orm/sqlite-core")) as unknown as {
    sqliteTable: Opened["table"];
    integer: Column;
  };
  const { drizzle } = (await import("drizzle-orm/sqlite-proxy")) as unknown as {
    drizzle(send: Proxied): Drizzle;
  };
  const db = new DatabaseSync(file);
  db.exec("pragma foreign_keys = on; pragma synchronous = normal");
  const send: Proxied = async (sql, values, method) => {
    const statement = db.prepare(sql);
    if (method === "run") {
      statement.run(...values);
      return { rows: [] };
    }
    return { rows: statement.all(...values).map((row) => Object.values(row)) };
  };
  return {
    db: drizzle(send),
    table: sqliteTable,
    id: integer,
    run: async (sql) => db.exec(sql),
    close: async () => db.close(),
  };
}
