import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { databaseName } from "../../src/cli/database-name.ts";
import { bareEnv } from "./run-cli.ts";

const probe = join(import.meta.dirname, "ask.ts");
const typed = { kind: "type", message: "12 rows would be deleted.", expected: "users 12" };
const yesNo = { kind: "yes-no", message: "Restore 12 rows?" };

/**
 * Asks in a terminal that util-linux' `script` makes, and types once the question is there.
 *
 * @param keys what is typed; null closes the terminal's input instead
 */
function askInTerminal(
  question: object,
  keys: string | null,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const command = `stty cols 120; ${process.execPath} ${probe} '${JSON.stringify(question)}'`;
  const child = spawn("script", ["-qefc", command, "/dev/null"], { env: bareEnv({ TERM: "xterm", ...env }) });
  let seen = "";
  let answered = false;
  return new Promise((done, fail) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.on("error", fail);
    child.stdout.on("data", (data) => {
      seen += data;
      if (answered || !seen.includes(question === yesNo ? "Restore" : "go on")) return;
      answered = true;
      setTimeout(() => (keys === null ? child.stdin.end() : child.stdin.write(keys)), 200);
    });
    child.on("close", () => {
      clearTimeout(timer);
      done(/answer: (.*?)\r?\n/.exec(seen)?.[1] ?? `no answer in ${JSON.stringify(seen)}`);
    });
  });
}

describe("a question in a terminal", () => {
  test.concurrent.each([
    ["the text that was asked for", typed, "users 12\r", "yes"],
    ["another text", typed, "users 13\r", "confirmation-refused"],
    ["y where a text was asked for", typed, "y\r", "confirmation-refused"],
    ["nothing where a text was asked for", typed, "\r", "confirmation-refused"],
    ["Esc", typed, "\x1b", "confirmation-refused"],
    ["Ctrl-C", typed, "\x03", "confirmation-refused"],
    ["Ctrl-D", typed, "\x04", "confirmation-refused"],
    ["the end of the input", typed, null, "confirmation-refused"],
    ["y", yesNo, "y", "yes"],
    ["Enter, where No is the default", yesNo, "\r", "confirmation-refused"],
    ["n", yesNo, "n", "confirmation-refused"],
    ["Esc to y or n", yesNo, "\x1b", "confirmation-refused"],
    ["the end of the input to y or n", yesNo, null, "confirmation-refused"],
  ])("answered with %s", async (_title, question, keys, expected) => {
    expect(await askInTerminal(question, keys)).toBe(expected);
  });

  test("is not asked on a build server", async () => {
    expect(await askInTerminal(typed, "users 12\r", { CI: "true" })).toBe("nobody can be asked");
  });
});

test("no other file asks a person anything", () => {
  const root = resolve(import.meta.dirname, "../..");
  const files = globSync("{src,bin}/**/*", { cwd: root, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const asking = files
    .filter((entry) =>
      /@clack\/|readline|prompts|inquirer|stdin\.(on|read|once)/.test(
        readFileSync(join(entry.parentPath, entry.name), "utf8"),
      ),
    )
    .map((entry) => entry.name);
  expect(asking).toEqual(["confirm.ts"]);
});

test.each([
  ["postgres://ann:secret@db:5432/shop?sslmode=require", "shop"],
  ["mysql://db/my%20shop", "my shop"],
  ["sqlite:/var/data/shop.db", "shop.db"],
  ["sqlite:shop.db", "shop.db"],
  ["data/shop.sqlite", "shop.sqlite"],
  ["pglite:", "memory"],
  ["postgres://db", "memory"],
])("the name to type for %s is %s", (url, name) => {
  expect(databaseName(url)).toBe(name);
});
