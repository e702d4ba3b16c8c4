import type { Pool } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromPool, type MyPoolLike } from "../../../src/dialect/mysql/connection.ts";
import { mysqlEngine } from "../../../src/dialect/mysql/engine.ts";
import { id, sql } from "../../../src/dialect/sql.ts";
import { open } from "../../../src/index.ts";
import { columnOf, type Table } from "../../../src/model/table.ts";
import { type TestDatabase, variants } from "../../support/databases.ts";
import { journal } from "./open.ts";

/** A type, and values of it as SQL. */
type Case = readonly [type: string, ...values: readonly string[]];

const TEXTS = [
  "''",
  "'it''s \"q\"'",
  "'a\\\\b\\\\\\\\'",
  "'\\n\\t\\0'",
  "'NULL'",
  "' a '",
  "'[\"a\"]'",
  "'%_'",
];

const CASES: readonly Case[] = [
  ["tinyint", "-128", "127"],
  ["tinyint unsigned", "0", "255"],
  ["boolean", "true", "false"],
  ["smallint", "-32768", "32767"],
  ["mediumint unsigned", "16777215"],
  ["int", "-2147483648", "0"],
  ["int(5) unsigned zerofill", "7", "4294967295"],
  ["bigint", "-9223372036854775808", "9007199254740993"],
  ["bigint unsigned", "18446744073709551615", "9223372036854775808", "0"],
  ["decimal(65,30)", "12345678901234567890123456789012345.123456789012345678901234567891", "-0.5"],
  ["decimal(10,2)", "1.50", "-99999999.99"],
  ["decimal(20,0) unsigned", "18446744073709551616"],
  ["float", "0.1", "-0", "1e-40", "3.4028234e38", "16777217"],
  ["double", "0.1", "-0", "5e-324", "1.7976931348623157e308", "0.1 + 0.2"],
  ["float(7,3)", "1234.567"],
  ["bit(1)", "b'0'", "b'1'"],
  ["bit(64)", "b'1000000000000000000000000000000000000000000000000000000000000001'", "0"],
  ["char(5)", "'ab'", "''", "'é日😀'"],
  ["char(5) character set latin1", "'é'", "'ab'"],
  ["varchar(40)", ...TEXTS, "'ab  '", "'😀 é'"],
  ["varchar(40) character set latin1", ...TEXTS, "'ÿ€'"],
  ["varchar(40) character set utf8mb3 collate utf8mb3_bin", "'日本'"],
  ["varchar(40) character set ucs2", "'日本'"],
  ["tinytext", ...TEXTS],
  ["text", ...TEXTS, "repeat('é', 30000)"],
  ["longtext", "repeat('x😀', 100000)"],
  ["binary(4)", "'ab'", "x'00ff'", "''"],
  ["varbinary(8)", "''", "x'00ff5c27'", "x'20'", "x'0020'"],
  ["tinyblob", "''", "x'ff00'"],
  ["blob", "x'000102035c2227ff'", "repeat(x'00', 60000)"],
  ["longblob", "repeat(x'fe', 100000)"],
  ["enum('so so', '', 'a,b', 'it''s')", "'so so'", "''", "'a,b'", "'it''s'"],
  ["set('x', 'y z', 'it''s')", "''", "'x,it''s'", "'y z'"],
  ["json", `'{"b": 1,   "a":2, "a": 3}'`, "'null'", `'"\\\\u00e9"'`, "'[]'"],
  ["date", "'2024-02-29'", "'0000-00-00'", "'2024-00-00'", "'2024-02-31'", "'9999-12-31'"],
  ["time", "'838:59:59'", "'-838:59:59'", "'00:00:00'"],
  ["time(6)", "'12:34:56.789012'", "'-00:00:00.000001'"],
  ["datetime", "'2024-01-01 12:34:56'", "'0000-00-00 00:00:00'"],
  ["datetime(6)", "'2024-01-01 12:34:56.123456'", "'1000-01-01 00:00:00.000001'"],
  ["timestamp(6) null", "'2024-01-01 12:34:56.123456'", "'1970-01-01 00:00:01'", "0"],
  ["timestamp null", "'2024-03-31 02:30:00'", "'2024-10-27 01:30:00'"],
  ["year", "1901", "2155", "0"],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"],
  ["inet6", "'::1'", "'2001:db8::ff00:42:8329'"],
  ["inet4", "'10.0.0.1'"],
  ["point", "point(1.5, -0.25)"],
  ["geometry", "st_geomfromtext('LINESTRING(0 0, 1 1, 2 3)', 4326)", "point(1e-20, 1e20)"],
  ["polygon", "st_geomfromtext('POLYGON((0 0, 1 1, 1 0, 0 0))')"],
];

const mariadb = variants.find((v) => v.engine === "mariadb");
const skip = mariadb?.skip ?? null;

describe.skipIf(skip !== null)(`every type on MariaDB${skip === null ? "" : ` (${skip})`}`, () => {
  let db: TestDatabase;
  let tables: ReadonlyMap<string, Table>;
  const opened = () => mysqlEngine(fromPool(db.handle as object as MyPoolLike, { owned: false }));
  const name = (i: number) => `t${i}`;

  beforeAll(async () => {
    if (!mariadb) throw new Error("no variant");
    db = await mariadb.create();
    const pool = db.handle as Pool;
    // What the server once took, in a session that takes it.
    const session = await pool.getConnection();
    await session.query(
      "set session sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'",
    );
    await session.query("create table root (id integer primary key); insert into root values (1)");
    for (const [i, [type, ...values]] of CASES.entries()) {
      for (const table of [name(i), `typed${i}`])
        await session.query(
          `create table ${table} (id integer primary key, root integer default 1, v ${type}, foreign key (root) references root (id) on delete cascade)`,
        );
      const rows = [...values, "null"].map((value, n) => `(${n}, ${value})`);
      await session.query(`insert into ${name(i)} (id, v) values ${rows.join(", ")}`);
    }
    session.destroy();
    tables = new Map((await (await opened()).readModel({ journal })).tables.map((t) => [t.name, t]));
  });
  afterAll(() => db?.drop());

  /** Every value as the server has it: its bytes, and what it prints. */
  const stored = async (i: number, table = name(i)) => {
    const [type] = CASES[i] ?? [""];
    const prints = type.startsWith("float") ? "cast(cast(v as double) as char)" : "cast(v as char)";
    const printed = /^(point|polygon|geometry)$/.test(type) ? "st_astext(v)" : prints;
    return db.rows(
      `select id, hex(v) as bytes, length(v) as size, ${printed} as printed from ${table} order by id`,
    );
  };

  test("comes back from the text that went through the process", async () => {
    const { syntax, write } = await opened();
    for (const [i, [type]] of CASES.entries()) {
      const column = columnOf(tables.get(name(i)) as Table, "v");
      await write({ lockTimeoutMs: 1000 }, async (tx) => {
        const rows = await tx.rows(sql`select id, ${syntax.text(id("v"), column)} as v from ${id(name(i))}`);
        for (const { id: key, v } of rows) {
          const value = v === null ? sql`null` : syntax.value(v as string, column);
          await tx.run(sql`insert into ${id(`typed${i}`)} (id, v) values (${key}, ${value})`);
        }
      });
      expect([type, await stored(i, `typed${i}`)]).toEqual([type, await stored(i)]);
    }
  });

  test("comes back from an archive after a delete", async () => {
    const before = new Map<string, unknown>();
    for (const [i, [type]] of CASES.entries()) before.set(type, await stored(i));
    const ondelete = await open(db.handle);
    const outcome = await ondelete.delete({ table: "root", select: { kind: "key", values: ["1"] } });
    expect(outcome.state).toBe("done");
    for (const i of CASES.keys()) expect(await stored(i)).toEqual([]);
    expect((await ondelete.restore(outcome.operation ?? "")).state).toBe("done");
    for (const [i, [type]] of CASES.entries())
      expect([type, await stored(i)]).toEqual([type, before.get(type)]);
  });

  test("is found again by a key of that type", async () => {
    const { syntax, read } = await opened();
    for (const [i, [type]] of CASES.entries()) {
      const column = columnOf(tables.get(name(i)) as Table, "v");
      const texts = await read({ scratch: false }, (tx) =>
        tx.rows(sql`select id, ${syntax.text(id("v"), column)} as v from ${id(name(i))} where v is not null`),
      );
      for (const { id: key, v } of texts) {
        const found = await read({ scratch: false }, (tx) =>
          tx.rows(sql`select id from ${id(name(i))} where v = ${syntax.value(v as string, column)}`),
        );
        expect([type, v?.slice(0, 50), found.map((row) => row.id)]).toEqual([
          type,
          v?.slice(0, 50),
          expect.arrayContaining([key]),
        ]);
      }
    }
  });
});
