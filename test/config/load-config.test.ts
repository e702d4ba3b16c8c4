import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const loader = resolve(import.meta.dirname, "../../src/config/load-config.ts");
let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "ondelete-config-"));
  // As in most projects: a package that does not say which kind of module a .js or .ts file is.
  put("package.json", "{}");
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(join(cwd, name), text);

/** Loads in a process of its own, because a test runner resolves and compiles imports in its own way. */
function load(named?: string) {
  const code = `
    const { loadConfig } = await import(${JSON.stringify(loader)});
    try {
      console.log(JSON.stringify(await loadConfig(process.cwd(), ${JSON.stringify(named)})));
    } catch (error) {
      console.log(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
    }`;
  const args = ["--input-type=module", "-e", code];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  return { ...JSON.parse(stdout), stderr };
}

test("a folder without a configuration has the defaults", () => {
  expect(load()).toMatchObject({ config: {}, file: null });
});

test("TypeScript with types and defineConfig is loaded without a build, and without the package being installed", () => {
  put(
    "ondelete.config.ts",
    `import { type Config, defineConfig } from "ondelete";
const journal: string = "keeping";
export default defineConfig({ journal, protected: true } satisfies Config);
`,
  );
  const loaded = load();
  expect(loaded).toMatchObject({
    config: { journal: "keeping", protected: true },
    file: "ondelete.config.ts",
  });
  expect(loaded.stderr).toBe("");
});

test.each([
  ["ondelete.config.mjs", "export default { protected: true };"],
  ["ondelete.config.js", "export default { protected: true };"],
  ["ondelete.config.js", "module.exports = { protected: true };"],
  ["ondelete.config.json", '{ "protected": true }'],
  [
    "ondelete.config.ts",
    'import { hostname } from "node:os";\nexport default { protected: hostname() !== "" };',
  ],
])("%s with %j is loaded", (name, text) => {
  put(name, text);
  const loaded = load();
  expect(loaded).toMatchObject({ config: { protected: true }, file: name });
  expect(loaded.stderr).toBe("");
});

test("--config names another file, relative to the folder", () => {
  put("ondelete.config.json", '{ "protected": true }');
  put("other.json", '{ "protected": false }');
  expect(load("other.json")).toMatchObject({ config: { protected: false }, file: "other.json" });
});

test("two configurations are an error that names both", () => {
  put("ondelete.config.json", "{}");
  put("ondelete.config.ts", "export default {};");
  expect(load()).toMatchObject({
    code: "config-invalid",
    message: "There are several configurations here: ondelete.config.ts, ondelete.config.json.",
  });
});

test.each([
  ["a file that does not exist", "gone.ts", null, "The configuration gone.ts does not exist."],
  [
    "JSON that is cut off",
    "a.json",
    '{ "protected": ',
    "The configuration a.json cannot be read: SyntaxError",
  ],
  [
    "a program that throws",
    "a.mjs",
    'throw new Error("no luck")',
    "The configuration a.mjs cannot be read: Error: no luck",
  ],
  ["a program without a default export", "a.mjs", "export const x = 1;", "it has no default export"],
  ["a program that exports something else", "a.mjs", "export default 7;", "must be an object, but is 7."],
  [
    "TypeScript that types alone cannot be taken out of",
    "a.ts",
    "enum E { A }\nexport default {};",
    "The configuration a.ts cannot be read",
  ],
])("%s is a configuration error", (_title, name, text, message) => {
  if (text !== null) put(name, text);
  const error = load(name);
  expect(error.code).toBe("config-invalid");
  expect(error.message).toContain(message);
});

test.each([
  ["does not parse", "export const a = 1;\nexport const b = { c: 1,, };\n", "schema.mjs:2: SyntaxError: "],
  [
    "imports a file that is not there",
    'export const a = 1;\n\nimport "./gone.mjs";\n',
    "schema.mjs:3: Error ",
  ],
  [
    "imports what a file does not export",
    '\nimport { b } from "./fine.mjs";\n',
    "schema.mjs:2: SyntaxError: ",
  ],
])("a module of the application that %s is told with its line", (_title, text, message) => {
  put("fine.mjs", "export const a = 1;");
  put("schema.mjs", text);
  put("a.mjs", 'import * as schema from "./schema.mjs";\nexport default { schema };\n');
  const error = load("a.mjs");
  expect(error.code).toBe("config-invalid");
  expect(error.message).toContain(`The configuration a.mjs cannot be read: ${message}`);
});

test("a Node that cannot run TypeScript is told apart from a broken file", () => {
  put("ondelete.config.ts", "export default {};");
  const code = `
    Object.defineProperty(process.features, "typescript", { value: false });
    const { loadConfig } = await import(${JSON.stringify(loader)});
    await loadConfig(process.cwd()).catch((error) => console.log(error.code, error.hint));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd,
    encoding: "utf8",
  });
  expect(stdout).toContain("config-invalid TypeScript needs Node 22.18 or newer.");
});
