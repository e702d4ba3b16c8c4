import { DatabaseSync } from "node:sqlite";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import type { Case, ForeignKey, Row, Table } from "./case.ts";
import { openMariadb } from "./mariadb.ts";

/** One engine under test: an empty database for each case. */
export interface FuzzDatabase {
  /** What ondelete opens. */
  readonly handle: object;
  /** The case with what the engine cannot have replaced. */
  readonly possible: (c: Case) => Case;
  /** Whether the engine checks row by row, so that circles of required references cannot be deleted. */
  readonly checksAtOnce: boolean;
  load(c: Case): Promise<void>;
  rows(table: Table): Promise<readonly Row[]>;
  /** Runs one statement in a session of the test's own. */
  query(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs the engine's own DELETE and rolls it back: the rows it would leave, or null where it refuses. */
  nativeDelete(c: Case): Promise<Readonly<Record<string, readonly Row[]>> | null>;
  close(): Promise<void>;
}

export type FuzzEngine = "sqlite" | "postgres" | "pglite" | "mariadb";

const anything = { possible: (c: Case) => c, checksAtOnce: false };

export function openDatabase(engine: FuzzEngine): Promise<FuzzDatabase> {
  if (engine === "sqlite") return openSqlite();
  if (engine === "mariadb") return openMariadb();
  return engine === "pglite" ? openPglite() : openPostgres();
}

const q = (name: string): string => `"${name}"`;
const list = (names: readonly string[]): string => names.map(q).join(", ");

/** The schema without foreign keys where `inline` is false; SQLite takes them only inside CREATE TABLE. */
export function ddl(c: Case, inline: boolean): readonly string[] {
  const tables = c.tables.map((t) => {
    const columns = t.columns.map(
      (x) =>
        `${q(x.name)} ${x.type ?? "integer"}${x.notNull ? " not null" : ""}${x.default === null ? "" : ` default ${x.default}`}`,
    );
    const rest = [
      `primary key (${list(t.key)})`,
      ...t.uniques.map((u) => `unique (${list(u)})`),
      ...t.checks.map((k) => `check (${q(k.column)} <> ${k.not})`),
      ...(inline ? c.fks.filter((f) => f.child === t.name).map(constraint) : []),
    ];
    return `create table ${q(t.name)} (${[...columns, ...rest].join(", ")})`;
  });
  const indexes = c.tables.flatMap((t) =>
    t.partialUniques.map(
      (p, i) =>
        `create unique index ${q(`pu_${t.name}_${i}`)} on ${q(t.name)} (${q(p.column)}) where ${q(p.whereNull)} is null`,
    ),
  );
  return [...tables, ...indexes];
}

export const constraint = (f: ForeignKey): string =>
  `constraint ${q(f.name)} foreign key (${list(f.columns)}) references ${q(f.parent)} (${list(f.parentColumns)}) on delete ${f.onDelete} on update ${f.onUpdate}${f.deferred ? " deferrable initially deferred" : ""}`;

export const inserts = (c: Case): readonly string[] =>
  c.tables.flatMap((t) =>
    t.rows.map(
      (r) =>
        `insert into ${q(t.name)} (${list(Object.keys(r))}) values (${Object.values(r).map(String).join(", ")})`,
    ),
  );

export const condition = (c: Case): string =>
  c.roots
    .map(
      (r) =>
        `(${Object.entries(r)
          .map(([k, v]) => `${q(k)} = ${v}`)
          .join(" and ")})`,
    )
    .join(" or ");

export const selectAll = (t: Table): string =>
  `select ${list(t.columns.map((x) => x.name))} from ${q(t.name)} order by ${list(t.key)}`;

async function openSqlite(): Promise<FuzzDatabase> {
  const db = new DatabaseSync(":memory:");
  const rows = async (t: Table) =>
    db
      .prepare(selectAll(t))
      .all()
      .map((row) => ({ ...row })) as Row[];
  const native = async (c: Case) => {
    db.exec("begin");
    try {
      db.exec(`delete from ${q(c.target)} where ${condition(c)}`);
      const left = await allRows(c, rows);
      const broken = db.prepare("pragma foreign_key_check").all().length > 0;
      return broken ? null : left;
    } catch {
      return null;
    } finally {
      if (db.isTransaction) db.exec("rollback");
    }
  };
  return {
    handle: db,
    ...anything,
    load: async (c) => {
      db.exec("pragma foreign_keys = off");
      const tables = db
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
        .all() as { name: string }[];
      for (const { name } of tables) db.exec(`drop table ${q(name)}`);
      for (const statement of [...ddl(c, true), ...inserts(c)]) db.exec(statement);
      db.exec("pragma foreign_keys = on");
    },
    rows,
    query: async (text) => db.prepare(text).all() as Row[],
    nativeDelete: native,
    close: async () => db.close(),
  };
}

type Query = (text: string) => Promise<readonly Row[]>;

export async function allRows(
  c: Case,
  rows: (t: Table) => Promise<readonly Row[]>,
): Promise<Record<string, readonly Row[]>> {
  const out: Record<string, readonly Row[]> = {};
  for (const t of c.tables) out[t.name] = await rows(t);
  return out;
}

function onPostgres(handle: object, query: Query, close: () => Promise<void>): FuzzDatabase {
  const rows = (t: Table) => query(selectAll(t));
  return {
    handle,
    ...anything,
    load: async (c) => {
      await query("drop schema if exists public cascade");
      await query("drop schema if exists ondelete cascade");
      await query("create schema public");
      for (const s of [
        ...ddl(c, false),
        ...inserts(c),
        ...c.fks.map((f) => `alter table ${q(f.child)} add ${constraint(f)}`),
      ])
        await query(s);
    },
    rows,
    query,
    nativeDelete: async (c) => {
      await query("begin");
      try {
        await query(`delete from ${q(c.target)} where ${condition(c)}`);
        await query("set constraints all immediate");
        return await allRows(c, rows);
      } catch {
        return null;
      } finally {
        await query("rollback");
      }
    },
    close,
  };
}

/** After so many cases what dropped tables leave in the catalog is swept up; it slows every look into it. */
const CASES_PER_VACUUM = 100;

const PGURL = process.env.PGURL ?? "postgres://postgres@127.0.0.1:5432/postgres";

async function openPostgres(): Promise<FuzzDatabase> {
  const admin = new pg.Client({ connectionString: PGURL });
  await admin.connect();
  const name = `ondelete_fuzz_${process.pid}`;
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.query(`create database ${name}`);
  const url = new URL(PGURL);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  // Dropping the database ends connections that the pool still holds.
  pool.on("error", () => {});
  const own = await pool.connect();
  await own.query("set client_min_messages = error; set synchronous_commit = off");
  const query: Query = async (text) => (await own.query(text)).rows;
  const database = onPostgres(pool, query, async () => {
    own.release();
    await pool.end();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  });
  let loads = 0;
  return {
    ...database,
    load: async (c) => {
      if (++loads % CASES_PER_VACUUM === 0) await query("vacuum");
      await database.load(c);
    },
  };
}

async function openPglite(): Promise<FuzzDatabase> {
  const db = new PGlite();
  await db.exec("set client_min_messages = error");
  const query: Query = async (text) => (await db.query(text)).rows as Row[];
  return onPostgres(db, query, () => db.close());
}
