import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

const folder = mkdtempSync(join(tmpdir(), "ondelete-documents-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

const TABLES = [
  "create table users (id integer primary key)",
  "create table posts (id integer primary key, user_id integer not null, constraint k1 foreign key (user_id) references users (id) on delete cascade)",
  "create table drafts (id integer primary key, user_id integer, constraint k2 foreign key (user_id) references users (id) on delete set null)",
];

eachVariant((_, fresh) => {
  test("policy-drift-docs: a wrong cell is an error at its line, a table that is left out a warning", async () => {
    const db = await fresh();
    await db.exec(TABLES);
    const wrong = written(
      "wrong.md",
      "# Matrix\n\n| When deleting → | Users |\n| --- | --- |\n| **Posts** | user_id=NULL |\n| **Drafts** | user_id=NULL |\n\n### Deleting a User\n\n| Affected Table | Behavior |\n| --- | --- |\n| Posts | DELETED |\n",
    );
    const ondelete = await open(db.handle, { checks: { documents: [wrong] } });
    const { findings } = await ondelete.check({ rules: ["policy-drift-docs"] });
    expect(findings.map((f) => [f.severity, f.object, f.location?.line])).toEqual([
      ["error", "posts(user_id) -> users(id)", 5],
      ["warning", "drafts(user_id) -> users(id)", 10],
    ]);
    expect(findings[0]?.location?.file).toBe(wrong);
  });

  test("policy-drift-docs: what ondelete writes itself has nothing wrong", async () => {
    const db = await fresh();
    await db.exec(TABLES);
    const text = await (await open(db.handle)).document({ format: "markdown" });
    const ondelete = await open(db.handle, { checks: { documents: [written("right.md", text)] } });
    expect((await ondelete.check({ rules: ["policy-drift-docs"] })).findings).toEqual([]);
  });

  test("policy-drift-docs: without documents it is skipped, and one that is not there is said", async () => {
    const db = await fresh();
    await db.exec(TABLES);
    const { summary } = await (await open(db.handle)).check();
    expect(summary.skipped.find((s) => s.rule === "policy-drift-docs")?.because).toBe("wants");
    const missing = await open(db.handle, { checks: { documents: [join(folder, "nowhere.md")] } });
    await expect(missing.check()).rejects.toMatchObject({ code: "source-invalid" });
  });
});
