import { describe, expect, test } from "vitest";
import { done, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: {
    top: { id: PK },
    p: { id: PK, top: INT, code: "varchar(10) unique" },
    c: { id: PK, p: INT },
    n: { id: PK, p: INT },
  },
  fks: [
    "p(top) -> top(id) on delete cascade",
    "c(p) -> p(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
  ],
  rows: {
    top: [[1]],
    p: [
      [1, 1, "x"],
      [2, 1, "y"],
    ],
    c: [
      [1, 1],
      [2, 2],
    ],
    n: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  },
};

interface Case {
  readonly title: string;
  /** What happens between the delete of p 1 and its restore. */
  readonly meanwhile: readonly string[];
  /** Kind, table, rows, sample, object. */
  readonly conflicts: readonly (readonly unknown[])[];
}

const CASES: readonly Case[] = [
  {
    title: "a key is taken",
    meanwhile: ["insert into c values (1, 2)"],
    conflicts: [["key-taken", "c", 1, [{ id: "1" }], "id"]],
  },
  {
    title: "a unique value is taken",
    meanwhile: ["insert into p values (7, null, 'x')"],
    conflicts: [["unique-taken", "p", 1, [{ id: "1" }], expect.any(String)]],
  },
  {
    title: "the parent is gone",
    meanwhile: ["delete from top where id = 1"],
    conflicts: [["parent-gone", "p", 1, [{ id: "1" }], "p(top) -> top(id)"]],
  },
  {
    title: "a row that lost its reference was given another since",
    meanwhile: ["update n set p = 2 where id = 2"],
    conflicts: [["edited", "n", 1, [{ id: "2" }], "n(p) -> p(id)"]],
  },
  {
    title: "a row that lost its reference was deleted since",
    meanwhile: ["delete from n where id = 1"],
    conflicts: [["row-gone", "n", 1, [{ id: "1" }], "n(p) -> p(id)"]],
  },
  {
    title: "a column was dropped",
    meanwhile: [
      "alter table c add column note integer",
      "alter table c drop column note",
      "alter table c rename column p to parent",
    ],
    conflicts: [["schema-changed", "c", 1, [], "p"]],
  },
  {
    title: "a column that must have a value was added",
    meanwhile: [
      "delete from c",
      "drop table c",
      "create table c (id integer primary key, p integer references p (id) on delete cascade, must integer not null)",
    ],
    conflicts: [["schema-changed", "c", 1, [], "must"]],
  },
  {
    title: "a table was dropped",
    meanwhile: ["drop table c"],
    conflicts: [["schema-changed", "c", 1, [], null]],
  },
  {
    title: "several things at once are all told",
    meanwhile: [
      "insert into c values (1, 2)",
      "update n set p = 2 where id = 2",
      "delete from n where id = 1",
    ],
    conflicts: [
      ["edited", "n", 1, [{ id: "2" }], "n(p) -> p(id)"],
      ["key-taken", "c", 1, [{ id: "1" }], "id"],
      ["row-gone", "n", 1, [{ id: "1" }], "n(p) -> p(id)"],
    ],
  },
];

describe("a restore that meets conflicts lists all of them and writes nothing", () => {
  eachVariant((variant, fresh) => {
    test.for(CASES)("$title", async ({ meanwhile, conflicts }) => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const operation = await done(ondelete, key("p", "1"));
      await db.exec(meanwhile);
      const before = await dump(db, variant);
      const planned = await ondelete.planRestore(operation);
      const found = planned.conflicts.map((c) => [c.kind, c.table, c.rows, c.sample, c.object]);
      expect(found.sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(conflicts);
      expect(planned.state).toBe("blocked");
      const restored = await ondelete.restore(operation);
      expect(restored.state).toBe("blocked");
      expect(restored.conflicts).toEqual(planned.conflicts);
      expect(await dump(db, variant)).toEqual(before);
      expect((await ondelete.status(operation)).operations[0]?.state).toBe("done");
    });

    test("a unique value that is computed from the archived ones", async () => {
      const { db, ondelete } = await prepare(variant, fresh, {
        tables: { t: { id: PK, x: INT, twice: "integer generated always as (x * 2) stored unique" } },
        fks: [],
        rows: {},
        sql: ["insert into t (id, x) values (1, 5)"],
      });
      const operation = await done(ondelete, key("t", "1"));
      await db.exec(["insert into t (id, x) values (2, 5)"]);
      const { state, conflicts } = await ondelete.restore(operation);
      expect([state, conflicts.map((c) => [c.kind, c.table, c.rows, c.sample])]).toEqual([
        "blocked",
        [["unique-taken", "t", 1, [{ id: "1" }]]],
      ]);
    });
  });
});
