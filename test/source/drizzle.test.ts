import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as previous from "drizzle-orm-0.44/sqlite-core";
import { describe, expect, test } from "vitest";
import type { SourceSchema } from "../../src/model/source.ts";
import { drizzle } from "../../src/source/drizzle/drizzle.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import * as moreMysql from "./drizzle/more-mysql-schema.ts";
import * as morePostgres from "./drizzle/more-postgres-schema.ts";
import * as moreSqlite from "./drizzle/more-sqlite-schema.ts";
import * as mysql from "./drizzle/mysql-schema.ts";
import * as postgres from "./drizzle/postgres-schema.ts";
import * as sqlite from "./drizzle/sqlite-schema.ts";
import { expectNoDrift, expectSame, readBoth } from "./same-model.ts";

const SCHEMAS = { sqlite, postgres, pglite: postgres, mariadb: mysql };
const MORE = { sqlite: moreSqlite, postgres: morePostgres, pglite: morePostgres, mariadb: moreMysql };
const NAMES = { sqlite: "sqlite", postgres: "postgres", pglite: "postgres", mariadb: "mysql" };

const folder = join("test", "source", "drizzle");

/** The SQL is what `drizzle-kit generate` 0.31.11 writes for the schema beside it. */
async function make(stage: TestDatabase, { engine }: Variant, prefix = ""): Promise<void> {
  const sql = await readFile(join(folder, `${prefix}${NAMES[engine]}.sql`), "utf8");
  for (const statement of sql.split("--> statement-breakpoint")) await stage.exec(statement);
}

const relation = ({ relations }: SourceSchema, id: string) => relations.find((r) => r.id === id);

eachVariant((variant, fresh) => {
  const schemaFile = join(folder, `${NAMES[variant.engine]}-schema.ts`);
  const source = drizzle(SCHEMAS[variant.engine], { file: schemaFile });

  test("a Drizzle schema says the same as the database that was made from it", async () => {
    const stage = await fresh();
    await make(stage, variant);
    const both = await readBoth(stage, source);
    expectSame(both);
    await expectNoDrift(stage, source);
    expect(both.schema.relations.filter((r) => r.enforcement === "database")).toHaveLength(10);
  });

  test("keys of several columns, circles, conditions and names by casing are read like the database", async () => {
    const stage = await fresh();
    await make(stage, variant, "more-");
    const more = drizzle(MORE[variant.engine], { casing: "snake_case" });
    const both = await readBoth(stage, more);
    expectSame(both);
    await expectNoDrift(stage, more);
    const by = (who: string) => both.schema.relations.filter((r) => r.enforcement === who).map((r) => r.id);
    expect(by("application")).toEqual(["eggs(buyer_id) -> my_tenants(id)"]);
    const nodes = variant.engine === "postgres" || variant.engine === "pglite" ? "wood.nodes" : "nodes";
    expect(new Set(by("database"))).toEqual(
      new Set([
        "eggs(hen_id) -> hens(id)",
        "eggs(second_hen) -> hens(id)",
        "hens(egg_id) -> eggs(id)",
        `leaves(tenant_id,node_key) -> ${nodes}(tenant_id,node_key)`,
        `${nodes}(parent tenant,parent_key) -> ${nodes}(tenant_id,node_key)`,
        `${nodes}(tenant_id) -> my_tenants(id)`,
      ]),
    );
  });

  test("a relation of relations() without references() is the application's alone", async () => {
    const stage = await fresh();
    const { schema } = await readBoth(stage, source);
    const known = schema.relations.filter((r) => r.enforcement === "application");
    expect(known.map((r) => r.id)).toEqual(["tasks(watcher) -> people(id)"]);
  });

  test("an onDelete that is written out is told from the default", async () => {
    const stage = await fresh();
    const { schema } = await readBoth(stage, source);
    const written = ["recipient", "sender", "copy"].map(
      (column) => relation(schema, `letters(${column}) -> people(email)`)?.written,
    );
    expect(written).toEqual([true, false, true]);
    expect(relation(schema, "tasks(tenant,project) -> projects(tenant,key)")?.written).toBe(true);
  });

  test("tables, columns and relations have the lines where they are defined", async () => {
    const stage = await fresh();
    const { schema } = await readBoth(stage, source);
    const lines = (await readFile(schemaFile, "utf8")).split("\n");
    const lineOf = (location: { line: number } | null | undefined) => lines[(location?.line ?? 0) - 1];
    const tasks = schema.tables.find((t) => t.id === "tasks");
    expect(tasks?.location?.file).toBe(schemaFile);
    expect(lineOf(tasks?.location)).toMatch(/^export const tasks = /);
    expect(lineOf(tasks?.columns.find((c) => c.name === "project")?.location)).toMatch(/^ {4}project: /);
    expect(lineOf(relation(schema, "people(manager_id) -> people(id)")?.location)).toMatch(
      /^ {2}managerId: /,
    );
    // A table that a function with a prefix makes is not found by its name.
    expect(schema.tables.find((t) => t.id === "shop_members")?.location).toBeNull();
  });
});

describe("casing", () => {
  test("names that Drizzle takes from properties are cased as drizzle-kit does", async () => {
    const stage = { defaultNamespace: "main", capabilities: {} as never, lexicon: {} as never };
    const snake = await drizzle(sqlite, { casing: "snake_case" }).read(stage);
    expect(snake.relations.map((r) => r.id)).toContain("events(person_id) -> people(id)");
    const plain = await drizzle(sqlite).read(stage);
    expect(plain.relations.map((r) => r.id)).toContain("events(personId) -> people(id)");
  });
});

test("a schema of Drizzle 0.44 is read like one of 0.45", async () => {
  const people = previous.sqliteTable("people", { id: previous.integer("id").primaryKey() });
  const notes = previous.sqliteTable(
    "notes",
    { owner: previous.integer("owner").references(() => people.id, { onDelete: "cascade" }) },
    (t) => [previous.uniqueIndex("one").on(t.owner)],
  );
  const engine = { defaultNamespace: "main", capabilities: {} as never, lexicon: {} as never };
  const { tables, relations } = await drizzle({ people, notes }).read(engine);
  expect(tables.map((t) => [t.id, t.primaryKey, t.uniqueKeys])).toEqual([
    ["notes", [], [["owner"]]],
    ["people", ["id"], []],
  ]);
  expect(relations.map((r) => [r.id, r.onDelete, r.written])).toEqual([
    ["notes(owner) -> people(id)", "cascade", true],
  ]);
});

describe("what cannot be read", () => {
  const engine = { defaultNamespace: "main", capabilities: {} as never, lexicon: {} as never };

  test("a module without tables is refused", async () => {
    const found = await failure(drizzle({ people: "no table" }).read(engine));
    expect([found.code, found.message]).toEqual([
      "source-invalid",
      "What drizzle() was given exports no table of Drizzle's.",
    ]);
  });

  test("a reference that leads nowhere is refused with the table's line", async () => {
    const missing = undefined as unknown as { id: never };
    const people = previous.sqliteTable("people", {
      boss: previous.integer("boss").references(() => missing.id),
    });
    const file = join("test", "source", "drizzle", "sqlite-schema.ts");
    const found = await failure(drizzle({ people }, { file }).read(engine));
    expect(found.code).toBe("source-invalid");
    expect(found.message).toBe(
      `The table people of the Drizzle schema at ${file}:16 has a reference that leads nowhere: Cannot read properties of undefined (reading 'id')`,
    );
  });
});
