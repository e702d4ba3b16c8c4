import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, Transaction } from "../../../src/dialect/engine.ts";
import { fromClient, fromPglite, fromPool } from "../../../src/dialect/postgres/connection.ts";
import type { PgDriver } from "../../../src/dialect/postgres/driver.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import { raw, type Sql, sql } from "../../../src/dialect/sql.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, openEngine, postgresVariants } from "./open.ts";

const write = { lockTimeoutMs: 1000 };
const setting = async (tx: Transaction, name: string) => {
  const [row] = await tx.rows(sql`select current_setting(${name}::text) as value`);
  return row?.value;
};
const insert = (n: number): Sql => sql`insert into t values (${n}::integer)`;

/** A transaction of the caller's: how to speak in it, and the driver that joins it. */
interface Callers {
  query(text: string): Promise<unknown>;
  value(text: string): Promise<unknown>;
  readonly driver: PgDriver;
  end(how: "commit" | "rollback"): Promise<void>;
}

async function callersTransaction(db: TestDatabase, engine: string, begin = "begin"): Promise<Callers> {
  if (engine === "pglite") {
    const handle = db.handle as PGlite;
    await handle.exec(begin);
    return {
      query: (text) => handle.query(text),
      value: async (text) =>
        Object.values((await handle.query<Record<string, unknown>>(text)).rows[0] ?? {})[0],
      driver: fromPglite(handle, { owned: false }),
      end: async (how) => void (await handle.exec(how)),
    };
  }
  const client = await (db.handle as Pool).connect();
  await client.query(begin);
  return {
    query: (text) => client.query(text),
    value: async (text) => Object.values((await client.query(text)).rows[0])[0],
    driver: fromClient(client),
    end: async (how) => {
      await client.query(how);
      client.release();
    },
  };
}

describe.each(postgresVariants.filter((v) => !v.skip))("a transaction on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;
  const numbers = async () => (await db.rows("select n from t order by n")).map((row) => row.n);

  beforeEach(async () => {
    db = await variant.create();
    await db.exec(`create table t (n integer primary key);
      create table c (n integer references t deferrable initially deferred);`);
    engine = await openEngine(variant, db);
  });
  afterEach(async () => {
    await db.drop();
  });

  test("reads on one snapshot, read-only, and says so", async () => {
    await engine.read({ scratch: false }, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([true, false]);
      expect(await setting(tx, "transaction_isolation")).toBe("repeatable read");
      expect(await setting(tx, "row_security")).toBe("off");
      expect(await setting(tx, "timezone")).toBe("UTC");
    });
    const failed = engine.read({ scratch: false }, (tx) => tx.run(insert(1)));
    await expect(failed).rejects.toMatchObject({ code: "read-only", details: { engineCode: "25006" } });
  });

  test("takes a read with scratch tables back altogether", async () => {
    const model = await engine.readModel({ journal });
    const source = model.tables.find((table) => table.id === "t");
    if (!source) throw new Error("no table t");
    const scratch = { name: "keys", source, columns: ["n"], key: ["n"] };
    for (let i = 0; i < 2; i += 1) {
      await engine.read({ scratch: true }, async (tx) => {
        for (const statement of engine.syntax.createScratch(scratch)) await tx.run(statement);
        expect(await tx.run(sql`insert into ${engine.syntax.scratch("keys")} values (1, 0), (2, 1)`)).toBe(2);
        await tx.run(insert(7));
      });
    }
    expect(await numbers()).toEqual([]);
    expect(await db.rows("select relname from pg_class where relname = 'keys'")).toEqual([]);
  });

  test("commits what a write did, and counts the rows of each statement", async () => {
    const counts = await engine.write(write, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([false, false]);
      const inserted = await tx.run(sql`insert into t select generate_series(1, 4)`);
      const deleted = await tx.run(
        sql`with d as (delete from t where n = 1 returning n) delete from t where n > 2`,
      );
      return [inserted, deleted, await tx.run(sql`select * from t`)];
    });
    expect(counts).toEqual([4, 2, 0]);
    expect(await numbers()).toEqual(["2"]);
  });

  test("takes everything back when the work throws, and passes its error on", async () => {
    const failed = engine.write(write, async (tx) => {
      await tx.run(insert(1));
      throw new RangeError("not today");
    });
    await expect(failed).rejects.toThrow(new RangeError("not today"));
    expect(await numbers()).toEqual([]);
  });

  test("fails as a whole when a statement failed, even where the work went on", async () => {
    const failed = engine.write(write, async (tx) => {
      await tx.run(insert(1));
      await tx.run(insert(1)).catch(() => {});
      return "fine";
    });
    await expect(failed).rejects.toMatchObject({
      code: "constraint-violated",
      details: { engineCode: "23505", table: "t", constraint: "t_pkey" },
    });
    expect(await numbers()).toEqual([]);
  });

  test("fails where a deferred constraint stands against the commit", async () => {
    const failed = engine.write(write, (tx) => tx.run(sql`insert into c values (5)`));
    await expect(failed).rejects.toMatchObject({
      code: "constraint-violated",
      details: { engineCode: "23503", table: "c", constraint: "c_n_fkey" },
    });
    expect(await engine.write(write, (tx) => tx.run(insert(1)))).toBe(1);
  });

  test("never runs two statements in one", async () => {
    const failed = engine.write(write, (tx) => tx.rows(raw("select 1; drop table c")));
    await expect(failed).rejects.toMatchObject({ code: "engine-error", details: { engineCode: "42601" } });
    expect(await db.rows("select to_regclass('c')::text as c")).toEqual([{ c: "c" }]);
  });

  test("gives every value as the text of the server", async () => {
    const rows = await engine.read({ scratch: false }, (tx) =>
      tx.rows(sql`select 9007199254740993 as big, date '2024-01-02' as day, true as yes, null::integer as none,
        '{1,2}'::integer[] as list, '{"a": 1}'::jsonb as doc, '\\x00ff'::bytea as bytes, 1.50 as number,
        ${new Uint8Array([0, 255])}::bytea as sent, ${10n}::bigint as large`),
    );
    expect(rows).toEqual([
      {
        big: "9007199254740993",
        day: "2024-01-02",
        yes: "t",
        none: null,
        list: "{1,2}",
        doc: '{"a": 1}',
        bytes: "\\x00ff",
        number: "1.50",
        sent: "\\x00ff",
        large: "10",
      },
    ]);
  });

  test("runs calls that come at the same time one after another or apart, never mixed", async () => {
    const one = async (n: number) =>
      engine.write(write, async (tx) => {
        await tx.run(insert(n));
        await tx.rows(sql`select 1`);
        if (n % 2 === 0) throw new Error("even");
      });
    const results = await Promise.allSettled([1, 2, 3, 4, 5].map(one));
    expect(results.map((r) => r.status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await numbers()).toEqual(["1", "3", "5"]);
  });

  test("does nothing after it was aborted", async () => {
    const stop = new AbortController();
    const failed = engine.write({ ...write, signal: stop.signal }, async (tx) => {
      await tx.run(insert(1));
      stop.abort();
      await tx.run(insert(2));
    });
    await expect(failed).rejects.toMatchObject({ code: "interrupted", exitCode: 4 });
    const late = engine.write({ ...write, signal: stop.signal }, (tx) => tx.run(insert(3)));
    await expect(late).rejects.toMatchObject({ code: "interrupted" });
    expect(await numbers()).toEqual([]);
  });

  test("refuses statements after its end", async () => {
    const kept = await engine.read({ scratch: false }, async (tx) => tx);
    await expect(kept.rows(sql`select 1`)).rejects.toThrow("after the end of its transaction");
  });

  test("joins the caller's transaction and leaves its fate and its settings to the caller", async () => {
    const model = await engine.readModel({ journal });
    const caller = await callersTransaction(db, variant.engine);
    await caller.query("set local timezone = 'Asia/Tokyo'");
    await caller.query("insert into t values (1)");
    const joined = await postgresEngine(caller.driver);
    const source = model.tables.find((table) => table.id === "t");
    if (!source) throw new Error("no table t");
    await joined.write(write, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([false, true]);
      expect(await setting(tx, "lock_timeout")).toBe("1s");
      expect(await setting(tx, "timezone")).toBe("UTC");
      const scratch = { name: "keys", source, columns: ["n"], key: ["n"] };
      for (const statement of joined.syntax.createScratch(scratch)) await tx.run(statement);
      await tx.run(insert(2));
    });
    const failed = joined.write(write, async (tx) => {
      await tx.run(insert(3));
      await tx.run(insert(3));
    });
    await expect(failed).rejects.toMatchObject({ code: "constraint-violated" });
    await joined.read({ scratch: false }, async (tx) => {
      expect(await tx.rows(sql`select count(*) as n from t`)).toEqual([{ n: "2" }]);
    });
    const refused = joined.read({ scratch: false }, (tx) => tx.run(insert(4)));
    await expect(refused).rejects.toMatchObject({ code: "read-only" });
    expect(await caller.value("show timezone")).toBe("Asia/Tokyo");
    expect(await caller.value("show lock_timeout")).toBe("0");
    expect(await caller.value("show row_security")).toBe("on");
    expect(await caller.value("show transaction_read_only")).toBe("off");
    expect(await caller.value("select count(*)::text from pg_class where relname = 'keys'")).toBe("0");
    await caller.end("commit");
    expect(await numbers()).toEqual(["1", "2"]);
  });

  test("loses what it did in the caller's transaction with that transaction", async () => {
    const caller = await callersTransaction(db, variant.engine, "begin isolation level repeatable read");
    const joined = await postgresEngine(caller.driver);
    await joined.write(write, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([true, true]);
      await tx.run(insert(1));
    });
    await caller.end("rollback");
    expect(await numbers()).toEqual([]);
  });
});

const pglite = postgresVariants.find((v) => v.engine === "pglite");
const postgres = postgresVariants.find((v) => v.engine === "postgres");

test.runIf(pglite)("the transaction object of PGlite is joined", async () => {
  const db = await (pglite as NonNullable<typeof pglite>).create();
  const handle = db.handle as PGlite;
  await db.exec("create table t (n integer primary key)");
  await handle.transaction(async (callers) => {
    const joined = await postgresEngine(fromPglite(callers, { owned: false }), { variant: "pglite" });
    expect(await joined.write(write, async (tx) => [tx.joined, await tx.run(insert(1))])).toEqual([true, 1]);
  });
  expect(await db.rows("select n from t")).toEqual([{ n: "1" }]);
  await db.drop();
});

describe.skipIf(postgres?.skip !== null)("on a server", () => {
  let db: TestDatabase;
  let pool: Pool;

  beforeEach(async () => {
    db = await (postgres as NonNullable<typeof postgres>).create();
    pool = db.handle as Pool;
    await db.exec("create table t (n integer primary key); insert into t values (1)");
  });
  afterEach(async () => {
    await db.drop();
  });

  test("a running statement ends when the signal says so", async () => {
    const engine = await postgresEngine(fromPool(pool, { owned: false }));
    const stop = new AbortController();
    const started = Date.now();
    setTimeout(() => stop.abort(), 100);
    const failed = engine.write({ ...write, signal: stop.signal }, async (tx) => {
      await tx.run(insert(2));
      await tx.rows(sql`select pg_sleep(20)`);
    });
    await expect(failed).rejects.toMatchObject({ code: "interrupted" });
    expect(Date.now() - started).toBeLessThan(5000);
    expect(await db.rows("select n from t")).toEqual([{ n: "1" }]);
    expect(pool.idleCount).toBe(pool.totalCount);
  });

  test("a pool of one neither hangs nor cancels a later statement", async () => {
    const small = new (pool.constructor as typeof Pool)({ connectionString: db.url, max: 1 });
    const engine = await postgresEngine(fromPool(small, { owned: true }));
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const failed = engine.read({ scratch: false, signal: stop.signal }, async (tx) => {
      await tx.rows(sql`select pg_sleep(0.3)`);
      await tx.rows(sql`select 1`);
    });
    await expect(failed).rejects.toMatchObject({ code: "interrupted" });
    expect(
      await engine.read({ scratch: false }, (tx) => tx.rows(sql`select pg_sleep(0.2)::text as x`)),
    ).toEqual([{ x: "" }]);
    await engine.close();
    expect(small.ended).toBe(true);
  });

  test("a lock that is not had in time is told as locked", async () => {
    const engine = await postgresEngine(fromPool(pool, { owned: false }));
    const other = await pool.connect();
    await other.query("begin; select * from t for update");
    const failed = engine.write({ lockTimeoutMs: 50 }, (tx) => tx.run(sql`delete from t`));
    await expect(failed).rejects.toMatchObject({ code: "locked", details: { engineCode: "55P03" } });
    await other.query("rollback");
    other.release();
  });

  test("a connection that was lost is told as unreachable and not used again", async () => {
    const engine = await postgresEngine(fromPool(pool, { owned: false }));
    const failed = engine.write(write, async (tx) => {
      await tx.run(insert(2));
      await tx.rows(sql`select pg_terminate_backend(pg_backend_pid())`);
    });
    await expect(failed).rejects.toMatchObject({ code: "unreachable", exitCode: 3 });
    expect(await engine.write(write, (tx) => tx.run(insert(2)))).toBe(1);
  });

  test("a client outside a transaction gets one of ours, also without getTransactionStatus", async () => {
    const client = await pool.connect();
    const bare = { query: client.query.bind(client) as never };
    for (const [n, like] of [
      [2, client],
      [3, bare],
    ] as const) {
      const engine = await postgresEngine(fromClient(like));
      const failed = engine.write(write, async (tx) => {
        await tx.run(insert(n));
        throw new Error("back");
      });
      await expect(failed).rejects.toThrow("back");
      expect(await engine.write(write, async (tx) => [tx.joined, await tx.run(insert(n))])).toEqual([
        false,
        1,
      ]);
    }
    client.release();
    expect(await db.rows("select n from t order by n")).toEqual([{ n: "1" }, { n: "2" }, { n: "3" }]);
  });

  test("an operation joins a client's transaction without getTransactionStatus", async () => {
    const client = await pool.connect();
    await client.query("begin");
    const engine = await postgresEngine(fromClient({ query: client.query.bind(client) as never }));
    expect(await engine.write(write, async (tx) => [tx.joined, await tx.run(insert(9))])).toEqual([true, 1]);
    await client.query("rollback");
    client.release();
    expect(await db.rows("select n from t")).toEqual([{ n: "1" }]);
  });
});
