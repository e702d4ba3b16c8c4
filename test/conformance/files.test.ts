import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: {
    folder: { id: PK },
    upload: { id: PK, folder: INT, path: "varchar(200)", preview: "varchar(200)" },
  },
  fks: ["upload(folder) -> folder(id) on delete cascade"],
  rows: {
    folder: [[1], [2]],
    upload: [
      [1, 1, "a.txt", null],
      [2, 1, "deep/b.txt", "b.png"],
      [3, 1, "shared.txt", ""],
      [4, 1, "A.txt", null],
      [5, 1, "nowhere.txt", null],
      [6, 2, "shared.txt", null],
      [7, 2, "c.txt", "c.png"],
    ],
  },
};

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), "ondelete-files-"));
  roots.push(root);
  mkdirSync(join(root, "deep"));
  for (const path of ALL) writeFileSync(join(root, path), path);
  return root;
}

const ALL = ["A.txt", "a.txt", "b.png", "c.png", "c.txt", "deep/b.txt", "shared.txt"];
const STAY = ["c.png", "c.txt", "shared.txt"];
const GO = ["A.txt", "a.txt", "b.png", "deep/b.txt"];

const configOf = (root: string): Config => ({
  tables: {
    upload: {
      files: [
        { column: "path", root },
        { column: "preview", root },
      ],
    },
  },
});

/** Files in their places, and those set aside without the operation's name. */
function filesIn(root: string): { readonly place: readonly string[]; readonly aside: readonly string[] } {
  const all = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name).slice(root.length + 1))
    .filter((f) => !f.startsWith("out/"));
  const [aside, place] = [
    all.filter((f) => f.startsWith(".ondelete/")),
    all.filter((f) => !f.startsWith(".")),
  ];
  return { place: place.sort(), aside: aside.map((f) => f.split("/").slice(2).join("/")).sort() };
}

describe("files of rows", () => {
  eachVariant((variant, fresh) => {
    const outbox =
      variant.engine === "sqlite" || variant.engine === "mariadb" ? "ondelete_outbox" : "ondelete.outbox";

    test("are set aside after a delete, unless a row that stays names them, and come back with a restore", async () => {
      const root = newRoot();
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, configOf(root));
      const rows = await dump(db, variant);
      const outcome = await ondelete.delete(key("folder", "1"));
      expect(outcome.delivery).toMatchObject({ delivered: 4, missing: 1, kept: 0, pending: 0, failures: [] });
      expect(outcome.warnings?.map((w) => w.code)).toEqual(["file-shared"]);
      expect(filesIn(root)).toEqual({ place: STAY, aside: GO });
      expect(await db.rows(`select kind, body, state from ${outbox}`)).toEqual([
        { kind: "aside", body: "nowhere.txt", state: "missing" },
      ]);
      const restored = await ondelete.restore(outcome.operation ?? "");
      expect([restored.state, restored.conflicts]).toEqual(["done", []]);
      expect(restored.delivery).toMatchObject({ delivered: 5, missing: 1, pending: 0 });
      expect(filesIn(root)).toEqual({ place: ALL, aside: [] });
      expect(await dump(db, variant)).toEqual(rows);
    });

    test("are removed where no archive is kept, also where the engine's own cascade would do", async () => {
      const root = newRoot();
      const { ondelete } = await prepare(variant, fresh, SCHEMA, configOf(root));
      const outcome = await ondelete.delete(key("folder", "1"), { archive: false });
      expect(outcome.delivery).toMatchObject({ delivered: 5, missing: 0, pending: 0 });
      expect(filesIn(root)).toEqual({ place: STAY, aside: [] });
    });

    test("stay where the delete is soft, is rolled back, is blocked, or names no row with a file", async () => {
      const root = newRoot();
      const config = configOf(root);
      const soft = { ...SCHEMA, tables: { ...SCHEMA.tables, folder: { id: PK, gone: "timestamp null" } } };
      const schema = {
        ...soft,
        rows: {
          ...SCHEMA.rows,
          folder: [
            [1, null],
            [2, null],
          ],
        },
      };
      const tables = { ...config.tables, folder: { softDelete: "gone" } };
      const { ondelete } = await prepare(variant, fresh, schema, { tables });
      await done(ondelete, key("folder", "1"), { soft: true });
      const blocked = await ondelete
        .delete(where("upload", "id < 3"), { expectRows: 9 })
        .catch((e) => e.code);
      expect(blocked).toBe("plan-changed");
      await done(ondelete, where("upload", "id = 99"));
      expect(filesIn(root)).toEqual({ place: ALL, aside: [] });
    });

    test("stay where a row names them again before they are moved", async () => {
      const root = newRoot();
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, configOf(root));
      const failing = await open(db.handle, {
        tables: { upload: { files: { column: "path", store: { ...brokenStore } } } },
      });
      const outcome = await failing.delete(where("upload", "id = 1"));
      expect(outcome.delivery).toMatchObject({ delivered: 0, pending: 1 });
      expect(outcome.delivery?.failures.map((f) => [f.kind, f.subject, f.message])).toEqual([
        ["file", "upload.path", "the store is down"],
      ]);
      expect(filesIn(root).place).toContain("a.txt");
      await db.exec("insert into upload values (11, 2, 'a.txt', null)");
      expect(await ondelete.deliver()).toMatchObject({ delivered: 0, kept: 1, pending: 0 });
      expect(filesIn(root).place).toContain("a.txt");
    });

    test("that could not be moved yet are in place after a restore", async () => {
      const root = newRoot();
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, configOf(root));
      const failing = await open(db.handle, {
        tables: { upload: { files: { column: "path", store: { ...brokenStore } } } },
      });
      const operation = await done(failing, where("upload", "id = 1"));
      const again = await failing.restore(operation);
      expect(again.delivery).toMatchObject({ delivered: 0, kept: 1, pending: 1 });
      expect(await ondelete.deliver()).toMatchObject({ delivered: 1, pending: 0 });
      expect(filesIn(root)).toEqual({ place: ALL, aside: [] });
    });

    test("whose place was taken stop a restore, and are left with their rows where it skips them", async () => {
      const root = newRoot();
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, configOf(root));
      const operation = await done(ondelete, key("folder", "1"));
      writeFileSync(join(root, "a.txt"), "another");
      const stopped = await ondelete.restore(operation);
      expect(stopped.conflicts.map((c) => [c.kind, c.table, c.rows, c.sample, c.object])).toEqual([
        ["file-taken", "upload", 1, [{ id: "1" }], "path"],
      ]);
      expect(filesIn(root)).toEqual({ place: [...STAY, "a.txt"].sort(), aside: GO });
      const skipped = await ondelete.restore(operation, { onConflict: "skip" });
      expect([skipped.state, skipped.skipped]).toEqual(["done", { upload: 1 }]);
      expect(filesIn(root)).toEqual({ place: ALL, aside: ["a.txt"] });
      rmSync(join(root, "a.txt"));
      const rest = await ondelete.restore(operation, { onConflict: "skip" });
      expect([rest.state, rest.inserts]).toEqual(["done", { upload: 1 }]);
      expect((await db.rows("select count(*) as n from upload"))[0]?.n).toBe("7");
      expect(filesIn(root)).toEqual({ place: ALL, aside: [] });
    });

    // Several handles of SQLite in one process wait for each other without letting the other go on.
    test.skipIf(variant.engine === "sqlite")(
      "are each moved once where several deliver at a time",
      async () => {
        const root = newRoot();
        const MANY = 50;
        const upload = Array.from({ length: MANY }, (_, i) => [i, 1, `f${i}`, null] as const);
        for (let i = 0; i < MANY; i++) writeFileSync(join(root, `f${i}`), "");
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          { ...SCHEMA, rows: { ...SCHEMA.rows, upload } },
          configOf(root),
        );
        const failing = await open(db.handle, {
          tables: { upload: { files: { column: "path", store: brokenStore } } },
        });
        const operation = await done(failing, key("folder", "1"));
        await failing.restore(operation);
        await done(failing, key("folder", "1"));
        const source = variant.engine === "pglite" ? db.handle : db.url;
        const several = await Promise.all([1, 2, 3].map(() => open(source, configOf(root))));
        const deliveries = await Promise.all(several.map((o) => o.deliver()));
        if (source === db.url) for (const one of several) await one.close();
        expect(deliveries.flatMap((d) => d.failures)).toEqual([]);
        const last = await ondelete.deliver();
        expect([last.delivered, last.pending]).toEqual([0, 0]);
        const found = filesIn(root);
        expect([found.aside.length, found.place]).toEqual([MANY, ALL]);
      },
    );

    test("that lie outside of the root refuse the delete before anything is written", async () => {
      const root = newRoot();
      symlinkSync(newRoot(), join(root, "out"));
      // A plan looks, and says so; the delete refuses.
      for (const path of ["../x", "/etc/passwd", "out/x", ".ondelete/x", "deep"]) {
        const rows = {
          ...SCHEMA.rows,
          upload: [[1, 1, "a.txt", null] as const, [2, 1, path, null] as const],
        };
        const { db, ondelete } = await prepare(variant, fresh, { ...SCHEMA, rows }, configOf(root));
        const before = await dump(db, variant);
        const plan = await ondelete.plan(key("folder", "1"));
        expect(plan.warnings.map((w) => w.code)).toContain("file-outside-root");
        expect((await failure(ondelete.delete(key("folder", "1")))).code).toBe("file-outside-root");
        expect(await dump(db, variant)).toEqual(before);
        expect((await ondelete.status()).operations).toEqual([]);
        expect(filesIn(root)).toEqual({ place: ALL, aside: [] });
      }
    });
  });
});

const down = async () => {
  throw new Error("the store is down");
};
const brokenStore = {
  check: async () => {},
  find: async () => ({ inPlace: true, aside: false }),
  moveAside: down,
  bringBack: down,
  remove: down,
  forget: down,
};
