import type { Pool } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, open } from "../../src/index.ts";
import { done, key } from "../support/act.ts";
import { type TestDatabase, variants } from "../support/databases.ts";
import { BYTES_AS_TEXT, TYPE_CASES } from "../support/mariadb-types.ts";

const CASES = [...TYPE_CASES, ...BYTES_AS_TEXT];

/** What a session may have set, and what decides how values are printed and read. */
const STRANGE_SETTINGS = `set session time_zone = '+05:45', sql_mode = 'NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,NO_ZERO_DATE,NO_ZERO_IN_DATE,STRICT_ALL_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT,REAL_AS_FLOAT,TIME_ROUND_FRACTIONAL',
  character_set_results = latin1, collation_connection = latin1_german2_ci, div_precision_increment = 0, group_concat_max_len = 4`;

const mariadb = variants.find((v) => v.engine === "mariadb");
const skip = mariadb?.skip ?? null;

describe.skipIf(skip !== null)(`every type of MariaDB${skip === null ? "" : ` (${skip})`} comes back`, () => {
  let db: TestDatabase;
  const keyed: number[] = [];
  const before = new Map<string, unknown>();

  beforeAll(async () => {
    if (!mariadb) throw new Error("no variant");
    db = await mariadb.create();
    // What the server once took, in a session that takes it.
    const session = await (db.handle as Pool).getConnection();
    const works = (sql: string) =>
      session.query(sql).then(
        () => true,
        () => false,
      );
    await session.query(
      "set session sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'; create table root (id integer primary key); insert into root values (1)",
    );
    const parent = "root integer default 1, foreign key (root) references root (id) on delete cascade";
    for (const [i, [type, ...values]] of CASES.entries()) {
      await session.query(
        `create table t${i} (id integer primary key, v ${type}, gone datetime(6), ${parent})`,
      );
      const rows = [...values, "null"].map((value, n) => `(${n}, ${value})`);
      await session.query(`insert into t${i} (id, v) values ${rows.join(", ")}`);
      const made =
        (await works(`create table p${i} (id integer primary key, v ${type}, ${parent}, unique (v))`)) &&
        (await works(
          `create table n${i} (id integer primary key auto_increment, v ${type}, foreign key (v) references p${i} (v) on delete set null)`,
        ));
      if (!made) continue;
      keyed.push(i);
      for (const [n, value] of values.entries()) {
        if (!(await works(`insert into p${i} (id, v) values (${n}, ${value})`))) continue;
        await session.query(`insert into n${i} (v) values (${value}), (null)`);
      }
    }
    session.destroy();
    for (const table of tables()) before.set(table, await stored(table));
  }, 180_000);
  afterAll(() => db?.drop());

  const tables = () => [...CASES.map((_, i) => `t${i}`), ...keyed.map((i) => `n${i}`)];

  /** Every value as the server has it: its bytes, and what it prints. */
  const stored = async (table: string) => {
    const [type = ""] = CASES[Number(table.slice(1))] ?? [];
    const exact = type.startsWith("float") ? "cast(cast(v as double) as char)" : "cast(v as char)";
    const printed = /point|polygon|geometry|linestring/.test(type) ? "st_astext(v)" : exact;
    return db.rows(
      `select id, md5(hex(v)) as bytes, length(v) as size, left(${printed}, 100) as printed from ${table} order by id`,
    );
  };
  const unchanged = async () => {
    for (const table of tables())
      expect([CASES[Number(table.slice(1))]?.[0], await stored(table)]).toEqual([
        CASES[Number(table.slice(1))]?.[0],
        before.get(table),
      ]);
  };
  const left = async () => {
    const live = CASES.map((_, i) => `(select id from t${i} where gone is null limit 1)`);
    const references = keyed.map((i) => `(select id from n${i} where v is not null limit 1)`);
    return [live, references].map(async (texts) => (await db.rows(texts.join(" union all "))).length);
  };
  const restored = async (ondelete: Database, operation: string) => {
    const { state, conflicts } = await ondelete.restore(operation);
    expect([state, conflicts]).toEqual(["done", []]);
  };
  const inStrangeSession = async <T>(work: (ondelete: Database) => Promise<T>): Promise<T> => {
    const session = await (db.handle as Pool).getConnection();
    await session.query(STRANGE_SETTINGS);
    return work(await open(session)).finally(() => session.destroy());
  };

  test("after a hard delete, from a session with other settings", async () => {
    expect(keyed.length).toBeGreaterThan(60);
    const operation = await done(await open(db.handle), key("root", "1"));
    expect(await Promise.all(await left())).toEqual([0, 0]);
    await inStrangeSession((ondelete) => restored(ondelete, operation));
    await unchanged();
  }, 180_000);

  test("after a hard delete in a session with other settings", async () => {
    const operation = await inStrangeSession((ondelete) => done(ondelete, key("root", "1")));
    expect(await Promise.all(await left())).toEqual([0, 0]);
    await restored(await open(db.handle), operation);
    await unchanged();
  }, 180_000);

  test("after a soft delete", async () => {
    const marked = Object.fromEntries(CASES.map((_, i) => [`t${i}`, { softDelete: "gone" }]));
    const ondelete = await open(db.handle, { tables: marked });
    const operation = await done(ondelete, key("root", "1"), { soft: true });
    expect((await Promise.all(await left()))[0]).toBe(0);
    await restored(ondelete, operation);
    await unchanged();
  }, 180_000);
});
