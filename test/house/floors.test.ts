import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../../scripts/floors.mjs");
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Runs the check over a folder that holds the given files. */
function floors(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "ondelete-floors-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8" });
  return { status, stdout, stderr };
}

const noun = {
  "src/model/table.ts": "export interface Table { readonly name: string }\nexport const one = 1;\n",
};

describe("the check of the floors", () => {
  test("passes where floors import downwards, and says how many modules it saw", () => {
    const result = floors({
      ...noun,
      "src/graph/order.ts": 'import { one } from "../model/table.ts";\nexport const two = one;\n',
    });
    expect(result.stdout).toBe("floors: 2 of 2 modules, 1 imports, 0 violations\n");
    expect(result.status).toBe(0);
  });

  test.each([
    ["a noun that imports the graph", "floor-0-model", "src/model/a.ts", "../graph/b.ts", "src/graph/b.ts"],
    ["a verb that imports a verb", "floor-2-plan", "src/plan/a.ts", "../restore/b.ts", "src/restore/b.ts"],
    [
      "a verb that imports an engine",
      "floor-2-execute",
      "src/execute/a.ts",
      "../dialect/sqlite/b.ts",
      "src/dialect/sqlite/b.ts",
    ],
    [
      "an engine that imports an engine",
      "floor-2-dialect-sqlite",
      "src/dialect/sqlite/a.ts",
      "../postgres/b.ts",
      "src/dialect/postgres/b.ts",
    ],
    [
      "the contract of an engine that imports one",
      "floor-1-dialect",
      "src/dialect/a.ts",
      "./mysql/b.ts",
      "src/dialect/mysql/b.ts",
    ],
    [
      "a configuration that connects",
      "floor-3-config",
      "src/config/a.ts",
      "../connect/b.ts",
      "src/connect/b.ts",
    ],
    [
      "a command line that goes past the index",
      "floor-5-cli",
      "src/cli/commands/a.ts",
      "../../model/b.ts",
      "src/model/b.ts",
    ],
    ["a library that imports the command line", "floor-4", "src/session.ts", "./cli/b.ts", "src/cli/b.ts"],
  ])("refuses %s", (_title, rule, file, specifier, target) => {
    const result = floors({
      [file]: `import { one } from "${specifier}";\nexport const two = one;\n`,
      [target]: "export const one = 1;\n",
    });
    expect(result.stderr).toContain(`${rule}: ${file} -> ${target}`);
    expect(result.status).toBe(1);
  });

  test("refuses an import of types alone just the same", () => {
    const result = floors({
      ...noun,
      "src/std/a.ts": 'import type { Table } from "../model/table.ts";\nexport type A = Table;\n',
    });
    expect(result.stderr).toContain("floor-0-std: src/std/a.ts -> src/model/table.ts");
    expect(result.status).toBe(1);
  });

  test.each([
    ["a driver outside connect/", "drivers-in-connect", "src/execute/a.ts", "node:sqlite"],
    ["a question outside confirm.ts", "prompts-in-confirm", "src/cli/a.ts", "node:readline/promises"],
  ])("refuses %s", (_title, rule, file, specifier) => {
    const result = floors({ [file]: `import * as it from "${specifier}";\nexport const a = it;\n` });
    expect(result.stderr).toContain(`${rule}: ${file} -> `);
    expect(result.status).toBe(1);
  });

  test("refuses the application's kysely below its integration", () => {
    const files = {
      "node_modules/kysely/package.json": '{ "name": "kysely", "version": "1.0.0", "exports": "./index.js" }',
      "node_modules/kysely/index.js": "export const sql = 1;\n",
    };
    const module = 'import { sql } from "kysely";\nexport const a = sql;\n';
    const below = floors({ ...files, "src/dialect/a.ts": module });
    expect(below.stderr).toContain("kysely-of-the-application: src/dialect/a.ts -> ");
    expect(below.status).toBe(1);
    expect(floors({ ...files, "src/integrate/a.ts": module }).status).toBe(0);
  });

  test("refuses a cycle", () => {
    const result = floors({
      "src/graph/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b();\n',
      "src/graph/b.ts": 'import { a } from "./a.ts";\nexport const b = (): unknown => a();\n',
    });
    expect(result.stderr).toContain("no-cycle: src/graph/a.ts -> src/graph/b.ts");
    expect(result.status).toBe(1);
  });

  test("refuses an import that leads nowhere", () => {
    const result = floors({ "src/graph/a.ts": 'import { b } from "./gone.ts";\nexport const a = b;\n' });
    expect(result.stderr).toContain("resolvable: src/graph/a.ts -> ./gone.ts");
    expect(result.status).toBe(1);
  });

  test("fails on a module that dependency-cruiser did not see", () => {
    const result = floors({ ...noun, "src/node_modules/hidden/a.ts": "export const a = 1;\n" });
    expect(result.stderr).toContain("not seen: src/node_modules/hidden/a.ts");
    expect(result.status).toBe(1);
  });

  test("fails where there is nothing to check", () => {
    const result = floors({ "src/readme.md": "nothing\n" });
    expect(result.status).toBe(1);
  });
});
