import type { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fromClient, fromPool } from "../../../src/dialect/postgres/connection.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import { type Sql, sql } from "../../../src/dialect/sql.ts";
import type { TestDatabase, Variant } from "../../support/databases.ts";
import { journal, postgresVariants } from "./open.ts";

const write = { lockTimeoutMs: 1000 };
const insert = (n: number): Sql => sql`insert into t values (${n}::integer)`;

const server = postgresVariants.find((variant) => variant.engine === "postgres");

describe.skipIf(!server)("connections to a server", () => {
  let db: TestDatabase;
  let pool: Pool;

  beforeEach(async () => {
    db = await (server as Variant).create();
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

  test("a session that is read-only by default still plans with scratch tables, and refuses writes", async () => {
    const options = "-c default_transaction_read_only=on";
    const guarded = new (pool.constructor as typeof Pool)({ connectionString: db.url, options });
    const engine = await postgresEngine(fromPool(guarded, { owned: true }));
    const source = (await engine.readModel({ journal })).tables[0];
    if (!source) throw new Error("no table");
    const rows = await engine.read({ scratch: true }, async (tx) => {
      const scratch = { name: "keys", source, columns: ["n"], key: ["n"] };
      for (const statement of engine.syntax.createScratch(scratch)) await tx.run(statement);
      await tx.run(sql`insert into ${engine.syntax.scratch("keys")} select n, 0 from t`);
      return tx.rows(sql`select n, "ondelete:depth" as depth from ${engine.syntax.scratch("keys")}`);
    });
    expect(rows).toEqual([{ n: "1", depth: "0" }]);
    const failed = engine.write(write, (tx) => tx.run(insert(2)));
    await expect(failed).rejects.toMatchObject({ code: "read-only", exitCode: 3 });
    await engine.close();
  });

  test("rows that a plan reads stay on its snapshot while others write", async () => {
    const engine = await postgresEngine(fromPool(pool, { owned: false }));
    const count = sql`select count(*) as n from t`;
    const seen = await engine.read({ scratch: false }, async (tx) => {
      const before = await tx.rows(count);
      await db.exec("insert into t values (5)");
      return [before, await tx.rows(count)];
    });
    expect(seen).toEqual([[{ n: "1" }], [{ n: "1" }]]);
  });
});
