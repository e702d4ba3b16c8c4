import { createPool } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { raw, type Sql, sql } from "../../../src/dialect/sql.ts";
import { open } from "../../../src/index.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { mariadb, overConnection, overPool, poolOf } from "./over.ts";

const write = { lockTimeoutMs: 1000 };
const insert = (n: number): Sql => sql`insert into t values (${n})`;

describe.skipIf(mariadb.skip !== null)("connections to MariaDB", () => {
  let db: TestDatabase;

  beforeEach(async () => {
    db = await mariadb.create();
    await db.exec("create table t (n integer primary key); insert into t values (1)");
  });
  afterEach(() => db.drop());

  test("a running statement ends when the signal says so", async () => {
    const engine = await overPool(db);
    const stop = new AbortController();
    const started = Date.now();
    setTimeout(() => stop.abort(), 100);
    const failed = engine.write({ ...write, signal: stop.signal }, async (tx) => {
      await tx.run(insert(2));
      await tx.rows(sql`select sleep(20)`);
    });
    await expect(failed).rejects.toMatchObject({ code: "interrupted" });
    expect(Date.now() - started).toBeLessThan(5000);
    expect(await db.rows("select n from t")).toEqual([{ n: "1" }]);
  });

  test("a pool of one neither hangs nor ends a later statement", async () => {
    const small = createPool({ uri: db.url, connectionLimit: 1 });
    const engine = await overPool(db, small);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const failed = engine.read({ scratch: false, signal: stop.signal }, async (tx) => {
      await tx.rows(sql`select sleep(0.3)`);
      await tx.rows(sql`select 1`);
    });
    await expect(failed).rejects.toMatchObject({ code: "interrupted" });
    const later = engine.read({ scratch: false }, (tx) => tx.rows(sql`select sleep(0.2) as x`));
    expect(await later).toEqual([{ x: "0" }]);
    await small.end();
  });

  test("a lock that is not had in time is told as locked", async () => {
    const engine = await overPool(db);
    const { connection } = await overConnection(db);
    await connection.query("begin; select * from t for update");
    const failed = engine.write({ lockTimeoutMs: 50 }, (tx) => tx.run(sql`delete from t`));
    await expect(failed).rejects.toMatchObject({ code: "locked", details: { engineCode: "1205" } });
    await connection.query("rollback");
  });

  test("a connection that was lost is told as unreachable and not used again", async () => {
    const pool = createPool({ uri: db.url, connectionLimit: 1 });
    onTestFinished(() => pool.end());
    const engine = await overPool(db, pool);
    const failed = engine.write(write, async (tx) => {
      await tx.run(insert(2));
      await tx.rows(raw("kill connection_id()"));
    });
    await expect(failed).rejects.toMatchObject({ exitCode: expect.any(Number) });
    expect(await engine.write(write, (tx) => tx.run(insert(2)))).toBe(1);
  });

  test("settings that an application has made do not change what is read, and stay its own", async () => {
    await db.exec("create table v (id integer primary key, at timestamp null, big bigint)");
    await db.exec(
      `set time_zone = '+00:00'; insert into v values (1, '2024-01-01 12:00:00', 9007199254740993)`,
    );
    const pool = createPool({
      uri: db.url,
      rowsAsArray: true,
      decimalNumbers: true,
      supportBigNumbers: false,
      timezone: "+05:00",
      flags: ["-FOUND_ROWS"],
      connectionLimit: 1,
    });
    onTestFinished(() => pool.end());
    await pool.query(
      "set time_zone = '+09:00', sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT', sql_select_limit = 1",
    );
    const engine = await overPool(db, pool);
    const [row] = await engine.read({ scratch: false }, (tx) =>
      tx.rows(sql`select at, big, 1 + 1 as two from v where id = ${1}`),
    );
    expect(row).toEqual({ at: "2024-01-01 12:00:00", big: "9007199254740993", two: "2" });
    expect(await engine.write(write, (tx) => tx.run(sql`update v set big = big`))).toBe(1);
    const [kept] = (await pool.query("select @@time_zone, @@sql_mode, @@sql_select_limit")) as unknown as [
      unknown[][],
    ];
    expect(kept[0]?.map(String)).toEqual(["+09:00", "PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH", "1"]);
  });

  test("handles with callbacks are taken as those with promises", async () => {
    const { default: mysql } = await import("mysql2");
    const pool = mysql.createPool({ uri: db.url });
    const connection = mysql.createConnection({ uri: db.url });
    for (const handle of [pool, connection])
      expect((await (await open(handle)).inspect()).tables.map((t) => t.id)).toEqual(["t"]);
    await new Promise((resolve) => connection.end(resolve));
    await new Promise((resolve) => pool.end(resolve));
  });

  test.for([
    ["a server that is not there", (url: URL) => Object.assign(url, { port: "1" }), "ECONNREFUSED"],
    [
      "a database that is not there",
      (url: URL) => Object.assign(url, { pathname: "/ondelete_no_such" }),
      "Unknown database",
    ],
    [
      "a user that is not there",
      (url: URL) => Object.assign(url, { username: "ondelete_nobody", password: "x1secret" }),
      "denied",
    ],
  ] as const)("%s is told as unreachable, without a password", async ([, change, says]) => {
    const url = change(new URL(db.url));
    const error = await open(url.href).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "unreachable", exitCode: 3, message: expect.stringContaining(says) });
    expect(String((error as Error).message)).not.toContain("x1secret");
  });

  test("a pool that was ended is told as unreachable", async () => {
    const pool = createPool({ uri: db.url });
    const engine = await overPool(db, pool);
    await pool.end();
    await expect(engine.read({ scratch: false }, (tx) => tx.rows(sql`select 1`))).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(await (await overPool(db, poolOf(db))).info.name).toBe("mariadb");
  });
});
