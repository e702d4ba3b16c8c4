import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine, Transaction } from "../../../src/dialect/engine.ts";
import { raw, type Sql, sql } from "../../../src/dialect/sql.ts";
import type { OnDeleteError } from "../../../src/error.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, openEngine, postgresVariants, tableIn } from "./open.ts";

const write = { lockTimeoutMs: 1000 };
const setting = async (tx: Transaction, name: string) => {
  const [row] = await tx.rows(sql`select current_setting(${name}::text) as value`);
  return row?.value;
};
const insert = (n: number): Sql => sql`insert into t values (${n}::integer)`;

describe.each(postgresVariants)("a transaction on $name", (variant) => {
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
    const source = tableIn(model, "t");
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

  test("a parameter without a value is no lost connection", async () => {
    const failed = engine.read({ scratch: false }, (tx) => tx.rows(raw("select n from t where n = $1")));
    await expect(failed).rejects.toMatchObject({ code: "engine-error", details: { engineCode: "08P01" } });
    expect(await engine.read({ scratch: false }, (tx) => tx.rows(raw("select 1 as n")))).toEqual([
      { n: "1" },
    ]);
  });

  test("a deadlock and a serialization failure may be tried again, a constraint not", async () => {
    const raising = (state: string) =>
      engine.write(write, (tx) =>
        tx.run(raw(`do $$ begin raise exception 'as told' using errcode = '${state}'; end $$`)),
      );
    for (const engineCode of ["40P01", "40001"]) {
      const error = await raising(engineCode).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "locked", details: { engineCode, retriable: true } });
    }
    const error = await raising("23505").catch((e: unknown) => e);
    expect((error as OnDeleteError).details).not.toHaveProperty("retriable");
  });

  test("refuses statements after its end", async () => {
    const kept = await engine.read({ scratch: false }, async (tx) => tx);
    await expect(kept.rows(sql`select 1`)).rejects.toThrow("after the end of its transaction");
  });
});
