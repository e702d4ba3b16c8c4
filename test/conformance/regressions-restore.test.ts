import { describe, expect, test } from "vitest";
import { type Config, open, type ReferentialAction } from "../../src/index.ts";
import { done, key, prepare } from "../support/act.ts";
import { dump, type Reader } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import type { Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

/** A table's rows, also of one whose name begins as those of ondelete's own do. */
const rowsOf = async (db: Reader, table: string): Promise<readonly string[]> =>
  (await db.rows(`select * from ${table} order by 1`)).map((row) =>
    Object.values(row)
      .map((value) => value ?? "∅")
      .join("|"),
  );

interface Case {
  readonly title: string;
  readonly sql: string;
  readonly config?: Config;
  readonly root: readonly [string, string];
  /** All rows after the delete; a restore then brings back what was there before. */
  readonly after: Readonly<Record<string, readonly string[]>>;
  readonly updated: Readonly<Record<string, number>>;
  /** Why MariaDB cannot have it. */
  readonly notMariadb?: string;
}

const REFUSED = "MariaDB refuses a NOT NULL column that follows a nullable one by ON UPDATE CASCADE";
const RESTRICTED = "MariaDB stores SET DEFAULT as RESTRICT";

const gone = (onUpdate: ReferentialAction): Case => ({
  title: `ON UPDATE ${onUpdate.toUpperCase()} in a row that goes`,
  ...(onUpdate === "cascade" ? { notMariadb: REFUSED } : {}),
  sql: `create table r (id integer primary key);
    create table c (id integer primary key, x integer unique references r (id) on delete set null);
    create table d (id integer primary key, r integer references r (id) on delete cascade, cx integer${onUpdate === "cascade" ? " not null" : ""} references c (x) on update ${onUpdate});
    insert into r values (1), (2); insert into c values (5, 1), (6, 2); insert into d values (9, 1, 1), (10, 2, 2);`,
  root: ["r", "1"],
  after: { r: ["2"], c: ["5|∅", "6|2"], d: ["10|2|2"] },
  updated: { c: 1 },
});

const policySetNull = (parent: string): NonNullable<Config["relations"]>[number] => ({
  child: "c",
  columns: ["x"],
  parent,
  parentColumns: ["k"],
  onDelete: "set null",
});

const CASES: readonly Case[] = [
  gone("no action"),
  gone("restrict"),
  gone("cascade"),
  gone("set null"),
  {
    title: "a key of a row that goes, on a default",
    notMariadb: RESTRICTED,
    sql: `create table r (id integer primary key);
      create table c (id integer primary key, x integer default 0 unique references r (id) on delete set default);
      create table d (cx integer primary key references c (x) on update cascade, r integer references r (id) on delete cascade);
      insert into r values (0), (1); insert into c values (5, 1); insert into d values (1, 1);`,
    root: ["r", "1"],
    after: { r: ["0"], c: ["5|0"], d: [] },
    updated: { c: 1 },
  },
  {
    title: "nulled by its parent and by a spread",
    sql: `create table root (id integer primary key);
      create table q (k integer primary key, root integer references root (id) on delete cascade);
      create table c (id integer primary key, x integer unique references q (k) on delete set null);
      create table e (id integer primary key, x integer unique,
        foreign key (x) references q (k) on delete set null, foreign key (x) references c (x) on update cascade);
      create table g (id integer primary key, x integer references e (x) on update cascade);
      insert into root values (1); insert into q values (1, 1), (2, 1); insert into c values (10, 1), (11, 2);
      insert into e values (20, 1), (21, 2); insert into g values (30, 1), (31, 2);`,
    root: ["root", "1"],
    after: { root: [], q: [], c: ["10|∅", "11|∅"], e: ["20|∅", "21|∅"], g: ["30|∅", "31|∅"] },
    updated: { c: 2, e: 2, g: 2 },
  },
  {
    title: "two configured parents of one column",
    sql: `create table root (id integer primary key);
      create table q1 (k integer primary key, root integer references root (id) on delete cascade);
      create table q2 (k integer primary key, root integer references root (id) on delete cascade);
      create table c (id integer primary key, x integer unique);
      create table g (id integer primary key, x integer references c (x) on update cascade);
      insert into root values (1); insert into q1 values (1, 1); insert into q2 values (2, 1);
      insert into c values (10, 1), (11, 2); insert into g values (30, 1), (31, 2);`,
    config: { relations: [policySetNull("q1"), policySetNull("q2")] },
    root: ["root", "1"],
    after: { root: [], q1: [], q2: [], c: ["10|∅", "11|∅"], g: ["30|∅", "31|∅"] },
    updated: { c: 2, g: 2 },
  },
  {
    title: "composite keys share a nulled column",
    sql: `create table root (id integer primary key);
      create table q1 (k integer, t integer, root integer references root (id) on delete cascade, primary key (k, t));
      create table q2 (k integer, t integer, root integer references root (id) on delete cascade, primary key (k, t));
      create table c (id integer primary key, x integer unique, t1 integer, t2 integer,
        foreign key (x, t1) references q1 (k, t) on delete set null, foreign key (x, t2) references q2 (k, t) on delete set null);
      create table g (id integer primary key, x integer references c (x) on update cascade);
      insert into root values (1); insert into q1 values (1, 1, 1); insert into q2 values (2, 1, 1);
      insert into c values (10, 1, 1, null), (11, 2, null, 1); insert into g values (30, 1), (31, 2);`,
    root: ["root", "1"],
    after: { root: [], q1: [], q2: [], c: ["10|∅|∅|∅", "11|∅|∅|∅"], g: ["30|∅", "31|∅"] },
    updated: { c: 2, g: 2 },
  },
  {
    title: "null and default on one column",
    notMariadb: RESTRICTED,
    sql: `create table z (id integer primary key);
      create table a (id integer primary key, z integer references z (id) on delete cascade);
      create table b (x integer, y integer, z integer references z (id) on delete cascade, primary key (x, y));
      create table c (id integer primary key, x integer default 0, y integer,
        foreign key (x) references a (id) on delete set default, foreign key (x, y) references b (x, y) on delete set null);
      insert into z values (1); insert into a values (0, null), (1, 1); insert into b values (1, 2, 1);
      insert into c values (1, 1, 2);`,
    root: ["z", "1"],
    after: { z: [], a: ["0|∅"], b: [], c: ["1|∅|∅"] },
    updated: { c: 1 },
  },
  {
    title: "rows that lose several references",
    sql: `create table p (id integer primary key);
      create table c (id integer primary key, a integer references p (id) on delete set null, b integer references p (id) on delete set null);
      insert into p values (1), (2);
      insert into c values (1, 1, null), (2, 1, 2), (3, null, 1), (4, 1, 1), (5, 2, 2);`,
    root: ["p", "1"],
    after: { p: ["2"], c: ["1|∅|∅", "2|∅|2", "3|∅|∅", "4|∅|∅", "5|2|2"] },
    updated: { c: 4 },
  },
  {
    title: "polymorphic text beside a number key",
    sql: `create table person (id integer primary key);
      create table award (id integer primary key, object_type varchar(10), object_id varchar(10));
      insert into person values (1), (2);
      insert into award values (1, 'person', '1'), (2, 'person', '2'), (3, 'other', '1'), (4, 'person', 'junk'), (5, 'person', null);`,
    config: {
      relations: [
        {
          child: "award",
          columns: ["object_id"],
          parent: "person",
          parentColumns: ["id"],
          onDelete: "cascade",
          when: { column: "object_type", values: ["person"] },
        },
      ],
    },
    root: ["person", "1"],
    after: { person: ["2"], award: ["2|person|2", "3|other|1", "4|person|junk", "5|person|∅"] },
    updated: {},
  },
];

const OWN_PREFIX = [
  {
    action: "set null",
    after: { ondelete_s: ["1|∅", "2|∅", "3|2"], ondelete_u: ["1|∅", "2|∅", "3|2"] },
  },
  { action: "cascade", after: { ondelete_s: ["3|2"], ondelete_u: ["3|2"] } },
];

describe("restores that were wrong once", () => {
  eachVariant((variant, fresh) => {
    test.for(CASES)("go and come back: $title", async (story, { skip }) => {
      const { sql, config, root, after, updated, notMariadb } = story;
      skip(variant.engine === "mariadb" && notMariadb !== undefined, notMariadb);
      const { db, ondelete } = await prepare(variant, fresh, made(sql), config);
      const before = await dump(db, variant);
      const plan = await ondelete.plan(key(...root));
      expect([plan.verdict, plan.blockers]).toEqual(["allowed", []]);
      const total = Object.values(updated).reduce((sum, n) => sum + n, 0);
      expect(plan.totals.updated).toBe(total);
      const outcome = await ondelete.delete(plan);
      expect(outcome).toMatchObject({ state: "done", updated });
      expect(await dump(db, variant)).toEqual(after);
      const restored = await ondelete.restore(outcome.operation ?? "");
      expect([restored.state, restored.conflicts, restored.updates]).toEqual(["done", [], updated]);
      expect(await dump(db, variant)).toEqual(before);
      expect((await ondelete.delete(key(...root))).deleted).toEqual(outcome.deleted);
    });

    test("a table of the user's whose name begins as ondelete's own do", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        made(`create table p (id integer primary key);
            create table ondelete_audit (id integer primary key, p integer references p (id) on delete cascade);
            insert into p values (1), (2); insert into ondelete_audit values (1, 1), (2, 2);`),
      );
      const plan = await ondelete.plan(key("p", "1"));
      expect(plan.deletes.map((d) => [d.table, d.rows])).toEqual([
        ["p", 1],
        ["ondelete_audit", 1],
      ]);
      const operation = await done(ondelete, plan);
      expect(await rowsOf(db, "ondelete_audit")).toEqual(["2|2"]);
      const again = await open(db.handle);
      expect((await again.inspect()).tables.map((t) => t.id)).toEqual(["ondelete_audit", "p"]);
      expect((await again.restore(operation)).inserts).toEqual({ p: 1, ondelete_audit: 1 });
      expect(await rowsOf(db, "ondelete_audit")).toEqual(["1|1", "2|2"]);
      expect(await rowsOf(db, "p")).toEqual(["1", "2"]);
    });

    test.for(OWN_PREFIX)("tables named as ondelete's own aliases, $action", async ({ action, after }) => {
      const names = ["ondelete_s", "ondelete_u"] as const;
      const tables = names.map(
        (
          name,
        ) => `create table ${name} (id integer primary key, a integer references p (id) on delete ${action});
            insert into ${name} values (1, 1), (2, 1), (3, 2);`,
      );
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        made(`create table p (id integer primary key); insert into p values (1), (2); ${tables.join("\n")}`),
      );
      const operation = await done(ondelete, key("p", "1"));
      for (const name of names) expect(await rowsOf(db, name)).toEqual(after[name as keyof typeof after]);
      expect((await ondelete.restore(operation)).state).toBe("done");
      for (const name of names) expect(await rowsOf(db, name)).toEqual(["1|1", "2|1", "3|2"]);
    });
  });
});
