import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CliStage, eachReachable } from "./each-reachable.ts";

const CONFIG = `
import { appendFileSync } from "node:fs";
export default {
  archive: { keep: "90 days" },
  tables: { upload: { files: { column: "path", root: "./files" } } },
  hooks: { after: (event) => appendFileSync("told.txt", event.verb + " ") },
};
`;

const furnish = async ({ db, cwd }: CliStage): Promise<void> => {
  await db.exec(`create table upload (id integer primary key, path varchar(50));
    insert into upload values (1, 'a.txt'), (2, 'b.txt')`);
  mkdirSync(join(cwd, "files"));
  for (const path of ["a.txt", "b.txt"]) writeFileSync(join(cwd, "files", path), path);
  writeFileSync(join(cwd, "ondelete.config.mjs"), CONFIG);
};

eachReachable(furnish, (stage) => {
  const { run } = stage;
  const files = () => readdirSync(join(stage.cwd, "files")).sort();

  test("files go with a delete and come back with a restore", () => {
    const deleted = run("delete", "upload", "1", "--yes", "--json");
    const { operation, delivery } = JSON.parse(deleted.stdout);
    expect([deleted.status, delivery.delivered, delivery.pending]).toEqual([0, 2, 0]);
    expect(files()).toEqual([".ondelete", "b.txt"]);
    const restored = run("restore", operation, "--yes");
    expect([restored.status, restored.stdout]).toEqual([
      0,
      expect.stringContaining("Files and hooks: 2 done."),
    ]);
    expect(files()).toEqual(["a.txt", "b.txt"]);
  });

  test("what could not be done ends with 4 and its reason, and a purge does it later", () => {
    // A file where the folder of what is set aside should be.
    writeFileSync(join(stage.cwd, "files", ".ondelete"), "");
    const deleted = run("delete", "upload", "1", "--yes");
    expect([deleted.status, deleted.stdout]).toEqual([4, expect.stringContaining("1 still to do")]);
    expect(deleted.stdout).toContain("file upload.path");
    expect(files()).toEqual([".ondelete", "a.txt", "b.txt"]);
    rmSync(join(stage.cwd, "files", ".ondelete"));
    const purged = run("purge", "--yes");
    expect([purged.status, purged.stdout]).toEqual([
      0,
      expect.stringContaining("Archives older than 90 days"),
    ]);
    expect(files()).toEqual([".ondelete", "b.txt"]);
  });

  test("an erasure removes the file, and is refused beside an archive", () => {
    const both = run("delete", "upload", "1", "--yes", "--erase", "--archive");
    expect([both.status, both.stderr]).toEqual([2, expect.stringContaining("Leave out one of")]);
    const plan = run("delete", "upload", "1", "--erase");
    expect([plan.status, plan.stdout]).toEqual([2, expect.stringContaining("--erase")]);
    const erased = run("delete", "upload", "1", "--yes", "--erase");
    expect([erased.status, erased.stdout]).toEqual([0, expect.stringContaining("It cannot be undone")]);
    expect(files()).toEqual(["b.txt"]);
    expect(run("status").stdout).toContain("erased");
  });

  test("a path that leaves the root is refused", async () => {
    writeFileSync(join(stage.cwd, "secret.txt"), "secret");
    await stage.db.exec("update upload set path = '../secret.txt' where id = 1");
    const { status, stderr } = run("delete", "upload", "1", "--yes");
    expect([status, stderr]).toEqual([2, expect.stringContaining("file-outside-root")]);
    expect(existsSync(join(stage.cwd, "secret.txt"))).toBe(true);
    expect(run("plan", "upload", "1").stdout).toContain("file-outside-root");
  });
});
