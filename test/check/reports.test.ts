import { error, notice } from "@actions/core";
import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import { Ajv } from "ajv";
import Draft4 from "ajv-draft-04";
import formats from "ajv-formats";
import { parse } from "junit2json";
import { expect, test, vi } from "vitest";
import type { ReportContext } from "../../src/cli/report/report.ts";
import { reports } from "../../src/cli/report/reports.ts";
import { type Finding, type Findings, ruleInfos } from "../../src/index.ts";

const finding = (more: Partial<Finding>): Finding => ({
  rule: "cascade-blocked",
  severity: "error",
  confidence: "certain",
  object: "k(c_id) -> c(id)",
  table: "k",
  message: "A delete fails.",
  evidence: { roots: ["p"] },
  fix: null,
  fingerprint: "0123456789abcdef",
  docs: "docs/rules/cascade-blocked.md",
  standing: "open",
  ...more,
});

/** Everything that a name or a message may hold and a format may trip over. */
const AWKWARD = `a "b" <c> & 'd' | \`e\` 100% ::set-env x,y: \u0007 ü\r\nz ]]>`;

const FINDINGS = [
  finding({
    object: AWKWARD,
    message: AWKWARD,
    fix: { description: "Mend it.", sql: 'drop table "x"' },
    location: { file: "db/a,b:c.json", line: 7, column: 3 },
  }),
  finding({ severity: "warning", standing: "known", fingerprint: "1" }),
  finding({ severity: "info", fingerprint: "2", location: { file: "lock.json", line: 9 } }),
  finding({ severity: "error", confidence: "inferred", standing: "unconfirmed", fingerprint: "3" }),
];

const found: Findings = {
  ondelete: "1",
  kind: "findings",
  engine: { name: "sqlite", version: "3.53.4" },
  findings: FINDINGS,
  summary: {
    errors: 2,
    warnings: 1,
    infos: 1,
    known: 1,
    unconfirmed: 1,
    ignored: 2,
    unused: [{ rule: "fk-duplicate", object: "gone(*" }],
    ran: ["cascade-blocked", "fk-duplicate"],
    skipped: [
      { rule: "fk-parent-missing", because: "failed", reason: "no rights < here" },
      { rule: "fk-without-index", because: "off", reason: "The configuration switches it off." },
      { rule: "cascade-cycle", because: "not-asked", reason: "Other rules were asked for." },
    ],
    stale: [{ fingerprint: "9", rule: "fk-duplicate", object: "gone" }],
  },
};

const nothing: Findings = {
  ...found,
  findings: [],
  summary: {
    ...found.summary,
    errors: 0,
    warnings: 0,
    infos: 0,
    known: 0,
    unconfirmed: 0,
    unused: [],
    skipped: [],
    stale: [],
  },
};

const context: ReportContext = {
  rules: ruleInfos,
  version: "0.1.0",
  fails: (f) => f.standing === "open" && f.severity !== "info",
};

test("SARIF is valid by the schema of OASIS, and says of each finding how bad it is and where", () => {
  const ajv = new Draft4.default({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  for (const some of [found, nothing]) {
    validate(JSON.parse(reports.sarif(some, context)));
    expect(validate.errors).toBe(null);
  }
  const [run] = JSON.parse(reports.sarif(found, context)).runs;
  expect(run.results.map((r: Record<string, unknown>) => [r.kind, r.level, r.baselineState ?? null])).toEqual(
    [
      ["fail", "error", null],
      ["fail", "warning", "unchanged"],
      ["fail", "note", null],
      ["review", "none", null],
    ],
  );
  expect(run.results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "db/a,b:c.json" },
    region: { startLine: 7, startColumn: 3 },
  });
  expect(run.results[0].message.text).toBe(`${AWKWARD} Mend it. drop table "x"`);
  expect(run.tool.driver.rules[run.results[0].ruleIndex].id).toBe("cascade-blocked");
  expect(run.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          level: "error",
          message: { text: "no rights < here" },
          associatedRule: { id: "fk-parent-missing" },
        },
      ],
    },
  ]);
});

/** As GitHub's runner reads a line: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
function command(line: string) {
  const match = /^::(\w+) (.*?)::(.*)$/s.exec(line);
  if (!match) throw new Error(`no command: ${line}`);
  const [, name, properties = "", data = ""] = match;
  const plain = (text: string) =>
    text
      .replaceAll("%0D", "\r")
      .replaceAll("%0A", "\n")
      .replaceAll("%3A", ":")
      .replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  const pairs = properties.split(",").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at), plain(pair.slice(at + 1))];
  });
  return { name, ...Object.fromEntries(pairs), data: plain(data) };
}

test("GitHub reads the annotations as they were meant, and known findings are left out", () => {
  const lines = reports.github(found, context).split("\n");
  expect(lines.map(command)).toEqual([
    {
      name: "error",
      file: "db/a,b:c.json",
      line: "7",
      col: "3",
      title: `cascade-blocked: ${AWKWARD}`,
      data: `${AWKWARD}\nMend it.\ndrop table "x"`,
    },
    {
      name: "notice",
      file: "lock.json",
      line: "9",
      title: "cascade-blocked: k(c_id) -> c(id)",
      data: "A delete fails.",
    },
    { name: "notice", title: "cascade-blocked: k(c_id) -> c(id)", data: "A delete fails." },
  ]);
  expect(reports.github(nothing, context)).toBe("");
});

test("GitHub's own library writes the same annotations", () => {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  try {
    error(`${AWKWARD}\nMend it.\ndrop table "x"`, {
      title: `cascade-blocked: ${AWKWARD}`,
      file: "db/a,b:c.json",
      startLine: 7,
      startColumn: 3,
    });
    notice("A delete fails.", {
      title: "cascade-blocked: k(c_id) -> c(id)",
      file: "lock.json",
      startLine: 9,
    });
    notice("A delete fails.", { title: "cascade-blocked: k(c_id) -> c(id)" });
  } finally {
    spy.mockRestore();
  }
  const theirs = written.join("").trimEnd().split("\n");
  expect(reports.github(found, context).split("\n").map(sortedProperties)).toEqual(
    theirs.map(sortedProperties),
  );
});

/** Properties come in any order. */
const sortedProperties = (line: string): string =>
  line.replace(
    /^(::\w+ )(.*?)(?=::)/s,
    (_, name: string, all: string) => name + all.split(",").sort().join(),
  );

/** The table of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format as a schema. */
const GITLAB = {
  type: "array",
  items: {
    type: "object",
    required: ["description", "check_name", "fingerprint", "severity", "location"],
    properties: {
      description: { type: "string", minLength: 1 },
      check_name: { type: "string", minLength: 1 },
      fingerprint: { type: "string", minLength: 1 },
      severity: { enum: ["info", "minor", "major", "critical", "blocker"] },
      location: {
        type: "object",
        required: ["path", "lines"],
        properties: {
          path: { type: "string", pattern: "^(?!\\./)" },
          lines: {
            type: "object",
            required: ["begin"],
            properties: { begin: { type: "integer", minimum: 1 } },
          },
        },
      },
    },
  },
};

test("GitLab gets what its documentation asks for, and known findings are left out", () => {
  const issues = JSON.parse(reports.gitlab(found, context));
  const validate = new Ajv().compile(GITLAB);
  validate(issues);
  expect(validate.errors).toBe(null);
  expect(
    issues.map((i: { severity: string; fingerprint: string; location: object }) => [
      i.severity,
      i.fingerprint,
      i.location,
    ]),
  ).toEqual([
    ["major", "0123456789abcdef", { path: "db/a,b:c.json", lines: { begin: 7 } }],
    ["info", "2", { path: "lock.json", lines: { begin: 9 } }],
    ["info", "3", { path: "ondelete.schema.json", lines: { begin: 1 } }],
  ]);
  expect(JSON.parse(reports.gitlab(nothing, context))).toEqual([]);
});

test("JUnit is read by a parser of such files: what fails, what was passed over, what found nothing", async () => {
  const suites = await parse(reports.junit(found, context));
  if (!suites || !("testsuite" in suites)) throw new Error("no test suites");
  const [suite] = suites.testsuite ?? [];
  expect([suite?.tests, suite?.failures, suite?.errors, suite?.skipped]).toEqual([7, 1, 1, 4]);
  expect(
    suite?.testcase?.map((c) => [
      c.classname,
      c.failure ? "failure" : c.error ? "error" : c.skipped ? "skipped" : "passed",
    ]),
  ).toEqual([
    ["cascade-blocked", "failure"],
    ["cascade-blocked", "skipped"],
    ["cascade-blocked", "skipped"],
    ["cascade-blocked", "skipped"],
    ["fk-parent-missing", "error"],
    ["fk-without-index", "skipped"],
    ["fk-duplicate", "passed"],
  ]);
  // XML has no bell.
  const readable = AWKWARD.replace("\u0007", "");
  expect(suite?.testcase?.[0]?.name).toBe(readable);
  expect(suite?.testcase?.[0]?.failure?.[0]?.inner).toBe(`${readable}\nMend it.\ndrop table "x"`);
});

test("a comment on a pull request shows names as text, and folds what does not count", () => {
  const text = reports.markdown(found, context);
  expect(text.split("\n")[0]).toBe("### ondelete check: 1 finding to fix");
  expect(text).toContain(
    "SQLite 3.53.4 · 2 errors, 1 warning, 1 info · 1 known by the baseline · 2 ignored · 1 in the baseline that are mended",
  );
  const row = text.split("\n").find((line) => line.startsWith("| error"));
  // Unescaped pipes are the borders of the row's four cells.
  expect(row?.split(/(?<!\\)\|/)).toHaveLength(6);
  expect(row).toContain("&#60;c> & 'd' &#124; &#96;e&#96; 100%");
  expect(text).toContain("<details><summary>2 more findings that do not count</summary>");
  expect(text).toContain('drop table "x";');
  expect(text).toContain("**fk-parent-missing could not run**: no rights &#60; here");
  expect(reports.markdown(nothing, context)).toBe(
    "### ondelete check: nothing to fix\n\nSQLite 3.53.4 · 0 errors, 0 warnings, 0 infos · 2 ignored",
  );
});
