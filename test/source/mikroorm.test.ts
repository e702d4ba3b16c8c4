import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { EntityCaseNamingStrategy } from "@mikro-orm/core";
import { MariaDbDriver } from "@mikro-orm/mariadb";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { SqliteDriver, SqlMikroORM } from "@mikro-orm/sql";
import { SqliteDialect } from "kysely";
import { describe, expect, test } from "vitest";
import { mikroorm } from "../../src/source/mikroorm/mikroorm.ts";
import { asSqliteDatabase } from "../integrate/as-sqlite-database.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { entities, TaskSubscriber } from "./mikroorm/entities.ts";
import { filters, moreEntities } from "./mikroorm/more-entities.ts";
import { type Both, expectNoDrift, expectSame, findingsOf, readBoth } from "./same-model.ts";

// biome-ignore lint/suspicious/noExplicitAny: options of three drivers
type Any = any;

const DRIVERS = {
  engines: ["sqlite", "postgres", "mariadb"],
  because: "MikroORM's driver for it brings a PGlite of its own",
} as const;

const file = join("test", "source", "mikroorm", "entities.ts");

function optionsOn({ engine }: Variant, { url, handle }: TestDatabase): Any {
  if (engine === "mariadb") return { driver: MariaDbDriver, clientUrl: url };
  if (engine === "postgres") return { driver: PostgreSqlDriver, clientUrl: url };
  const database = asSqliteDatabase(handle as DatabaseSync) as never;
  return { driver: SqliteDriver, dbName: "test", driverOptions: new SqliteDialect({ database }) };
}

describe("MikroORM", () => {
  eachVariant((variant, fresh) => {
    const made = async (
      more: object = {},
    ): Promise<Both & { readonly found: readonly (readonly string[])[] }> => {
      const db = await fresh();
      const orm = await SqlMikroORM.init({
        ...optionsOn(variant, db),
        entities: entities(variant.engine),
        subscribers: [new TaskSubscriber()],
        ...more,
      } as Any);
      await orm.schema.create();
      const both = await readBoth(db, mikroorm(orm, { file }));
      await expectNoDrift(db, mikroorm(orm));
      const found = await findingsOf(db, mikroorm(orm), ["orm-only-cascade", "db-cascade-skips-hooks"]);
      await orm.close();
      return { ...both, found: found.map((f) => [f.rule, f.object]) };
    };
    const letter = variant.engine === "postgres" ? "post.letter" : "letter";

    test("entities say the same as the database that MikroORM makes of them", async () => {
      const both = await made();
      expectSame(both);
      expect(both.found).toEqual([
        ["orm-only-cascade", `${letter}(sender_id) -> people(id)`],
        ["db-cascade-skips-hooks", "task(project_tenant,project_key) -> project(tenant,key)"],
      ]);
      expect(both.schema.relations.filter((r) => r.enforcement === "database")).toHaveLength(13);
    });

    test("defaults, hooks, cascades and relations without a constraint are told", async () => {
      const { schema } = await made();
      const relation = (id: string) => schema.relations.find((r) => r.id === id);
      expect(relation(`${letter}(sender_id) -> people(id)`)).toMatchObject({
        onDelete: "restrict",
        written: true,
      });
      expect(relation(`${letter}(recipient_id) -> people(id)`)).toMatchObject({
        onDelete: "no action",
        written: false,
      });
      expect(relation(`${letter}(copy) -> people(email)`)).toMatchObject({
        onDelete: "no action",
        written: true,
      });
      expect(relation(`${letter}(keeper_id) -> people(id)`)).toMatchObject({
        onDelete: "set null",
        written: null,
      });
      expect(relation(`${letter}(free_id) -> people(id)`)).toMatchObject({ enforcement: "application" });
      expect(schema.tables.flatMap((t) => t.hooks.map((h) => [t.id, h.name]))).toEqual([
        ["people", "Person.farewell"],
        ["task", "TaskSubscriber"],
      ]);
      expect(schema.cascades.map((c) => [c.relation.id, c.deletes, c.text])).toEqual([
        [`${letter}(sender_id) -> people(id)`, "child", "cascade: [Cascade.REMOVE]"],
        ["profile(person_id) -> people(id)", "child", "orphanRemoval: true"],
      ]);
    });

    // MikroORM writes no valid SQL for SQLite then.
    test.skipIf(variant.engine === "sqlite")(
      "a generator that makes no constraints leaves all relations to the application",
      async () => {
        const both = await made({ schemaGenerator: { createForeignKeyConstraints: false } });
        expectSame(both);
        expect(both.model.relations).toEqual([]);
        expect(new Set(both.schema.relations.map((r) => r.enforcement))).toEqual(new Set(["application"]));
        expect(both.schema.relations).toHaveLength(14);
      },
    );

    test("other forms of entities, keys, inheritance and joining tables are read like the database that MikroORM makes", async () => {
      const both = await made({ entities: moreEntities(variant.engine), subscribers: [], filters });
      expectSame(both);
      const { relations, cascades } = both.schema;
      const by = (who: string) => relations.filter((r) => r.enforcement === who).map((r) => r.id);
      expect(by("database")).toHaveLength(18);
      expect(by("application")).toEqual([
        "free tags(book_id) -> book(id)",
        "free tags(tag_name) -> tag(name)",
      ]);
      const leaf = variant.engine === "postgres" ? "wood.leaf" : "leaf";
      expect(cascades.map((c) => `${c.deletes} of ${c.relation.id}: ${c.text}`).sort()).toEqual(
        [
          `child of ${leaf}(node_tenant,node_key) -> node(tenant,key): orphanRemoval: true`,
          "child of node(parent tenant,parent_key) -> node(tenant,key): cascade: [Cascade.ALL]",
        ].sort(),
      );
    });

    test("names are those of the naming strategy", async () => {
      const more = { entities: moreEntities(variant.engine), subscribers: [], filters };
      const both = await made({ ...more, namingStrategy: EntityCaseNamingStrategy });
      expectSame(both);
      expect(both.schema.tables.map((t) => t.id)).toContain("MarkedByTime");
      expect(both.schema.tables.find((t) => t.id === "MarkedByTime")?.softDelete).toBe("deletedAt");
    });

    test.skipIf(variant.engine !== "postgres")(
      "a schema of the configuration holds every table that names none",
      async () => {
        const both = await made({ schema: "shop" });
        expectSame(both);
        const ids = both.schema.relations.map((r) => r.id);
        expect(ids).toContain("post.letter(sender_id) -> shop.people(id)");
        expect(both.schema.tables.find((t) => t.id === "shop.people")?.hooks).toHaveLength(1);
      },
    );

    test("a filter that hides what a marker marks is a soft delete, and no other is", async () => {
      const { schema } = await made({ entities: moreEntities(variant.engine), subscribers: [], filters });
      const marked = schema.tables.flatMap((t) => (t.softDelete === null ? [] : [[t.id, t.softDelete]]));
      expect(marked).toEqual([
        ["by_the_configuration", "deleted_at"],
        ["marked_by_flag", "is_deleted"],
        ["marked_by_time", "deleted_at"],
        ["marked_equal", "deleted_at"],
      ]);
    });

    test("entities and their properties have their lines", async () => {
      const { schema } = await made();
      const people = schema.tables.find((t) => t.id === "people");
      expect(people?.location).toEqual({ file, line: 17 });
      expect(people?.columns.find((c) => c.name === "email")?.location).toEqual({ file, line: 22 });
      expect(people?.columns.find((c) => c.name === "boss_id")?.location).toEqual({ file, line: 24 });
    });
  }, DRIVERS);
});

test("what is no MikroORM is refused", async () => {
  const engine = { defaultNamespace: "public", capabilities: {} as never, lexicon: {} as never };
  const found = await failure(mikroorm(Promise.resolve()).read(engine));
  expect([found.code, found.message]).toEqual([
    "source-invalid",
    "What mikroorm() was given is no MikroORM.",
  ]);
});
