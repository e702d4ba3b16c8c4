import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";
import { resolvePolicy } from "../../src/config/resolve-policy.ts";
import { OnDeleteError } from "../../src/error.ts";

const relation = {
  child: "notes",
  columns: ["owner"],
  parent: "users",
  parentColumns: ["id"],
  onDelete: "cascade",
};

function failure(value: unknown): OnDeleteError {
  try {
    parseConfig(value, "ondelete.config.json");
  } catch (error) {
    if (error instanceof OnDeleteError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

test("a full configuration is taken as it is", () => {
  const config = {
    url: "sqlite:shop.db",
    schemas: ["public", "billing"],
    include: ["shop_*"],
    exclude: ["shop_tmp"],
    relations: [
      { ...relation, enforcedBy: "database" },
      { ...relation, when: { column: "owner_type", values: ["user"] } },
    ],
    tables: { users: { secret: ["email"] }, "billing.invoices": { protected: true } },
    limits: { maxRows: 1000, digestRows: 0, lockTimeoutMs: 250 },
    journal: { schema: "keeping", prefix: "keeping_" },
    protected: true,
  };
  expect(parseConfig(config, null)).toEqual(config);
});

test.each([
  [
    "a misspelt key",
    { relatoins: [] },
    `relatoins: there is no key "relatoins" here. Did you mean "relations"?`,
  ],
  [
    "a misspelt key of a relation, with the relation",
    { relations: [{ ...relation, colums: ["x"] }] },
    `relations[0].colums: there is no key "colums" here. Did you mean "columns"?\n    in {"child":"notes"`,
  ],
  [
    "a misspelt key of a polymorphic relation's condition",
    { relations: [{ ...relation, when: { column: "t", values: ["a"], value: "a" } }] },
    `relations[0].when.value: there is no key "value" here. Did you mean "values"?`,
  ],
  [
    "a misspelt key of a table with an awkward name",
    { tables: { "My Table": { protcted: true } } },
    `tables["My Table"].protcted: there is no key "protcted" here. Did you mean "protected"?\n    in {"protcted":true}`,
  ],
  [
    "a key of the limits that is like no other",
    { limits: { speed: 1 } },
    `limits.speed: there is no key "speed" here. Known keys: maxRows, digestRows, lockTimeoutMs, atomicRows, batchRows, targetBatchMs, leaseSeconds.`,
  ],
  [
    "a misspelt key of the journal",
    { journal: { shema: "x" } },
    `journal.shema: there is no key "shema" here. Did you mean "schema"?`,
  ],
  [
    "a referential action that does not exist",
    { relations: [{ ...relation, onDelete: "cascde" }] },
    `relations[0].onDelete: "cascde" is none of "no action", "restrict", "cascade", "set null", "set default". Did you mean "cascade"?`,
  ],
  ["a missing key", { relations: [{ child: "notes" }] }, "relations[0].columns: is missing."],
  [
    "an empty list of columns",
    { relations: [{ ...relation, columns: [] }] },
    "relations[0].columns: must not be empty.",
  ],
  ["a value of another type", { protected: "yes" }, `protected: must be a boolean, but is "yes".`],
  ["a text in place of a list", { relations: "x" }, `relations: must be a list, but is "x".`],
  ["a limit below its least", { limits: { maxRows: 0 } }, "limits.maxRows: 0 is too small."],
  ["something that is no object", [], "must be an object, but is []."],
])("%s is refused and shown", (_title, value, expected) => {
  const error = failure(value);
  expect(error.code).toBe("config-invalid");
  expect(error.exitCode).toBe(2);
  expect(error.message).toContain(expected);
});

test.each([
  ["serve", { serve: {} }],
  ["archive", { tables: { users: { archive: false } } }],
])("%s is said to be unsupported and never ignored", (key, value) => {
  expect(failure(value).message).toContain(`"${key}" is not supported yet; take it out.`);
});

test("every problem is listed, not only the first", () => {
  const { details } = failure({ relatoins: [], tabels: {}, protected: 1 });
  const paths = (details.problems as { path: string }[]).map((problem) => problem.path).sort();
  expect(paths).toEqual(["protected", "relatoins", "tabels"]);
});

test("what a configuration leaves out has a default", () => {
  expect(resolvePolicy({})).toEqual({
    relations: [],
    external: [],
    tables: {},
    hooks: {},
    keepArchives: null,
    limits: {
      maxRows: null,
      digestRows: 100_000,
      lockTimeoutMs: 5_000,
      atomicRows: 100_000,
      batchRows: 10_000,
      targetBatchMs: 50,
      leaseSeconds: 30,
    },
    journal: { schema: "ondelete", prefix: "ondelete_" },
    protected: false,
  });
});

test("a configured relation is the application's unless it says otherwise", () => {
  const config = parseConfig({ relations: [relation, { ...relation, enforcedBy: "database" }] }, null);
  expect(resolvePolicy(config).relations.map((r) => r.enforcedBy)).toEqual(["application", "database"]);
});

test.each([
  ["keeping", { schema: "keeping", prefix: "keeping_" }],
  ["keeping_", { schema: "keeping", prefix: "keeping_" }],
  [{ schema: "keeping" }, { schema: "keeping", prefix: "ondelete_" }],
  [{ prefix: "k_" }, { schema: "ondelete", prefix: "k_" }],
])("the journal %j lives in %j", (journal, expected) => {
  expect(resolvePolicy({ journal }).journal).toEqual(expected);
});
