import { createHash } from "node:crypto";
import { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, InnerFacts } from "../../../src/dialect/engine.ts";
import { fromPool } from "../../../src/dialect/postgres/connection.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import { type Sql, sql } from "../../../src/dialect/sql.ts";
import type { Relation } from "../../../src/model/relation.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, onOneSession, openEngine, postgresVariants } from "./open.ts";

const ROLE = `ondelete_test_rights_${process.pid}`;
const write = { lockTimeoutMs: 1000 };

describe.each(postgresVariants)("the engine on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;

  beforeEach(async () => {
    db = await variant.create();
    engine = await openEngine(variant, db);
  });
  afterEach(async () => {
    await db.drop();
  });

  test("sums keys up as anyone can who has SHA-256", async () => {
    const keys = ["1", "2", "é|🐘", "", "9007199254740993"];
    const digits = keys.map((key) => createHash("sha256").update(key).digest("hex"));
    const sum = (from: number) =>
      digits.reduce((total, hex) => total + BigInt(`0x${hex.slice(from, from + 15)}`), 0n).toString();
    const select = sql`select k as key from unnest(${`{1,2,é|🐘,"",9007199254740993}`}::text[]) k`;
    const none = sql`select 'x'::text as key where false`;
    await engine.read({ scratch: false }, async (tx) => {
      const keys = { selects: [select, none], over: (statement: Sql) => statement };
      expect(await engine.sumKeys(tx, keys)).toEqual([
        { rows: 5, sums: [sum(0), sum(15)] },
        { rows: 0, sums: ["0", "0"] },
      ]);
    });
  });

  test("makes its journal once, however often and by however many", async () => {
    const make = () =>
      engine.write(write, async (tx) => {
        for (const statement of engine.journalTables(journal)) await tx.run(statement);
      });
    const has = () => engine.read({ scratch: false }, (tx) => engine.hasJournal(tx, journal));
    expect(await has()).toBe(false);
    await Promise.all([make(), make(), make(), make()]);
    await make();
    expect(await has()).toBe(true);
    const columns =
      await db.rows(`select relname || '(' || string_agg(attname || ' ' || format_type(atttypid, atttypmod)
        || case when attnotnull then ' not null' else '' end, ', ' order by attnum) || ')' as made
      from pg_attribute join pg_class c on c.oid = attrelid
      where relnamespace = 'ondelete'::regnamespace and relkind = 'r' and attnum > 0 group by relname order by relname`);
    expect(columns.map((row) => row.made)).toEqual([
      "archive_chunk(operation text not null, part integer not null, ordinal bigint not null, rows bigint not null, images text[] not null)",
      "archive_part(operation text not null, part integer not null, kind text, table_id text, columns text, key_columns text, relation text, rows bigint)",
      "operation(id text not null, state text not null, mode text not null, target text not null, digest text not null, fingerprint text not null, plan text not null, deleted text not null, updated text not null, archive integer not null, started text not null, finished text, actor text, reason text, restored text, batches integer not null, work text, position text, owner text, lease bigint, token integer not null)",
      "outbox(id bigint not null, operation text not null, kind text not null, subject text not null, body text not null, state text not null, attempts integer not null, error text, created text not null)",
      "work_chunk(operation text not null, list integer not null, ordinal bigint not null, rows bigint not null, images text[] not null)",
    ]);
    expect(engine.syntax.compile(engine.syntax.journal("operation", journal)).text).toBe(
      '"ondelete"."operation"',
    );
    expect((await engine.readModel({ journal })).tables).toEqual([]);
  });

  test("tells which rights the role lacks", async () => {
    await db.exec(`create role ${ROLE}; create schema closed; grant usage on schema public to ${ROLE};
      create table open (a integer, b integer); create table closed.t (a integer);
      create table partly (a integer, b integer);
      grant select, delete, update, insert on open to ${ROLE}; grant select, delete on closed.t to ${ROLE};
      grant select (a), update (a), insert (a, b) on partly to ${ROLE};`);
    const wanted = [
      { table: "open", right: "select" },
      { table: "open", right: "insert" },
      { table: "open", right: "update" },
      { table: "open", right: "delete" },
      { table: "closed.t", right: "select" },
      { table: "partly", right: "delete" },
      { table: "partly", right: "update" },
      { table: "partly", right: "select" },
      { table: "partly", right: "insert" },
    ] as const;
    try {
      const missing = await onOneSession(db, `set role ${ROLE}`, (limited) =>
        limited.read({ scratch: false }, (tx) => limited.missingPrivileges(tx, wanted)),
      );
      expect(missing).toEqual([
        { table: "closed.t", right: "select" },
        { table: "partly", right: "delete" },
        { table: "partly", right: "select" },
      ]);
      expect(await engine.read({ scratch: false }, (tx) => engine.missingPrivileges(tx, wanted))).toEqual([]);
      expect(await engine.read({ scratch: false }, (tx) => engine.missingPrivileges(tx, []))).toEqual([]);
    } finally {
      await db.exec(`drop owned by ${ROLE}; drop role ${ROLE}`);
    }
  });

  test("stops where row-level security hides rows, or a right is missing", async () => {
    await db.exec(`create role ${ROLE}; grant usage on schema public to ${ROLE};
      create table hidden (id integer); create table denied (id integer);
      alter table hidden enable row level security; grant select on hidden to ${ROLE};`);
    try {
      await onOneSession(db, `set role ${ROLE}`, async (limited) => {
        const read = (table: string) =>
          limited.read({ scratch: false }, (tx) => tx.rows(sql`select * from ${sql.id(table)}`));
        await expect(read("hidden")).rejects.toMatchObject({
          code: "rows-hidden",
          details: { table: "hidden" },
        });
        await expect(read("denied")).rejects.toMatchObject({
          code: "privilege-missing",
          details: { engineCode: "42501", table: "denied" },
        });
      });
    } finally {
      await db.exec(`drop owned by ${ROLE}; drop role ${ROLE}`);
    }
  });

  /** One root r with a chain of cascades to a and to b, b referencing a; both creation orders of r's own keys. */
  const bareDelete = async (options: { aDepth: number; bDepth: number; late: boolean; clause: string }) => {
    const chain = (name: string, depth: number) =>
      Array.from({ length: depth }, (_, i) => {
        const [table, parent] = [i === depth - 1 ? name : `${name}${i + 1}`, i === 0 ? "r" : `${name}${i}`];
        return `create table ${table} (id integer primary key, up integer references ${parent} on delete cascade);
          insert into ${table} values (1, 1);`;
      });
    const [a, b] = [chain("a", options.aDepth), chain("b", options.bDepth)];
    const chains = options.late ? [...b, ...a] : [...a, ...b];
    await db.exec(`drop schema public cascade; create schema public;
      create table r (id integer primary key); insert into r values (1); ${chains.join("")}
      alter table b add column a integer; update b set a = 1;
      alter table b add foreign key (a) references a ${options.clause};`);
    return db.exec("delete from r").then(
      () => "applied",
      () => "refused",
    );
  };

  test.each([
    ["on delete restrict", 1, 1, ["applied", "applied"], "applies"],
    ["on delete restrict", 2, 1, ["applied", "applied"], "applies"],
    ["on delete no action", 3, 1, ["applied", "applied"], "applies"],
    ["on delete restrict", 1, 2, ["refused", "applied"], "order-dependent"],
    ["on delete no action", 1, 2, ["refused", "applied"], "order-dependent"],
    ["on delete restrict", 1, 3, ["refused", "refused"], "refused"],
    ["on delete no action", 1, 3, ["refused", "refused"], "refused"],
    ["on delete no action deferrable initially deferred", 1, 3, ["applied", "applied"], "applies"],
    ["on delete restrict deferrable initially deferred", 1, 3, ["refused", "refused"], "refused"],
  ])(
    "%s from depth %i to depth %i is judged as the engine does it",
    async (clause, aDepth, bDepth, done, verdict) => {
      const outcomes = [];
      for (const late of [false, true]) outcomes.push(await bareDelete({ aDepth, bDepth, late, clause }));
      expect(outcomes).toEqual(done);
      const model = await engine.readModel({ journal });
      const relation = model.relations.find((r) => r.id === "b(a) -> a(id)") as Relation;
      const byDifference = new Map([[bDepth - aDepth, 1]]);
      expect(engine.innerVerdict({ relation, byDifference, selfReferences: 0 })).toBe(verdict);
    },
  );

  test("a row that references itself goes, and the worst of several differences decides", async () => {
    await db.exec(`create table t (id integer primary key, up integer references t on delete restrict);
      insert into t values (1, 1); delete from t;`);
    expect(await db.rows("select * from t")).toEqual([]);
    const [relation] = (await engine.readModel({ journal })).relations;
    const verdict = (facts: Omit<InnerFacts, "relation">) =>
      engine.innerVerdict({ relation: relation as Relation, ...facts });
    expect(verdict({ byDifference: new Map([[0, 1]]), selfReferences: 1 })).toBe("applies");
    expect(verdict({ byDifference: new Map(), selfReferences: 0 })).toBe("applies");
    const several = new Map([
      [-1, 4],
      [1, 2],
    ]);
    expect(verdict({ byDifference: several, selfReferences: 0 })).toBe("order-dependent");
    expect(verdict({ byDifference: new Map([...several, [2, 1]]), selfReferences: 0 })).toBe("refused");
    expect(verdict({ byDifference: new Map([...several, [2, 0]]), selfReferences: 0 })).toBe(
      "order-dependent",
    );
    const unenforced = { ...(relation as Relation), enforced: false };
    expect(
      engine.innerVerdict({ relation: unenforced, byDifference: new Map([[2, 1]]), selfReferences: 0 }),
    ).toBe("applies");
  });
});

test("a server that is not there is told as unreachable, without the password", async () => {
  const pool = new Pool({ connectionString: "postgres://someone:s3cret@127.0.0.1:1/none" });
  const error = await postgresEngine(fromPool(pool, { owned: true })).catch((e) => e);
  expect(error).toMatchObject({ code: "unreachable", exitCode: 3, details: { engineCode: "ECONNREFUSED" } });
  expect(`${error.message} ${error.hint} ${JSON.stringify(error.details)}`).not.toContain("s3cret");
  expect(error.cause).toBeInstanceOf(Error);
  await pool.end();
});
