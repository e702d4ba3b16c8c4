import { describe, expect, test } from "vitest";
import { done, failure, key, prepare } from "../support/act.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: {
    person: { mail: "varchar(50) primary key", photo: "varchar(50)" },
    letter: { id: PK, person: "varchar(50)", text: "varchar(50)" },
    visit: { id: PK, person: "varchar(50)", n: INT },
  },
  fks: [
    "letter(person) -> person(mail) on delete cascade",
    "visit(person) -> person(mail) on delete set null",
  ],
  rows: {
    person: [
      ["ann@example.org", "ann.jpg"],
      ["bob@example.org", null],
    ],
    letter: [[1, "ann@example.org", "private words"]],
    visit: [[77001, "ann@example.org", 1]],
  },
};

const PERSONAL = /ann|private|77001/;

describe("an erasure", () => {
  eachVariant((variant, fresh) => {
    const named = (table: string) =>
      variant.engine === "sqlite" || variant.engine === "mariadb" ? `ondelete_${table}` : `ondelete.${table}`;

    test("leaves rows counted by table in the journal, and nothing of what they held", async () => {
      const told: unknown[] = [];
      const hooks = {
        after: (event: unknown) => void told.push(event),
        rows: { letter: { after: () => {} } },
      };
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, { hooks });
      const outcome = await ondelete.delete(key("person", "ann@example.org"), {
        erase: true,
        reason: "request 12",
      });
      expect([outcome.state, outcome.archive, outcome.undo]).toEqual(["done", false, null]);
      expect(outcome.delivery).toMatchObject({ delivered: 2, pending: 0 });
      const texts: string[] = [];
      for (const table of ["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"])
        texts.push(JSON.stringify(await db.rows(`select * from ${named(table)}`)));
      expect(texts.join()).not.toMatch(PERSONAL);
      expect(texts.slice(1)).toEqual(["[]", "[]", "[]", "[]"]);
      expect(JSON.stringify(told)).not.toMatch(PERSONAL);
      const { operations } = await ondelete.status();
      expect(operations.map((o) => [o.state, o.archive, o.deleted, o.updated, o.target, o.reason])).toEqual([
        [
          "erased",
          false,
          { person: 1, letter: 1 },
          { visit: 1 },
          { table: "person", select: { kind: "condition", sql: "/* 1 row, erased */" } },
          "request 12",
        ],
      ]);
    });

    test("cannot be restored, and says why", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA);
      const operation = await done(ondelete, key("person", "ann@example.org"), { erase: true });
      const error = await failure(ondelete.restore(operation));
      expect([error.code, error.message]).toEqual([
        "not-restorable",
        `Operation ${operation} was an erasure, of which nothing was kept, so it cannot be undone.`,
      ]);
    });

    test("is no soft delete and keeps no archive", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      for (const more of [{ soft: true }, { archive: true }])
        expect(
          (await failure(ondelete.delete(key("person", "ann@example.org"), { erase: true, ...more }))).code,
        ).toBe("usage");
      expect((await db.rows("select count(*) as n from person"))[0]?.n).toBe("2");
    });
  });
});
