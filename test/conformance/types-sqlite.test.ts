import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { done, key } from "../support/act.ts";
import type { TestDatabase } from "../support/databases.ts";
import { LITERALS, NO_UNICODE } from "../support/sqlite-values.ts";
import { eachVariant } from "../support/stages.ts";

/** Type of the column and options of the table. */
const TABLES: readonly (readonly [string, string])[] = [
  ...[
    "integer",
    "int",
    "real",
    "double",
    "numeric",
    "decimal(10, 5)",
    "boolean",
    "text",
    "blob",
    "any",
    "",
  ].map((type) => [type, ""] as const),
  ["varchar(20) collate nocase", ""],
  ["text collate rtrim", "without rowid"],
  ["", "without rowid"],
  ...["int", "integer", "real", "text", "blob", "any"].map((type) => [type, "strict"] as const),
  ["any", "strict, without rowid"],
];

const VALUES = [
  ...LITERALS,
  ...NO_UNICODE,
  "printf('%.*c', 1000000, 'x')",
  "zeroblob(1000000)",
  "char(1, 127, 128, 55295, 57344, 65533)",
  "'a' || char(769)",
];

/** Each stored value's storage class and bytes, where the sign of zero shows. */
const EXACT = [
  "typeof(v)",
  "hex(v)",
  "quote(v)",
  "case typeof(v) when 'real' then atan2(v, -1) end",
  "twice",
];

eachVariant(
  (_, fresh) => {
    const made = async () => {
      const db = await fresh();
      await db.exec(["create table root (id integer primary key)", "insert into root values (1)"]);
      for (const [i, [type, options]] of TABLES.entries()) {
        const parent = "root integer default 1 references root (id) on delete cascade";
        const columns = `id integer primary key, v ${type}, twice text as (quote(v)) stored, length integer as (length(v)), ${parent}`;
        await db.exec(`create table t${i} (${columns}, gone text) ${options}`);
        await db.exec(`create table p${i} (id integer primary key, v ${type} unique, ${parent}) ${options}`);
        await db.exec(`create table n${i} (id integer primary key, v ${type} references p${i} (v) on delete set null,
          twice text as (quote(v)) stored) ${options}`);
        for (const [n, value] of VALUES.entries()) {
          // A STRICT table refuses what is of another type, an index what it holds already.
          if (!(await works(db, `insert into t${i} (id, v) values (${n}, ${value})`))) continue;
          if (await works(db, `insert into p${i} (id, v) values (${n}, ${value})`))
            await db.exec(`insert into n${i} (id, v) values (${2 * n}, ${value}), (${2 * n + 1}, null)`);
        }
      }
      return db;
    };
    const stored = async (db: TestDatabase) => {
      const out: Record<string, unknown> = {};
      for (const [i, [type, options]] of TABLES.entries())
        for (const table of [`t${i}`, `n${i}`])
          out[`${table} ${type} ${options}`] = await db.rows(
            `select id, ${EXACT.join(", ")} from ${table} order by id`,
          );
      return out;
    };
    const count = async (db: TestDatabase, text: (i: number) => string) =>
      (await db.rows(TABLES.map((_, i) => `select * from (${text(i)} limit 1)`).join(" union all "))).length;

    test("every storage class in every kind of column comes back after a hard delete", async () => {
      const db = await made();
      const before = await stored(db);
      expect(await count(db, (i) => `select id from t${i}`)).toBe(TABLES.length);
      expect(await count(db, (i) => `select id from n${i} where v is not null`)).toBe(TABLES.length);
      const ondelete = await open(db.handle);
      const operation = await done(ondelete, key("root", "1"));
      expect(await count(db, (i) => `select id from t${i}`)).toBe(0);
      expect(await count(db, (i) => `select id from n${i} where v is not null`)).toBe(0);
      const { state, conflicts } = await ondelete.restore(operation);
      expect([state, conflicts]).toEqual(["done", []]);
      expect(await stored(db)).toEqual(before);
    }, 180_000);

    test("and after a soft delete", async () => {
      const db = await made();
      const before = await stored(db);
      const tables = Object.fromEntries(TABLES.map((_, i) => [`t${i}`, { softDelete: "gone" }]));
      const ondelete = await open(db.handle, { tables });
      const operation = await done(ondelete, key("root", "1"), { soft: true });
      expect(await count(db, (i) => `select id from t${i} where gone is null`)).toBe(0);
      expect((await ondelete.restore(operation)).state).toBe("done");
      expect(await count(db, (i) => `select id from t${i} where gone is not null`)).toBe(0);
      expect(await stored(db)).toEqual(before);
    }, 180_000);
  },
  { engines: ["sqlite"], because: "the types of the others have suites of their own" },
);

const works = (db: TestDatabase, sql: string): Promise<boolean> =>
  db.exec(sql).then(
    () => true,
    () => false,
  );
