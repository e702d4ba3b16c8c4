import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";

/** What is inferred of a schema without rows, as `child.column → parent.column`. */
async function inferred(...tables: readonly string[]): Promise<readonly string[]> {
  const db = new DatabaseSync(":memory:");
  for (const table of tables) db.exec(`create table ${table}`);
  const found = await (await open(db)).inferRelations();
  db.close();
  return found.map(({ relation: r }) => `${r.child}.${r.columns[0]} → ${r.parent}.${r.parentColumns[0]}`);
}

test.each([
  ["user_id", "users"],
  ["userId", "users"],
  ["UserID", "Users"],
  ["user", "users", "not"],
  ["id_user", "user"],
  ["fk_user", "users"],
  ["category_id", "categories"],
  ["address_id", "addresses"],
  ["status_id", "statuses"],
  ["box_id", "boxes"],
  ["person_id", "people"],
  ["analysis_run_id", "analysisRuns"],
  ["user_uuid", "users"],
  ["customer_id", "users", "not"],
  ["external_user_id", "users", "not"],
  ["stripe_user_id", "users", "not"],
  ["session_id", "sessions", "not"],
  ["request_id", "image_requests", "not"],
  ["image_request_id", "image_requests"],
  ["other_image_request_id", "image_requests", "not"],
])("%s is a reference to %s, or is not", async (column, parent, not?: string) => {
  const found = await inferred(
    `"${parent}" (id integer primary key)`,
    `c (k integer primary key, "${column}" integer)`,
  );
  expect(found).toEqual(not ? [] : [`c.${column} → ${parent}.id`]);
});

test("a column of another kind than the key is none", async () => {
  expect(await inferred("users (id integer primary key)", "c (k integer primary key, user_id text)")).toEqual(
    [],
  );
});

test("a table with a key of several columns, and a column that a constraint covers, are none", async () => {
  const found = await inferred(
    "users (id integer primary key)",
    "members (a integer, b integer, primary key (a, b))",
    "c (k integer primary key, user_id integer references users, member_id integer)",
  );
  expect(found).toEqual([]);
});

test("beside a column that names a type it is none", async () => {
  const found = await inferred(
    "users (id integer primary key)",
    "c (k integer primary key, user_id integer, user_type text)",
  );
  expect(found).toEqual([]);
});

test("an affix that the constraints of the schema use is learned", async () => {
  const found = await inferred(
    "users (id integer primary key)",
    "firms (id integer primary key)",
    "a (k integer primary key, user_link integer references users)",
    "b (k integer primary key, firm_link integer)",
  );
  expect(found).toEqual(["b.firm_link → firms.id"]);
});
