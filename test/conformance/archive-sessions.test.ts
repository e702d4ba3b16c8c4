import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { done, key, prepare } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA = {
  tables: {
    p: { id: PK, gone: INT },
    c: { id: PK, p: INT, gone: INT },
    g: { id: PK, c: INT, v: "varchar(20)", gone: INT },
    r: { id: PK, p: INT },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "g(c) -> c(id) on delete cascade",
    "r(p) -> p(id) on delete restrict",
  ],
  rows: {
    p: [
      [1, null],
      [2, null],
    ],
    c: [
      [1, 1, null],
      [2, 2, null],
    ],
    g: [
      [1, 1, "one", null],
      [2, 1, "two", null],
      [3, 2, "three", null],
    ],
  },
} as const satisfies Schema;

/** What a session does in a transaction that it commits only when the work beside it waits for it. */
async function beside<T>(
  { db, variant }: { readonly db: TestDatabase; readonly variant: Variant },
  statement: string,
  work: () => Promise<T>,
): Promise<T> {
  const other = await openSession(db, variant);
  await other.run("begin");
  await other.run(statement);
  const working = work();
  await setTimeout(300);
  await other.run("commit");
  try {
    return await working;
  } finally {
    await other.end();
  }
}

describe("a delete that keeps an archive, beside another session", () => {
  eachVariant(
    (variant, fresh) => {
      test("archives a leaf as the other session left it", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        const operation = await beside({ db, variant }, "update g set v = 'new' where id = 2", () =>
          done(ondelete, key("p", "1")),
        );
        expect(await dump(db, variant)).toMatchObject({ p: ["2|∅"], c: ["2|2|∅"], g: ["3|2|three|∅"] });
        await ondelete.restore(operation);
        expect((await dump(db, variant)).g).toEqual(["1|1|one|∅", "2|1|new|∅", "3|2|three|∅"]);
      });

      test("takes along a leaf that the other session adds, and one less that it deletes", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        const operation = await beside(
          { db, variant },
          "insert into g (id, c, v) values (9, 1, 'late')",
          () => done(ondelete, key("p", "1")),
        );
        await ondelete.restore(operation);
        expect((await dump(db, variant)).g).toContain("9|1|late|∅");
        const again = await beside({ db, variant }, "delete from g where id = 1", () =>
          ondelete.delete(key("p", "1")),
        );
        expect(again.deleted).toEqual({ p: 1, c: 1, g: 2 });
        expect((await dump(db, variant)).g).toEqual(["3|2|three|∅"]);
      });

      test("leaves alone a leaf that the other session moves away", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        const operation = await beside({ db, variant }, "update g set c = 2 where id = 2", () =>
          done(ondelete, key("p", "1")),
        );
        expect((await dump(db, variant)).g).toEqual(["2|2|two|∅", "3|2|three|∅"]);
        await ondelete.restore(operation);
        expect((await dump(db, variant)).g).toEqual(["1|1|one|∅", "2|2|two|∅", "3|2|three|∅"]);
      });

      test("is blocked by a row that the other session adds", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        const outcome = await beside({ db, variant }, "insert into r values (1, 1)", () =>
          ondelete.delete(key("p", "1")),
        );
        expect(outcome).toMatchObject({ state: "blocked", blockers: [{ table: "r", rows: 1 }] });
        expect((await dump(db, variant)).g).toHaveLength(3);
      });

      test("marks softly what the other session has changed, added and deleted", async () => {
        const softDelete = { column: "gone", kind: "seconds" } as const;
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA, {
          tables: { p: { softDelete }, c: { softDelete }, g: { softDelete } },
        });
        const soft = () => done(ondelete, key("p", "1"), { soft: true });
        for (const [statement, left] of [
          ["update g set v = 'new' where id = 2", "2"],
          ["insert into g (id, c, v) values (9, 1, 'late')", "3"],
          ["delete from g where id = 1", "2"],
        ] as const) {
          const operation = await beside({ db, variant }, statement, soft);
          const rows = await db.rows("select count(*) as n, count(gone) as marked from g where c = 1");
          expect([statement, rows]).toEqual([statement, [{ n: left, marked: left }]]);
          await ondelete.restore(operation);
        }
        expect((await dump(db, variant)).g).toEqual(["2|1|new|∅", "3|2|three|∅", "9|1|late|∅"]);
      });
    },
    { engines: ["postgres", "mariadb"], because: "it takes several sessions that write at the same time" },
  );
});
