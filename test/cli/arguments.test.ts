import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseTarget } from "../../src/cli/target.ts";
import { runCli } from "./run-cli.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "ondelete-cli-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

describe("the words of a target", () => {
  test.each([
    ["one value is the key", ["42"], { kind: "key", values: ["42"] }],
    ["several values are a composite key in key order", ["7", "42"], { kind: "key", values: ["7", "42"] }],
    [
      "column=value names the columns",
      ["tenant=7", "id=42"],
      { kind: "columns", values: { tenant: "7", id: "42" } },
    ],
    ["a value may contain =", ["token=a=b="], { kind: "columns", values: { token: "a=b=" } }],
    ["a value may be empty", ["name="], { kind: "columns", values: { name: "" } }],
    ["a word that begins with = is a value", ["=x"], { kind: "key", values: ["=x"] }],
    ["one bare value makes all of them values", ["a=b", "c"], { kind: "key", values: ["a=b", "c"] }],
    ["a large number stays text", ["9007199254740993"], { kind: "key", values: ["9007199254740993"] }],
  ])("%s", (_title, words, select) => {
    expect(parseTarget("t", words, undefined)).toEqual({ table: "t", select });
  });

  test("--where is a condition", () => {
    expect(parseTarget("t", [], "a > 1")).toEqual({
      table: "t",
      select: { kind: "condition", sql: "a > 1" },
    });
  });

  test.each([
    ["no key", [], undefined],
    ["a key and a condition", ["1"], "a > 1"],
    ["a column given twice", ["a=1", "a=2"], undefined],
  ])("%s is a usage error", (_title, words, where) => {
    expect(() => parseTarget("t", words, where)).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

describe("what is wrong with a command line", () => {
  test.each([
    ["no verb", [], "No verb is given."],
    ["a verb that does not exist", ["plann"], "Unknown command 'plann'."],
    ["an option that does not exist", ["plan", "t", "1", "--stric"], "Unknown option '--stric'."],
    ["a missing table", ["plan"], "Missing required argument 'table'."],
    ["a missing key", ["plan", "t"], "Which rows of t?"],
    ["nothing to delete", ["delete"], "Nothing to delete is named."],
    ["a plan and a table", ["delete", "t", "1", "--plan", "p.json"], "A plan says itself what is deleted"],
    [
      "a limit that is no number",
      ["plan", "t", "1", "--max-rows", "1e3"],
      "It must be a whole number from 1 up.",
    ],
    ["a limit of nothing", ["plan", "t", "1", "--max-rows", "0"], "It must be a whole number from 1 up."],
    [
      "two ways to print",
      ["plan", "t", "1", "--sql", "--why", "u", "2"],
      "--sql and --why cannot be given together.",
    ],
    [
      "conflicts to be overwritten",
      ["restore", "x", "--on-conflict", "overwrite"],
      "Allowed choices are stop, skip, rename, reparent.",
    ],
    ["a new name for all", ["restore", "x", "--rename", "new"], "--rename has no {value}"],
    ["a parent without a key", ["restore", "x", "--parent", "projects"], "is not of the form table=key"],
    ["no database", ["plan", "t", "1"], "No database is named."],
    [
      "a configuration that is not there",
      ["plan", "t", "1", "--config", "gone.ts"],
      "gone.ts does not exist.",
    ],
    [
      "a configuration that would lose its comments",
      ["init", "--out", "x.json"],
      "x.json must end in .ts, .js or .mjs.",
    ],
  ])("%s: said on stderr, exit 2, nothing on stdout", (_title, words, message) => {
    const { status, stdout, stderr } = runCli(words, { cwd });
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("a misspelt option is shown the right one", () => {
    expect(runCli(["plan", "t", "1", "--stric"], { cwd }).stderr).toContain("Did you mean --strict?");
  });

  test("--json makes it a problem document on stderr", () => {
    const { status, stdout, stderr } = runCli(["plan", "t", "1", "--json", "--stric"], { cwd });
    expect(JSON.parse(stderr)).toEqual({
      ondelete: "1",
      kind: "problem",
      code: "usage",
      message: "Unknown option '--stric'.",
      hint: "Did you mean --strict? See `ondelete plan --help`.",
      details: {},
    });
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  test("a misspelt key of the configuration shows in the problem", () => {
    writeFileSync(join(cwd, "ondelete.config.json"), '{ "relatoins": [] }');
    const { status, stderr } = runCli(["plan", "t", "1", "--json", "--url", "sqlite:x.db"], { cwd });
    const problem = JSON.parse(stderr);
    expect(problem.code).toBe("config-invalid");
    expect(problem.message).toContain('there is no key "relatoins" here. Did you mean "relations"?');
    expect(status).toBe(2);
  });

  test.each([
    ["that is not there", null, "there is no such file"],
    ["that is no JSON", "{", "JSON"],
    ["that is another document", '{"ondelete":"1","kind":"model"}', "it holds no plan of ondelete"],
    ["that is null", "null", "it holds no plan of ondelete"],
    [
      "without a digest",
      '{"ondelete":"1","kind":"plan","target":{"table":"t","select":{}}}',
      "its digest is missing",
    ],
    [
      "that is incomplete",
      '{"ondelete":"1","kind":"plan","target":{"table":"t","select":{"kind":"key","values":["1"]}},"digest":"d","complete":false}',
      "the plan is not complete",
    ],
  ])("a plan file %s is refused", (_title, text, message) => {
    if (text !== null) writeFileSync(join(cwd, "plan.json"), text);
    const { status, stderr } = runCli(["delete", "--plan", "plan.json", "--yes", "--json"], { cwd });
    expect(JSON.parse(stderr).code).toBe("plan-file-invalid");
    expect(JSON.parse(stderr).message).toContain(message);
    expect(status).toBe(2);
  });
});

describe("help", () => {
  test("of the program lists every verb", () => {
    const { status, stdout } = runCli(["--help"], { cwd });
    for (const verb of ["init", "inspect", "plan", "delete", "restore", "status", "doctor"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, "m"));
    }
    expect(status).toBe(0);
  });

  test.each(["init", "inspect", "plan", "delete", "restore", "status", "doctor"])(
    "of %s has an example and the options of every verb",
    (verb) => {
      const { status, stdout } = runCli([verb, "--help"], { cwd });
      expect(stdout).toContain(`Example:\n  ondelete ${verb}`);
      for (const option of ["--json", "--url", "--config", "--schema", "--quiet", "--no-color"]) {
        expect(stdout).toContain(option);
      }
      expect(status).toBe(0);
    },
  );

  test("does not run the configuration", () => {
    writeFileSync(join(cwd, "ondelete.config.mjs"), 'console.log("it ran"); export default {};');
    expect(runCli(["plan", "--help"], { cwd }).stdout).not.toContain("it ran");
  });

  test("--version prints the version of the package", () => {
    expect(runCli(["--version"], { cwd }).stdout).toBe("0.1.0\n");
  });
});
