import type { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { type Database, type OnDeleteError, open, type Target } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump, objects } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const made = (...sql: readonly string[]): Schema => ({ tables: {}, fks: [], rows: {}, sql });

const SHOP = made(`create table customers (id integer primary key, name varchar(20));
  create table items (shop integer, no integer, customer integer references customers (id) on delete cascade, primary key (shop, no));
  insert into customers values (1, 'Ada'), (2, 'Bob'); insert into items values (1, 1, 1), (1, 2, 2);`);
const SHOP_ROWS = { customers: ["1|Ada", "2|Bob"], items: ["1|1|1", "1|2|2"] };

const columns = (table: string, values: Record<string, string>): Target => ({
  table,
  select: { kind: "columns", values },
});

/** What is asked for, and what the answer must name. */
const WRONG: readonly {
  readonly title: string;
  readonly target: Target;
  readonly code: string;
  readonly says: readonly string[];
}[] = [
  {
    title: "a table misspelt",
    target: key("custmers", "1"),
    code: "unknown-table",
    says: ["custmers", "mean customers?"],
  },
  {
    title: "a table unlike any",
    target: key("zzzzzz", "1"),
    code: "unknown-table",
    says: ["zzzzzz", "customers, items"],
  },
  {
    title: "a column misspelt",
    target: columns("customers", { nmae: "Ada" }),
    code: "unknown-column",
    says: ["nmae", "mean name?"],
  },
  {
    title: "a column unlike any",
    target: columns("items", { zzzz: "1" }),
    code: "unknown-column",
    says: ["zzzz", "shop, no, customer"],
  },
  {
    title: "too few key values",
    target: key("items", "1"),
    code: "bad-key",
    says: ["(shop, no)", "2 values", "1 was given", "shop=… no=…"],
  },
  {
    title: "too many key values",
    target: key("customers", "1", "2"),
    code: "bad-key",
    says: ["(id)", "1 value", "2 were given"],
  },
  { title: "no key value", target: key("customers"), code: "bad-key", says: ["(id)", "0 were given"] },
  ...[
    "",
    "id =",
    "nope = 1",
    "id = 1;",
    "id = 1; delete from items",
    "id in (select id from nope)",
    "id = 1 /* open",
  ].map((sql) => ({
    title: `condition: ${sql}`,
    target: where("customers", sql),
    code: "bad-condition",
    says: ["customers"],
  })),
];

const INNER =
  made(`create table r (id integer primary key); create table a (id integer primary key, r integer references r (id) on delete cascade);
  create table b (id integer primary key, r integer references r (id) on delete cascade, a integer references a (id) on delete restrict);
  insert into r values (1); insert into a values (1, 1); insert into b values (1, 1, 1);`);

const DIAMOND = made(`create table r (id integer primary key);
  create table a (id integer primary key, r integer references r (id) on delete cascade);
  create table b (id integer primary key, a integer references a (id) on delete cascade);
  create table c (id integer primary key, r integer references r (id) on delete cascade, a integer references a (id) on delete cascade, b integer references b (id) on delete cascade);
  insert into r values (1), (2); insert into a values (1, 1); insert into b values (1, 1); insert into c values (1, 1, 1, 1), (2, 2, null, null);`);

/** Tables that reference each other, which plans follow through scratch tables. */
const CYCLE: Schema = {
  tables: { a: { id: PK, b: INT }, b: { id: PK, a: INT }, n: { id: PK, a: INT } },
  fks: [
    "a(b) -> b(id) on delete cascade",
    "b(a) -> a(id) on delete cascade",
    "n(a) -> a(id) on delete set null",
  ],
  rows: {
    a: [
      [1, 1],
      [2, null],
      [3, null],
    ],
    b: [
      [1, 2],
      [2, 3],
    ],
    n: [[1, 1]],
  },
};

/** Makes boom() a condition that holds until it was asked `limit` times in one transaction, and fails then. */
async function boomAfter(db: TestDatabase, variant: Variant, limit: number): Promise<void> {
  if (variant.engine === "mariadb")
    // No two limits are tried on one count, and a session's variable outlives its transaction.
    return db.exec(`create or replace function boom() returns boolean begin set @calls_${limit} = coalesce(@calls_${limit}, 0) + 1;
      if @calls_${limit} > ${limit} then signal sqlstate '45000' set message_text = 'boom'; end if; return true; end`);
  if (variant.engine !== "sqlite")
    return db.exec(`create or replace function boom() returns boolean language plpgsql volatile as $$ begin
      perform set_config('test.calls', (coalesce(nullif(current_setting('test.calls', true), ''), '0')::integer + 1)::text, true);
      if current_setting('test.calls')::integer > ${limit} then raise exception 'boom'; end if; return true; end $$`);
  let calls = 0;
  (db.handle as DatabaseSync).function("boom", () => {
    calls += 1;
    if (calls > limit) throw new Error("boom");
    return 1;
  });
}

/** ondelete where the foreign key of items is not enforced, on engines where that is a session's setting in one of its own. */
async function withoutEnforcement(db: TestDatabase, variant: Variant): Promise<Database> {
  if (variant.engine === "mariadb") {
    const session = await openSession(db, variant);
    await session.run("set foreign_key_checks = 0");
    return open(session.handle);
  }
  await db.exec(
    variant.engine === "sqlite" ? "pragma foreign_keys = off" : "alter table customers disable trigger all",
  );
  return open(db.handle);
}

const text = (error: OnDeleteError): string => `${error.message} ${error.hint}`;

describe("what is asked for", () => {
  eachVariant((variant, fresh) => {
    const sqlite = variant.engine === "sqlite";

    test.for(WRONG)("$title is answered by what is wrong", async ({ target, code, says }) => {
      const { db, ondelete } = await prepare(variant, fresh, SHOP);
      for (const work of [() => ondelete.plan(target), () => ondelete.delete(target)]) {
        const error = await failure(work());
        expect([error.code, error.exitCode]).toEqual([code, 2]);
        for (const part of says) expect(text(error)).toContain(part);
      }
      expect(await dump(db, variant)).toEqual(SHOP_ROWS);
    });

    test("a key that is no value of its type selects nothing, in words", async () => {
      const { ondelete } = await prepare(variant, fresh, SHOP);
      const error = await failure(ondelete.plan(key("customers", "12abc")));
      expect(error.code).toBe(sqlite ? "not-found" : "bad-key");
      expect(text(error)).toContain("customers");
    });

    test("a condition may end in a comment", async () => {
      const { ondelete } = await prepare(variant, fresh, SHOP);
      expect((await ondelete.plan(where("customers", "id = 1 -- one"))).totals.deleted).toBe(2);
    });

    test("an unknown operation", async () => {
      const { ondelete } = await prepare(variant, fresh, SHOP);
      await done(ondelete, key("customers", "1"));
      const id = "20240101-000000-abcde";
      const { status, planRestore, restore } = ondelete;
      for (const verb of [status, planRestore, restore]) {
        const error = await failure(verb(id));
        expect([error.code, error.exitCode]).toEqual(["unknown-operation", 1]);
        expect(text(error)).toContain(id);
      }
    });

    test("strict blocks on RESTRICT between rows that go together", async () => {
      const { db, ondelete } = await prepare(variant, fresh, INNER);
      const before = await dump(db, variant);
      const free = await ondelete.plan(key("r", "1"));
      expect([free.verdict, free.blockers]).toEqual(["allowed", []]);
      expect(free.inner).toEqual([{ relation: "b(a) -> a(id)", rows: 1 }]);
      const strict = await ondelete.plan(key("r", "1"), { strict: true });
      expect([strict.verdict, strict.strict]).toEqual(["blocked", true]);
      expect((await ondelete.delete(key("r", "1"), { strict: true })).state).toBe("blocked");
      expect(await dump(db, variant)).toEqual(before);
      expect((await ondelete.delete(key("r", "1"))).deleted).toEqual({ r: 1, a: 1, b: 1 });
    });

    test("why shows every path of a diamond, shortest first", async () => {
      const { ondelete } = await prepare(variant, fresh, DIAMOND);
      const step = (table: string, relation = "") => ({ relation, table, key: { id: "1" } });
      const why = (id: string) => ondelete.why(key("r", "1"), { table: "c", key: { id } });
      expect(await why("1")).toEqual([
        [step("r"), step("c", "c(r) -> r(id)")],
        [step("r"), step("a", "a(r) -> r(id)"), step("c", "c(a) -> a(id)")],
        [step("r"), step("a", "a(r) -> r(id)"), step("b", "b(a) -> a(id)"), step("c", "c(b) -> b(id)")],
      ]);
      expect(await why("2")).toEqual([]);
    });

    test("doctor looks at all that a delete depends on", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SHOP);
      const states = async (database: Database) =>
        Object.fromEntries((await database.doctor()).map((d) => [d.subject, d.state]));
      const well = {
        connection: "ok",
        model: "ok",
        enforcement: "ok",
        keys: "ok",
        journal: "ok",
        privileges: "ok",
        "row-level security": "ok",
      };
      expect(await states(ondelete)).toEqual(well);
      expect((await ondelete.doctor())[4]?.message).toContain("no journal yet");
      await done(ondelete, key("customers", "1"));
      expect((await ondelete.doctor())[4]?.message).toMatch(/^The journal is in/);
      await db.exec("create table loose (x integer)");
      const unenforced = await withoutEnforcement(db, variant);
      expect(await states(unenforced)).toEqual({ ...well, enforcement: "warning", keys: "warning" });
      const [, , enforcement, keys] = await unenforced.doctor();
      expect(enforcement?.message).toContain("items(customer) -> customers(id)");
      expect(keys?.message).toContain("loose");
    });

    test("a plan that fails in the middle leaves nothing behind", async () => {
      const { db, ondelete } = await prepare(variant, fresh, CYCLE);
      await boomAfter(db, variant, 0);
      const [rows, before] = [await dump(db, variant), await objects(db, variant)];
      const outcome = () => ondelete.plan(where("a", "boom()")).catch((error: unknown) => error);
      let failures = 0;
      for (let ended = await outcome(); ended instanceof Error; ended = await outcome()) {
        expect([ended.name, ended.message]).toEqual(["OnDeleteError", expect.stringContaining("boom")]);
        expect([await dump(db, variant), await objects(db, variant)]).toEqual([rows, before]);
        failures += 1;
        await boomAfter(db, variant, failures);
      }
      expect(failures).toBeGreaterThan(3); // the three rows of a are asked more than once
      expect((await ondelete.plan(where("a", "boom() or true"))).totals.deleted).toBe(5);
      expect([await dump(db, variant), await objects(db, variant)]).toEqual([rows, before]);
    });
  });
});
