import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { SCHEMA } from "../../src/cli/demo/schema.ts";
import { open } from "../../src/index.ts";

const FILE = join(import.meta.dirname, "../../docs/examples/demo.md");

// ONDELETE_WRITE=1 writes it anew, to be looked at in review.
test("the example is what the demonstration database's document is", async () => {
  const handle = new DatabaseSync(":memory:");
  handle.exec(SCHEMA);
  const text = await (await open(handle)).document({ format: "markdown" });
  if (process.env.ONDELETE_WRITE === "1") writeFileSync(FILE, text);
  expect(text).toBe(readFileSync(FILE, "utf8"));
});
