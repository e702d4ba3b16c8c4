import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, Transaction } from "../../../src/dialect/engine.ts";
import { raw, type Sql, sql } from "../../../src/dialect/sql.ts";
import type { OnDeleteError } from "../../../src/error.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, tableIn } from "./open.ts";
import { firstValue, mariadb, overConnection, overPool } from "./over.ts";

const write = { lockTimeoutMs: 1000 };
const insert = (n: number): Sql => sql`insert into t values (${n})`;
const setting = async (tx: Transaction, name: string) =>
  (await tx.rows(raw(`select @@${name} as value`)))[0]?.value;

describe.skipIf(mariadb.skip !== null)("a transaction on MariaDB", () => {
  let db: TestDatabase;
  let engine: Engine;
  const numbers = async () => (await db.rows("select n from t order by n")).map((row) => row.n);

  beforeEach(async () => {
    db = await mariadb.create();
    await db.exec(
      "create table t (n integer primary key); create table c (n integer, foreign key (n) references t (n))",
    );
    engine = await overPool(db);
  });
  afterEach(() => db.drop());

  const scratchOf = async (name: string) => {
    const source = tableIn(await engine.readModel({ journal }), "t");
    return engine.syntax.createScratch({ name, source, columns: ["n"], key: ["n"] });
  };

  test("reads on one snapshot, read-only, and says so", async () => {
    const seen = await engine.read({ scratch: false }, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([true, false]);
      expect(await setting(tx, "time_zone")).toBe("+00:00");
      await db.exec("insert into t values (5)");
      return tx.rows(sql`select count(*) as n from t`);
    });
    expect(seen).toEqual([{ n: "0" }]);
    const failed = engine.read({ scratch: false }, (tx) => tx.run(insert(1)));
    await expect(failed).rejects.toMatchObject({ code: "read-only", details: { engineCode: "1792" } });
  });

  test("fills scratch tables from the snapshot, and takes a read with them back altogether", async () => {
    const create = await scratchOf("keys");
    for (let i = 0; i < 2; i += 1) {
      const found = await engine.read({ scratch: true }, async (tx) => {
        for (const statement of create) await tx.run(statement);
        const into = engine.syntax.scratch("keys");
        await db.exec(`insert into t values (${10 + i})`);
        const select = sql`select n, 0 as ${sql.id("ondelete:depth")} from t`;
        await tx.run(engine.syntax.fillScratch(into, ["n", "ondelete:depth"], select, tx.snapshot));
        const rows = await tx.rows(sql`select n from ${into}`);
        await tx.run(insert(7));
        return rows.map((row) => row.n);
      });
      expect(found).toEqual(i === 0 ? [] : ["10"]);
    }
    expect(await numbers()).toEqual(["10", "11"]);
  });

  test("commits what a write did, and counts the rows of each statement, those left as they are too", async () => {
    const counts = await engine.write(write, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([false, false]);
      expect(await setting(tx, "innodb_lock_wait_timeout")).toBe("1");
      return [
        await tx.run(sql`insert into t values (1), (2), (3), (4)`),
        await tx.run(sql`update t set n = n where n > 1`),
        await tx.run(sql`delete from t where n > 2`),
        await tx.run(sql`select * from t`),
      ];
    });
    expect(counts).toEqual([4, 3, 2, 0]);
    expect(await numbers()).toEqual(["1", "2"]);
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
      details: { engineCode: "1062" },
    });
    expect(await numbers()).toEqual([]);
  });

  test("names the constraint that stands against a statement, whichever way the session quotes", async () => {
    for (const mode of ["", "ANSI_QUOTES"]) {
      const { connection, engine: joined } = await overConnection(db);
      await connection.query(`set session sql_mode = '${mode}'`);
      const failed = joined.write(write, (tx) => tx.run(sql`insert into c values (5)`));
      await expect(failed).rejects.toMatchObject({
        code: "constraint-violated",
        details: { engineCode: "1452", table: "c", constraint: "c_ibfk_1" },
      });
    }
  });

  test("never runs two statements in one, where the application has not allowed it", async () => {
    const { createPool } = await import("mysql2/promise");
    const pool = createPool({ uri: db.url });
    const alone = await overPool(db, pool);
    const failed = alone.write(write, (tx) => tx.rows(raw("select 1; drop table c")));
    await expect(failed).rejects.toMatchObject({ code: "engine-error", details: { engineCode: "1064" } });
    expect(await db.rows("show tables like 'c'")).toHaveLength(1);
    await pool.end();
  });

  test("gives every value as text", async () => {
    const rows = await engine.read({ scratch: false }, (tx) =>
      tx.rows(sql`select 9007199254740993 as big, date '2024-01-02' as day, true as yes, null as none,
        cast('{"a": 1}' as char) as doc, 1.50 as number, ${10n} as large, ${"it's"} as said, hex(${new Uint8Array([0, 255])}) as sent`),
    );
    expect(rows).toEqual([
      {
        big: "9007199254740993",
        day: "2024-01-02",
        yes: "1",
        none: null,
        doc: '{"a": 1}',
        number: "1.50",
        large: "10",
        said: "it's",
        sent: "00FF",
      },
    ]);
  });

  test("runs calls that come at the same time one after another or apart, never mixed", async () => {
    const { engine: single } = await overConnection(db);
    for (const [from, each] of [
      [0, engine],
      [10, single],
    ] as const) {
      const one = async (n: number) =>
        each.write(write, async (tx) => {
          await tx.run(insert(from + n));
          await tx.rows(sql`select 1`);
          if (n % 2 === 0) throw new Error("even");
        });
      const results = await Promise.allSettled([1, 2, 3, 4, 5].map(one));
      expect(results.map((r) => r.status === "fulfilled")).toEqual([true, false, true, false, true]);
    }
    expect(await numbers()).toEqual(["1", "3", "5", "11", "13", "15"]);
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

  test("a deadlock may be tried again, a constraint not", async () => {
    const raising = (engineCode: number) =>
      engine.write(write, (tx) =>
        tx.run(raw(`signal sqlstate '45000' set mysql_errno = ${engineCode}, message_text = 'as told'`)),
      );
    const deadlock = await raising(1213).catch((e: unknown) => e);
    expect(deadlock).toMatchObject({ code: "locked", details: { engineCode: "1213", retriable: true } });
    const error = await raising(1062).catch((e: unknown) => e);
    expect((error as OnDeleteError).details).not.toHaveProperty("retriable");
  });

  test("refuses statements after its end", async () => {
    const kept = await engine.read({ scratch: false }, async (tx) => tx);
    await expect(kept.rows(sql`select 1`)).rejects.toThrow("after the end of its transaction");
  });

  test("joins the caller's transaction and leaves its fate, its settings and its temporary tables to the caller", async () => {
    const create = await scratchOf("keys");
    const { connection, engine: joined } = await overConnection(db);
    await connection.query(
      "set session time_zone = '+09:00', sql_mode = 'ANSI_QUOTES', innodb_lock_wait_timeout = 33",
    );
    await connection.query("create temporary table kept (n integer)");
    await connection.query("begin");
    await connection.query("insert into t values (1)");
    await joined.write(write, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([false, true]);
      expect(await setting(tx, "time_zone")).toBe("+00:00");
      for (const statement of create) await tx.run(statement);
      await tx.run(insert(2));
    });
    const failed = joined.write(write, async (tx) => {
      await tx.run(insert(3));
      await tx.run(insert(3));
    });
    await expect(failed).rejects.toMatchObject({ code: "constraint-violated" });
    await joined.read({ scratch: true }, async (tx) => {
      expect([tx.snapshot, tx.joined]).toEqual([true, true]);
      await tx.run(insert(4));
    });
    expect(
      await firstValue(
        connection,
        "select concat(@@time_zone, ' ', @@sql_mode, ' ', @@innodb_lock_wait_timeout)",
      ),
    ).toBe("+09:00 ANSI_QUOTES 33");
    expect(await firstValue(connection, "select count(*) from kept")).toBe("0");
    await expect(connection.query("select 1 from `keys`")).rejects.toMatchObject({ errno: 1146 });
    expect(await numbers()).toEqual([]);
    await connection.query("commit");
    expect(await numbers()).toEqual(["1", "2"]);
  });
});
