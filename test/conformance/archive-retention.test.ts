import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Config } from "../../src/index.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import { eachVariant } from "../support/stages.ts";
import { PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { upload: { id: PK, path: "varchar(50)" } },
  fks: [],
  rows: {
    upload: [
      [1, "a.txt"],
      [2, "b.txt"],
      [3, "c.txt"],
    ],
  },
};

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function configured(): { readonly root: string; readonly config: Config } {
  const root = mkdtempSync(join(tmpdir(), "ondelete-files-"));
  roots.push(root);
  for (const path of ["a.txt", "b.txt", "c.txt"]) writeFileSync(join(root, path), path);
  return {
    root,
    config: { archive: { keep: "90 days" }, tables: { upload: { files: { column: "path", root } } } },
  };
}

describe("archives that are kept for a time", () => {
  eachVariant((variant, fresh) => {
    const named = (table: string) =>
      variant.engine === "sqlite" || variant.engine === "mariadb" ? `ondelete_${table}` : `ondelete.${table}`;

    test("are removed by a purge when they are older, with the files that were set aside", async () => {
      const { root, config } = configured();
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, config);
      const [old, back, young] = [
        await done(ondelete, key("upload", "1")),
        await done(ondelete, key("upload", "2")),
        await done(ondelete, key("upload", "3")),
      ];
      await ondelete.restore(back);
      await db.exec(
        `update ${named("operation")} set finished = '2020-01-01T00:00:00.000Z' where id in ('${old}', '${back}')`,
      );
      const planned = await ondelete.purge();
      expect([planned.policies, planned.archives?.keep, planned.archives?.operations]).toEqual([
        [],
        "90 days",
        [old, back],
      ]);
      expect(existsSync(join(root, ".ondelete", old, "a.txt"))).toBe(true);
      const purged = await ondelete.purge({ execute: true });
      expect(purged.archives?.operations).toEqual([old, back]);
      expect(purged.delivery).toMatchObject({ delivered: 2, pending: 0 });
      expect(readdirSync(root).sort()).toEqual([".ondelete", "b.txt"]);
      expect(readdirSync(join(root, ".ondelete"))).toEqual([young]);
      const left = await db.rows(`select distinct operation as o from ${named("archive_chunk")}`);
      expect(left.map((row) => row.o)).toEqual([young]);
      const { operations } = await ondelete.status();
      expect(operations.map((o) => [o.operation, o.state, o.archive])).toEqual([
        [old, "expired", false],
        [back, "restored", false],
        [young, "done", true],
      ]);
      const error = await failure(ondelete.restore(old));
      expect([error.code, error.message]).toEqual([
        "not-restorable",
        `Operation ${old} cannot be undone any more: its archive was old enough to be removed.`,
      ]);
      expect((await ondelete.purge({ execute: true })).archives?.operations).toEqual([]);
      expect((await ondelete.restore(young)).state).toBe("done");
      expect(readdirSync(root).sort()).toEqual(["b.txt", "c.txt"]);
    });

    test("stay where a purge is of one retention, and for ever where the policy says nothing", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, configured().config);
      const operation = await done(ondelete, key("upload", "1"));
      await db.exec(`update ${named("operation")} set finished = '2020-01-01T00:00:00.000Z'`);
      expect((await failure(ondelete.purge({ policies: ["x"], execute: true }))).code).toBe("usage");
      expect((await ondelete.status(operation)).operations[0]?.state).toBe("done");
    });
  });
});
