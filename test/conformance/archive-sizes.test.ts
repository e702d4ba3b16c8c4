import { describe, expect, test } from "vitest";
import { done, prepare, where } from "../support/act.ts";
import type { TestDatabase } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

/** Roots 1 to 3, 200 rows of c below each, and 20 leaves below each of those; n loses its reference. */
const SCHEMA: Schema = {
  tables: {
    p: { id: PK },
    c: { id: PK, p: INT },
    g: { id: PK, c: INT, v: "varchar(100)", gone: INT },
    n: { id: PK, p: INT },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "g(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
  ],
  rows: {
    p: [[1], [2], [3]],
    c: Array.from({ length: 600 }, (_, i) => [i + 1, 1 + (i % 3)]),
    g: [],
    n: [[1, 1]],
  },
};

const fill = (db: TestDatabase) =>
  db.exec(`insert into g (id, c, v) select a.id * 1000 + b.id, a.id,
    concat('a text of some length, which is that of row ', a.id * 1000 + b.id, ' below ', a.id)
    from c a join c b on b.id <= 20`);

/** Sums that a row which is another, or is there twice, would change. */
const sums = async (db: TestDatabase) => {
  const [row] = await db.rows(
    "select count(*) as n, count(gone) as marked, sum(id) as ids, sum(c) as parents, sum(length(v) * id) as texts from g",
  );
  return row;
};

describe("an archive of more rows than one pack, or one slice of parents, takes", () => {
  eachVariant((variant, fresh) => {
    test("holds each of them once", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      await fill(db);
      const before = await sums(db);
      expect(before?.n).toBe("12000");
      const operation = await done(ondelete, where("p", "id <= 2"));
      expect(await sums(db)).toMatchObject({ n: "4000" });
      const restored = await ondelete.restore(operation);
      expect(restored.inserts).toEqual({ p: 2, c: 400, g: 8000 });
      expect(await sums(db)).toEqual(before);
      expect(await db.rows("select p from n")).toEqual([{ p: "1" }]);
    });

    test("does so where they are only marked", async () => {
      const config = { tables: { g: { softDelete: { column: "gone", kind: "seconds" } } } } as const;
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, config);
      await fill(db);
      await db.exec("update g set gone = 7 where id <= 2000");
      const before = await sums(db);
      const operation = await done(ondelete, where("p", "id <= 2"), { soft: true });
      expect(await sums(db)).toMatchObject({ n: "12000", marked: "8000" });
      await ondelete.restore(operation);
      expect(await sums(db)).toEqual(before);
    });
  });
});
