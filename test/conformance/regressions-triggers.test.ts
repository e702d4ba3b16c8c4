import { describe, expect, test } from "vitest";
import { OnDeleteError } from "../../src/index.ts";
import { key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import type { Schema } from "../support/story.ts";

/** A cycle of keys that must not be null, so that SQLite can only delete it with its own actions suspended. */
const CYCLE: Schema = {
  tables: {},
  fks: [],
  rows: {},
  sql: [
    `create table r (id integer primary key);
     create table a (id integer primary key, r integer references r on delete cascade, b integer not null references b on delete set null);
     create table b (id integer primary key, r integer references r on delete cascade, a integer not null references a on delete set null);
     create table x (id integer primary key, tag integer);
     create table y (id integer primary key, x integer references x on delete cascade);
     insert into r values (1); insert into a values (1, 1, 1); insert into b values (1, 1, 1);
     insert into x values (5, 1), (6, 2); insert into y values (7, 5), (8, 6);`,
  ],
};

const TRIGGERS = [
  { title: "deletes a parent", body: "delete from x where tag = old.id" },
  { title: "writes a child without a parent", body: "insert into y values (9, 99)" },
  { title: "points a child at nothing", body: "update y set x = 99 where id = 7" },
];

describe("triggers beside a delete whose referential actions ondelete does itself", () => {
  eachVariant(
    (variant, fresh) => {
      test.for(TRIGGERS)("one that $title leaves no orphan", async ({ body }) => {
        const { db, ondelete } = await prepare(variant, fresh, CYCLE);
        await db.exec(`create trigger acts after delete on a begin ${body}; end`);
        const before = await dump(db, variant);
        const ended = await ondelete.delete(key("r", "1")).then(
          ({ state, deleted }) => ({ state, deleted }),
          (error: unknown) => error,
        );
        if (ended instanceof OnDeleteError) {
          expect(ended.code).toBe("constraint-violated");
          expect(await dump(db, variant)).toEqual(before);
          expect((await ondelete.status()).operations).toEqual([]);
        } else expect(ended).toEqual({ state: "done", deleted: { r: 1, a: 1, b: 1 } });
        expect(await db.rows("pragma foreign_key_check")).toEqual([]);
        expect(await db.rows("pragma foreign_keys")).toEqual([{ foreign_keys: "1" }]);
      });

      test("without a trigger the cycle goes and comes back", async () => {
        const { db, ondelete } = await prepare(variant, fresh, CYCLE);
        const before = await dump(db, variant);
        const outcome = await ondelete.delete(key("r", "1"));
        expect(outcome).toMatchObject({ state: "done", deleted: { r: 1, a: 1, b: 1 }, updated: {} });
        await ondelete.restore(outcome.operation ?? "");
        expect(await dump(db, variant)).toEqual(before);
        expect(await db.rows("pragma foreign_key_check")).toEqual([]);
      });
    },
    { engines: ["sqlite"], because: "they never run without the engine's own checks" },
  );
});
