import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { type CheckOptions, type Config, type Findings, OnDeleteError, open } from "../../src/index.ts";

const SCHEMA = `create table nodes (id integer primary key, up integer references nodes (id));
  create table users (id integer primary key);
  create table audit_log (id integer primary key, user_id integer references users (id) on delete cascade);
  create index nodes_up on nodes (up); create index audit_user on audit_log (user_id)`;

async function checked(
  checks: Config["checks"],
  options: CheckOptions = {},
  sql = SCHEMA,
): Promise<Findings> {
  const handle = new DatabaseSync(":memory:");
  handle.exec(sql);
  const db = await open(handle, checks ? { checks } : {});
  try {
    return await db.check(options);
  } finally {
    handle.close();
  }
}

const told = ({ findings }: Findings) => findings.map((f) => [f.severity, f.standing, f.rule]);

test("unless told otherwise a guess does not count", async () => {
  expect(told(await checked(undefined))).toEqual([
    ["warning", "open", "self-reference-blocks"],
    ["error", "unconfirmed", "cascade-to-audit"],
  ]);
});

test("a level changes what findings are worth, confirms guesses, and switches rules off", async () => {
  const found = await checked({
    rules: { "self-reference-blocks": "info", "cascade-to-audit": { level: "warning" } },
  });
  expect(told(found)).toEqual([
    ["warning", "open", "cascade-to-audit"],
    ["info", "open", "self-reference-blocks"],
  ]);
  const off = await checked({ rules: { "self-reference-blocks": "off" } });
  expect(off.summary.skipped).toContainEqual({
    rule: "self-reference-blocks",
    because: "off",
    reason: "The configuration switches it off.",
  });
  expect(told(off)).toEqual([["error", "unconfirmed", "cascade-to-audit"]]);
});

test("a rule that is asked for by name runs alone, also where it is off", async () => {
  const found = await checked(
    { rules: { "self-reference-blocks": "off" } },
    { rules: ["self-reference-blocks"] },
  );
  expect(told(found)).toEqual([["warning", "open", "self-reference-blocks"]]);
  expect(found.summary.ran).toEqual(["self-reference-blocks"]);
});

test("an option of a rule moves its threshold", async () => {
  const sql = `create table p (id integer primary key); create table c (id integer primary key, p integer references p (id));
    insert into p values (1);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 20) insert into c select i, 1 from n;
    create index c_id on c (id); analyze`;
  const severity = async (rules: NonNullable<Config["checks"]>["rules"]) =>
    told(await checked(rules ? { rules } : {}, { rules: ["fk-without-index"] }, sql)).map(([s]) => s);
  expect(await severity({})).toEqual(["info"]);
  expect(await severity({ "fk-without-index": { small: 19 } })).toEqual(["warning"]);
});

const ignore = (object: string, expires = "2999-12-31") => ({
  ignores: [{ rule: "self-reference-blocks", object, reason: "it is a tree", owner: "data team", expires }],
});

test("an ignore holds for what its pattern matches, until its day is over", async () => {
  const count = async (checks: Config["checks"]) => {
    const { summary, findings } = await checked(checks, { rules: ["self-reference-blocks"] });
    return [findings.length, summary.ignored];
  };
  expect(await count(ignore("nodes(up) -> nodes(id)"))).toEqual([0, 1]);
  expect(await count(ignore("nodes(*"))).toEqual([0, 1]);
  expect(await count(ignore("node"))).toEqual([1, 0]);
  expect(await count(ignore("nodes(*", "2020-02-29"))).toEqual([1, 0]);
  const today = new Date().toISOString().slice(0, 10);
  expect(await count(ignore("nodes(*", today))).toEqual([0, 1]);
});

test("an ignore that hides nothing is told of, unless its rule did not run or another ignore is meant", async () => {
  const unused = async (checks: Config["checks"], options: CheckOptions = {}) =>
    (await checked(checks, options)).summary.unused;
  expect(await unused(ignore("node"))).toEqual([{ rule: "self-reference-blocks", object: "node" }]);
  expect(await unused(ignore("nodes(*"))).toEqual([]);
  expect(await unused(ignore("node"), { rules: ["fk-duplicate"] })).toEqual([]);
  // What has run out is an error already.
  expect(await unused(ignore("node", "2020-01-01"))).toEqual([]);
  // Of a table that is not shown the finding is there nevertheless.
  expect(await unused(ignore("nodes(*"), { tables: ["users"] })).toEqual([]);
});

test("an ignore that has run out is an error even where an ignore would hide it", async () => {
  const expired = ignore("*", "2020-01-01").ignores;
  const hiding = { ...expired[0], rule: "ignore-invalid", expires: "2999-12-31" } as (typeof expired)[number];
  const found = await checked({ ignores: [...expired, hiding] }, { rules: ["ignore-invalid"] });
  expect(told(found)).toEqual([["error", "open", "ignore-invalid"]]);
});

test.each([
  [
    { rules: { "fk-witout-index": "off" } },
    `checks.rules["fk-witout-index"]: there is no rule "fk-witout-index". Did you mean "fk-without-index"?`,
  ],
  [
    { rules: { "fk-without-index": { smal: 3 } } },
    `the rule fk-without-index has no option "smal". Did you mean "small"?`,
  ],
  [{ rules: { "fk-without-index": "eror" } }, `"eror" is none of "error", "warning", "info", "off"`],
  [
    { rules: { "fk-without-index": { level: "eror" } } },
    `"eror" is none of "error", "warning", "info", "off"`,
  ],
  [{ rule: {} }, `checks.rule: there is no key "rule" here. Did you mean "rules"?`],
  [
    { ignores: [{ rule: "fk-without-index", object: "*", owner: "me", expires: "2999-01-01" }] },
    "checks.ignores[0].reason: is missing",
  ],
  [
    { ignores: [{ rule: "fk-without-index", object: "*", reason: "r", expires: "2999-01-01" }] },
    "checks.ignores[0].owner: is missing",
  ],
  [
    { ignores: [{ rule: "fk-without-index", object: "*", reason: "r", owner: "me" }] },
    "checks.ignores[0].expires: is missing",
  ],
  [
    { ignores: [{ rule: "fk-without-index", object: "*", reason: "r", owner: "me", expires: "2999-02-30" }] },
    `must be a day such as "2026-12-31"`,
  ],
  [
    { ignores: [{ rule: "fk-without", object: "*", reason: "r", owner: "me", expires: "2999-01-01" }] },
    `checks.ignores[0].rule: there is no rule "fk-without".`,
  ],
])("what is wrong with a configuration of checks is said: %o", async (checks, message) => {
  const failure = await checked(checks as Config["checks"]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OnDeleteError);
  expect([(failure as OnDeleteError).code, (failure as OnDeleteError).message]).toEqual([
    "config-invalid",
    expect.stringContaining(message),
  ]);
});

test("a rule that does not exist cannot be asked for", async () => {
  const failure = await checked({}, { rules: ["fk-without-indexes"] }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "usage", exitCode: 2 });
  expect((failure as Error).message).toBe(
    'There is no rule fk-without-indexes. Did you mean "fk-without-index"?',
  );
});
