import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, Transaction } from "../../../src/dialect/engine.ts";
import { fromClient, fromPglite } from "../../../src/dialect/postgres/connection.ts";
import type { PgDriver } from "../../../src/dialect/postgres/driver.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import { type Sql, sql } from "../../../src/dialect/sql.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, openEngine, postgresVariants, tableIn } from "./open.ts";

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

describe.each(postgresVariants)("a transaction of the caller's on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;
  const numbers = async () => (await db.rows("select n from t order by n")).map((row) => row.n);

  beforeEach(async () => {
    db = await variant.create();
    await db.exec("create table t (n integer primary key)");
    engine = await openEngine(variant, db);
  });
  afterEach(async () => {
    await db.drop();
  });

  test("joins the caller's transaction and leaves its fate and its settings to the caller", async () => {
    const model = await engine.readModel({ journal });
    const caller = await callersTransaction(db, variant.engine);
    await caller.query("set local timezone = 'Asia/Tokyo'");
    await caller.query("insert into t values (1)");
    const joined = await postgresEngine(caller.driver);
    const source = tableIn(model, "t");
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

  test("drops the scratch tables that it made, and no table of the caller's", async () => {
    const source = tableIn(await engine.readModel({ journal }), "t");
    const caller = await callersTransaction(db, variant.engine);
    await caller.query(`create temporary table alike (n integer, "ondelete:depth" integer)`);
    const joined = await postgresEngine(caller.driver);
    await joined.write(write, async (tx) => {
      for (const name of ["odd name", "keys"]) {
        const scratch = { name, source, columns: ["n"], key: ["n"] };
        for (const statement of joined.syntax.createScratch(scratch)) await tx.run(statement);
      }
      await tx.run(sql`create temporary table kept (n integer)`);
      await tx.run(sql`drop table pg_temp.keys`);
    });
    const left = await caller.value(`select string_agg(relname, ',' order by relname)
      from pg_class where relnamespace = pg_my_temp_schema() and relkind = 'r'`);
    expect(left).toBe("alike,kept");
    await caller.end("rollback");
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
