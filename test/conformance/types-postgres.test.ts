import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, open } from "../../src/index.ts";
import { done, key } from "../support/act.ts";
import { type TestDatabase, type Variant, variants } from "../support/databases.ts";
import {
  EQUAL_VALUES,
  MADE_TYPES,
  OPTIONAL_TYPES,
  TYPE_CASES,
  type TypeCase,
  UNWRITABLE_TYPES,
} from "../support/postgres-types.ts";
import { openSession } from "../support/sessions.ts";

/** What a session may have set, and what decides how values are printed and read. */
const STRANGE_SETTINGS = `set intervalstyle = 'sql_standard'; set datestyle = 'SQL, DMY'; set timezone = 'Asia/Kathmandu';
  set bytea_output = 'escape'; set extra_float_digits = -15; set xmloption = 'document'; set array_nulls = off;
  set quote_all_identifiers = on`;

describe.each(variants.filter((v) => v.engine === "postgres" || v.engine === "pglite"))(
  "every type of PostgreSQL on $name",
  (variant) => {
    describe.skipIf(variant.skip !== null)(variant.skip ?? "comes back", () => {
      let db: TestDatabase;
      const cases: TypeCase[] = [...TYPE_CASES];
      const keyed: number[] = [];

      beforeAll(async () => {
        db = await variant.create();
        await db.exec([
          MADE_TYPES,
          "create table root (id integer primary key)",
          "insert into root values (1)",
        ]);
        for (const { setup, cases: more } of OPTIONAL_TYPES) if (await works(db, setup)) cases.push(...more);
        for (const [i, [type, ...values]] of cases.entries()) {
          const columns = `id integer primary key, root integer references root on delete cascade, v ${type}`;
          const rows = [...values, ...(type === "padded_twice" ? [] : ["null"])];
          await db.exec(`create table t${i} (${columns}, gone timestamptz);
            insert into t${i} (id, root, v) values ${rows.map((value, n) => `(${n}, 1, ${value})`).join(", ")};
            create table was${i} as select * from t${i};`);
          // An array can have an index whose elements no operator compares.
          const comparable = await works(db, `select v = v from t${i} where v is not null`);
          if (
            comparable &&
            type !== "padded_twice" &&
            (await works(db, `create table p${i} (${columns} unique)`))
          ) {
            if (await makeKeyed(db, i, [type, ...values])) keyed.push(i);
          }
        }
      }, 180_000);
      afterAll(() => db?.drop());

      /** The types whose values, as the server prints and holds them, are not what they were. */
      const differing = async () => {
        const out: string[] = [];
        for (const [i, [type]] of cases.entries()) {
          const [row] = await db.rows(`select count(*) filter (where t.v::text is not distinct from w.v::text
              and record_image_eq(row(t.v), row(w.v)) and t.gone is null) as same, count(*) as rows
            from was${i} w left join t${i} t using (id)`);
          if (row?.same !== row?.rows) out.push(`${type}: ${row?.same} of ${row?.rows}`);
        }
        for (const i of keyed) {
          const [row] = await db.rows(`select count(*) filter (where n.v::text is not distinct from w.v::text
              and record_image_eq(row(n.v), row(w.v))) as same, count(*) as rows
            from was_n${i} w left join n${i} n using (id)`);
          if (row?.same !== row?.rows)
            out.push(`a key of type ${cases[i]?.[0]}: ${row?.same} of ${row?.rows}`);
        }
        return out;
      };
      const rowsLeft = async () => {
        const texts = cases.map(
          (_, i) => `select * from (select id from t${i} where gone is null limit 1) x${i}`,
        );
        return (await db.rows(texts.join(" union all "))).length;
      };

      const referencesLeft = async () => {
        const texts = keyed.map(
          (i) => `select * from (select id from n${i} where v is not null limit 1) x${i}`,
        );
        return (await db.rows(texts.join(" union all "))).length;
      };

      test("and every built-in type that a column can have is among them", async () => {
        const types = await db.rows(`select format_type(oid, null) as type from pg_type t
          where typnamespace = 'pg_catalog'::regnamespace and typtype not in ('c', 'p')
          and not exists (select 1 from pg_type e where e.typarray = t.oid)`);
        const plain = new Set(cases.map(([type]) => type.replace(/\(.*?\)/, "")));
        const missing = types.flatMap(({ type }) =>
          type == null || plain.has(type) || UNWRITABLE_TYPES.includes(type) ? [] : [type],
        );
        expect(missing).toEqual([]);
      });

      test("after a hard delete, from a session with other settings", async () => {
        expect(keyed.length).toBeGreaterThan(60);
        const operation = await done(await open(db.handle), key("root", "1"));
        expect([await rowsLeft(), await referencesLeft()]).toEqual([0, 0]);
        await inStrangeSession(db, variant, (ondelete) => restored(ondelete, operation));
        expect(await differing()).toEqual([]);
      }, 180_000);

      // PGlite is the same server, and slower.
      test.skipIf(variant.engine === "pglite")(
        "after a hard delete in a session with other settings",
        async () => {
          const operation = await inStrangeSession(db, variant, (ondelete) =>
            done(ondelete, key("root", "1")),
          );
          expect([await rowsLeft(), await referencesLeft()]).toEqual([0, 0]);
          await restored(await open(db.handle), operation);
          expect(await differing()).toEqual([]);
        },
        180_000,
      );

      test("also what names an object that has another name by then", async () => {
        await db.exec(`create table named (id integer primary key); create table other (id integer primary key, root integer references root on delete cascade,
          c regclass, cs regclass[]); insert into other values (1, 1, 'named', '{named,named}')`);
        const oid = "select c::oid::text as c, cs::oid[]::text as cs from other";
        const before = await db.rows(oid);
        const ondelete = await open(db.handle);
        const operation = await done(ondelete, key("other", "1"));
        await db.exec("alter table named rename to renamed; create table named (id integer primary key)");
        await restored(ondelete, operation);
        expect(await db.rows(oid)).toEqual(before);
      });

      test("after a soft delete", async () => {
        const tables = Object.fromEntries(cases.map((_, i) => [`t${i}`, { softDelete: "gone" }]));
        const ondelete = await open(db.handle, { tables });
        const operation = await done(ondelete, key("root", "1"), { soft: true });
        expect(await rowsLeft()).toBe(0);
        await restored(ondelete, operation);
        expect(await differing()).toEqual([]);
      }, 180_000);
    });
  },
);

/**
 * Parents of the type and children that reference them, also by values that are equal and not the same. False where the
 * server's own foreign keys fail (`anyarray = character[]`).
 */
async function makeKeyed(db: TestDatabase, i: number, [type, ...values]: TypeCase): Promise<boolean> {
  await db.exec(
    `create table n${i} (id serial primary key, v ${type} references p${i} (v) on delete set null)`,
  );
  for (const [n, value] of values.entries()) {
    // Long ones have no place in an index.
    if (!(await works(db, `insert into p${i} values (${n}, 1, ${value})`))) continue;
    if (!(await works(db, `insert into n${i} (v) values (${value}), (${value}), (null)`))) {
      await db.exec(`drop table n${i}`);
      return false;
    }
  }
  for (const value of EQUAL_VALUES[type] ?? []) await db.exec(`insert into n${i} (v) values (${value})`);
  await db.exec(`create table was_n${i} as select * from n${i}`);
  return true;
}

const works = (db: TestDatabase, sql: string): Promise<boolean> =>
  db.exec(sql).then(
    () => true,
    () => false,
  );

async function restored(ondelete: Database, operation: string): Promise<void> {
  const { state, conflicts } = await ondelete.restore(operation);
  expect([state, conflicts]).toEqual(["done", []]);
}

async function inStrangeSession<T>(
  db: TestDatabase,
  variant: Variant,
  work: (ondelete: Database) => Promise<T>,
): Promise<T> {
  const session = await openSession(db, variant);
  await session.run(STRANGE_SETTINGS);
  try {
    return await work(await open(session.handle));
  } finally {
    await session.run("reset all");
    await session.end();
  }
}
