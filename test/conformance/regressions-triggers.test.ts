import { describe, expect, test } from "vitest";
import { OnDeleteError } from "../../src/index.ts";
import { failure, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

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

const TREE: Schema = {
  tables: { t: { id: PK, up: INT } },
  fks: ["t(up) -> t(id) on delete cascade"],
  rows: {
    t: [
      [1, null],
      [2, 1],
      [3, 2],
    ],
  },
};

const OWN_MIND: Readonly<Record<string, readonly { readonly title: string; readonly sql: string }[]>> = {
  sqlite: [
    {
      title: "keeps a row",
      sql: "create trigger own before delete on t when old.id = 3 begin select raise(ignore); end",
    },
    {
      title: "puts a row back",
      sql: "create trigger own after delete on t when old.id = 3 begin insert into t (id) values (3); end",
    },
  ],
  postgres: [
    {
      title: "keeps a row",
      sql: `create function own() returns trigger language plpgsql as 'begin if old.id = 3 then return null; end if; return old; end';
        create trigger own before delete on t for each row execute function own()`,
    },
  ],
};

describe("triggers with a mind of their own", () => {
  eachVariant(
    (variant, fresh) => {
      test.for(OWN_MIND[variant.engine === "sqlite" ? "sqlite" : "postgres"] ?? [])(
        "one that $title stops the delete",
        async ({ sql }) => {
          const { db, ondelete } = await prepare(variant, fresh, TREE);
          await db.exec(sql);
          const before = await dump(db, variant);
          const error = await failure(ondelete.delete(key("t", "1")));
          expect([error.code, error.exitCode]).toEqual(["count-mismatch", 4]);
          expect(error.details).toMatchObject({ table: "t", planned: 3, deleted: 2 });
          expect(await dump(db, variant)).toEqual(before);
        },
      );
    },
    {
      engines: ["sqlite", "pglite", "postgres"],
      because: "their triggers can neither keep a row nor put it back",
    },
  );
});
