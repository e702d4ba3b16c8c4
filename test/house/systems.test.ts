import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const home = resolve(import.meta.dirname, "../..");

/** What a system may reach outside of its own folder. */
const SHARED = ["systems/support/"];
const FOR_TESTS = [
  "test/support/databases.ts",
  "test/support/sessions.ts",
  "test/support/stages.ts",
  "test/cli/run-cli.ts",
  "test/document/seeds.ts",
];

test("the systems use ondelete only through its public interface", () => {
  const files = globSync("systems/*/**/*.ts", { cwd: home });
  expect(files.length).toBeGreaterThan(10);
  const strangers = files.flatMap((file) => {
    const [, system = ""] = file.split("/");
    const text = readFileSync(join(home, file), "utf8");
    return [...text.matchAll(/\b(?:from|import) ?\(?"(\.[^"]+)"/g)]
      .map(([, target = ""]) => relative(home, join(home, dirname(file), target)))
      .filter((target) => !target.startsWith(`systems/${system}/`))
      .filter((target) => !SHARED.some((folder) => target.startsWith(folder)))
      .filter((target) => !(file.includes("/test/") && FOR_TESTS.includes(target)))
      .map((target) => `${file} -> ${target}`);
  });
  expect(strangers).toEqual([]);
});
