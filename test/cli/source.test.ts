import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const home = resolve(import.meta.dirname, "../..");
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ondelete-source-"));
  const db = new DatabaseSync(join(folder, "shop.db"));
  db.exec(`create table people (id integer not null primary key);
    create table notes (id integer not null primary key, owner_id integer references people (id) on delete cascade)`);
  db.close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);

const check = (...more: readonly string[]) => {
  const args = ["check", "--rule", "policy-drift-orm", "--url", "sqlite:shop.db", "--json", ...more];
  const { status: code, stdout, stderr } = runCli(args, { cwd: folder });
  const found = stdout === "" ? { findings: [] } : JSON.parse(stdout);
  return { code, stderr, findings: found.findings as readonly { object: string; location?: object }[] };
};

const PRISMA = `model people {
  id    Int     @id
  notes notes[]
}
model notes {
  id       Int     @id
  owner_id Int?
  owner    people? @relation(fields: [owner_id], references: [id])
}
`;

test("a configuration in JSON names a Prisma schema beside it", () => {
  mkdirSync(join(folder, "conf"));
  put("conf/ondelete.config.json", JSON.stringify({ source: { prisma: "schema.prisma" } }));
  put("conf/schema.prisma", PRISMA);
  const { code, findings } = check("--config", "conf/ondelete.config.json");
  expect(code).toBe(1);
  expect(findings.map((f) => [f.object, f.location])).toEqual([
    ["notes(owner_id) -> people(id)", { file: join("conf", "schema.prisma"), line: 8 }],
  ]);
});

test("a configuration in JSON names files of DDL beside it, in their order", () => {
  mkdirSync(join(folder, "conf"));
  put("conf/ondelete.config.json", JSON.stringify({ source: { sql: ["1.sql", "2.sql"] } }));
  put("conf/1.sql", "create table people (id integer not null primary key);\n");
  put(
    "conf/2.sql",
    "create table notes (\n  id integer not null primary key,\n  owner_id integer references people\n);\n",
  );
  const { code, findings } = check("--config", "conf/ondelete.config.json");
  expect(code).toBe(1);
  expect(findings.map((f) => [f.object, f.location])).toEqual([
    ["notes(owner_id) -> people(id)", { file: join("conf", "2.sql"), line: 3 }],
  ]);
});

test("a configuration in code names what its ORM's module exports, where ondelete itself is not installed", () => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(home, "node_modules/drizzle-orm"), join(folder, "node_modules/drizzle-orm"));
  put(
    "schema.mjs",
    `import { integer, sqliteTable } from "drizzle-orm/sqlite-core";
export const people = sqliteTable("people", { id: integer("id").primaryKey() });
export const notes = sqliteTable("notes", {
  id: integer("id").primaryKey(),
  owner: integer("owner_id").references(() => people.id),
});
`,
  );
  put(
    "ondelete.config.mjs",
    `import { drizzle } from "ondelete/drizzle";
import * as schema from "./schema.mjs";
export default { source: drizzle(schema, { file: "schema.mjs" }) };
`,
  );
  const { code, stderr, findings } = check();
  expect(stderr).toBe("");
  expect(code).toBe(1);
  expect(findings.map((f) => [f.object, f.location])).toEqual([
    ["notes(owner_id) -> people(id)", { file: "schema.mjs", line: 5 }],
  ]);
});

test("migrations are looked at in the order of the files, and may run in transactions of their runner", () => {
  put("1.sql", "pragma foreign_keys = off;\n");
  put(
    "2.sql",
    "pragma foreign_keys = off;\ncreate table new_people (id integer not null primary key);\ndrop table people;\nalter table new_people rename to people;\n",
  );
  const rebuild = (...more: readonly string[]) => {
    const words = ["check", "--rule", "migration-rebuild-cascade", "--url", "sqlite:shop.db", "--json"];
    const { status, stdout } = runCli([...words, ...more, "--migrations", "1.sql", "2.sql"], { cwd: folder });
    return [status, JSON.parse(stdout).findings.map((f: { location: object }) => f.location)];
  };
  expect(rebuild()).toEqual([0, []]);
  expect(rebuild("--in-transaction")).toEqual([1, [{ file: "2.sql", line: 3 }]]);
});

test("a source that cannot be read ends with exit code 2 and says what to do", () => {
  put("ondelete.config.json", JSON.stringify({ source: [{ prisma: "nowhere.prisma" }] }));
  const { code, stderr } = check();
  expect(code).toBe(2);
  expect(JSON.parse(stderr)).toMatchObject({ code: "source-invalid" });
  put("ondelete.config.json", JSON.stringify({ source: { prism: "schema.prisma" } }));
  const misspelt = check();
  expect(misspelt.code).toBe(2);
  expect(JSON.parse(misspelt.stderr).message).toContain('Did you mean "prisma"?');
});
