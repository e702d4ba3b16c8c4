import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("the types of the versions before fit too", () => {
  const compiler = "node_modules/typescript/bin/tsc";
  const run = () => execFileSync(process.execPath, [compiler, "-p", "test/integrate/tsconfig.previous.json"]);
  expect(run).not.toThrow();
});
