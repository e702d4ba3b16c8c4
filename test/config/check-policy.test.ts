import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Config, type Database, open } from "../../src/index.ts";

const handle = new DatabaseSync(":memory:");

beforeAll(() => {
  handle.exec("create table users (id integer primary key, email text)");
  handle.exec("create table notes (id integer primary key, owner_id integer)");
});

afterAll(() => handle.close());

const relation = {
  child: "notes",
  columns: ["owner_id"],
  parent: "users",
  parentColumns: ["id"],
  onDelete: "cascade",
} as const;

async function problem(config: Config): Promise<string> {
  const db: Database = await open(handle, config);
  const failure = await db.inspect().then(
    () => null,
    (error: { code: string; message: string; hint: string | null }) => error,
  );
  expect(failure?.code).toBe("config-invalid");
  return `${failure?.message} ${failure?.hint ?? ""}`;
}

test("a configuration whose names are all in the database is taken", async () => {
  const db = await open(handle, { relations: [relation], tables: { users: { secret: ["email"] } } });
  expect((await db.inspect()).relations.map((r) => r.id)).toEqual(["notes(owner_id) -> users(id)"]);
});

test.each([
  ["a child table", { relations: [{ ...relation, child: "note" }] }, "notes"],
  ["a parent table", { relations: [{ ...relation, parent: "user" }] }, "users"],
  ["a column", { relations: [{ ...relation, columns: ["ownerid"] }] }, "owner_id"],
  ["a parent column", { relations: [{ ...relation, parentColumns: ["idd"] }] }, "id"],
  [
    "a type column",
    { relations: [{ ...relation, when: { column: "owner_ids", values: ["user"] } }] },
    "owner_id",
  ],
  ["a table with settings", { tables: { notess: { protected: true } } }, "notes"],
  ["a secret column", { tables: { users: { secret: ["emial"] } } }, "email"],
] as const)("%s that is not there is shown with the nearest name", async (_, config, nearest) => {
  expect(await problem(config)).toContain(nearest);
});

test("two entries for one relation are refused, also with their columns in another order", async () => {
  const twice = { relations: [relation, { ...relation, onDelete: "set null" }] } as const;
  expect(await problem(twice)).toContain("relations[0]");
});
