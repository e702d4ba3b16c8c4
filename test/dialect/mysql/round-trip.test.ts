import type { Pool } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromPool, type MyPoolLike } from "../../../src/dialect/mysql/connection.ts";
import { mysqlEngine } from "../../../src/dialect/mysql/engine.ts";
import { id, sql } from "../../../src/dialect/sql.ts";
import { columnOf, type Table } from "../../../src/model/table.ts";
import { type TestDatabase, variants } from "../../support/databases.ts";
import { TYPE_CASES as CASES } from "../../support/mariadb-types.ts";
import { journal } from "./open.ts";

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
    const printed = /^(point|polygon|geometry|linestring|multi.*|geometrycollection)$/.test(type)
      ? "st_astext(v)"
      : prints;
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
