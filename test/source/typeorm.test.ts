import { join } from "node:path";
import * as latest from "typeorm";
import * as previous from "typeorm-0.3";
import { describe, expect, test } from "vitest";
import type { SourceSchema } from "../../src/model/source.ts";
import { typeorm } from "../../src/source/typeorm/typeorm.ts";
import { NodeSqlite } from "../../systems/support/node-sqlite.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { expectNoDrift, expectSame, findingsOf, readBoth } from "./same-model.ts";
import { declare, ENTITIES, TaskSubscriber } from "./typeorm/entities.ts";
import { moreEntities } from "./typeorm/more-entities.ts";

const VERSIONS: readonly (readonly [string, typeof latest])[] = [
  ["1", latest],
  ["0.3", previous as object as typeof latest],
];
const DRIVERS = {
  engines: ["sqlite", "postgres", "mariadb"],
  because: "TypeORM has no driver for it",
} as const;

const file = join("test", "source", "typeorm", "entities.ts");

describe.each(VERSIONS)("TypeORM %s", (_, orm) => {
  eachVariant((variant, fresh) => {
    const stage = (work: (db: TestDatabase, source: latest.DataSource) => Promise<void>) => async () => {
      const db = await fresh();
      if (variant.engine === "postgres") await db.exec("create schema post");
      await work(db, sourceOn(orm, variant, db));
    };

    test(
      "entities say the same as the database that TypeORM makes of them",
      stage(async (db, source) => {
        await source.initialize();
        await source.synchronize();
        const both = await readBoth(db, typeorm(source));
        await expectNoDrift(db, typeorm(source));
        const found = await findingsOf(db, typeorm(source, { file }), [
          "orm-only-cascade",
          "db-cascade-skips-hooks",
        ]);
        const letters = variant.engine === "postgres" ? "post.Letter" : "Letter";
        expect(found.map((f) => [f.rule, f.object, f.location?.line])).toEqual([
          ["orm-only-cascade", `${letters}(recipient) -> people(email)`, 35],
          ["orm-only-cascade", `${letters}(sender) -> people(email)`, 20],
          ["db-cascade-skips-hooks", "task(tenant,project) -> project(tenant,key)", 89],
        ]);
        await source.destroy();
        expectSame(both);
        expect(both.schema.relations.filter((r) => r.enforcement === "database")).toHaveLength(20);
      }),
    );

    test("other keys, joining tables, trees and forms of entities are read like the database that TypeORM makes", async () => {
      const db = await fresh();
      if (variant.engine === "postgres") await db.exec(["create schema wood", "create schema shop"]);
      const family = variant.engine === "pglite" ? "postgres" : variant.engine;
      const more = { entities: moreEntities(orm, family), subscribers: [], entityPrefix: "my_" };
      const source = sourceOn(orm, variant, db, {
        ...more,
        ...(family === "postgres" ? { schema: "shop" } : {}),
      });
      await source.initialize();
      await source.synchronize();
      const shop = family === "postgres" ? "shop." : "";
      const wood = family === "postgres" ? "wood." : "";
      const drift = await findingsOf(db, typeorm(source), ["policy-drift-orm"]);
      expect(drift.map((f) => f.message)).toEqual([
        `TypeORM's metadata has the table ${shop}my_legacy, and the database does not: none of its relations holds.`,
      ]);
      const q = family === "mariadb" ? "`" : '"';
      // TypeORM's own, in which it keeps what views are made of.
      await db.exec(`drop table ${shop}typeorm_metadata`);
      await db.exec(
        `create table ${shop}my_legacy (id int not null primary key, ${q}tenantId${q} int references ${shop}my_tenant (id) on delete cascade)`,
      );
      const both = await readBoth(db, typeorm(source));
      await expectNoDrift(db, typeorm(source));
      await source.destroy();
      expectSame(both);
      const { relations, cascades, tables } = both.schema;
      const by = (who: string) => relations.filter((r) => r.enforcement === who).map((r) => r.id);
      expect(by("database")).toHaveLength(18);
      expect(by("application")).toEqual([
        `${shop}my_free_authors(authorId) -> ${shop}my_author(id)`,
        `${shop}my_free_authors(bookId) -> ${shop}my_book(id)`,
      ]);
      expect(tables.filter((t) => t.softDelete !== null).map((t) => [t.id, t.softDelete])).toEqual([
        [`${wood}my_node`, "since"],
      ]);
      expect(new Set(cascades.map((c) => `${c.deletes} of ${c.relation.id}: ${c.text}`))).toEqual(
        new Set([
          `parent of ${shop}my_orders(draftId) -> ${shop}my_draft(id): cascade: ["remove"]`,
          `child of ${wood}my_node(parent tenant,parent_key) -> ${wood}my_node(tenant,key): cascade: true`,
        ]),
      );
    });

    test(
      "they are read without a connection",
      stage(async (db, source) => {
        const { schema } = await readBoth(db, typeorm(source, { file }));
        expect(source.isInitialized).toBe(false);
        const relation = (id: string) => schema.relations.find((r) => r.id === id);
        const letter = variant.engine === "postgres" ? "post.Letter" : "Letter";
        expect(relation(`${letter}(recipient) -> people(email)`)).toMatchObject({
          onDelete: "no action",
          written: false,
        });
        expect(relation(`${letter}(copy) -> people(email)`)).toMatchObject({
          onDelete: "no action",
          written: true,
        });
        expect(relation(`${letter}(freeId) -> people(id)`)).toMatchObject({ enforcement: "application" });
        expectOrm(schema, letter);
      }),
    );
  }, DRIVERS);
});

/** Hooks, cascades and the delete date column, each with its place. */
function expectOrm({ tables, cascades }: SourceSchema, letter: string): void {
  const people = tables.find((t) => t.id === "people");
  expect(people?.softDelete).toBe("deleted_at");
  expect(people?.hooks.map((h) => h.name)).toEqual(["Person.log"]);
  expect(tables.flatMap((t) => t.hooks.map((h) => [t.id, h.name]))).toEqual([
    ["people", "Person.log"],
    ["task", "TaskSubscriber"],
  ]);
  expect(cascades.map((c) => [c.relation.id, c.deletes, c.text])).toEqual([
    [`${letter}(recipient) -> people(email)`, "child", 'orphanedRowAction: "delete"'],
    [`${letter}(sender) -> people(email)`, "child", 'cascade: ["remove"]'],
  ]);
  expect(people?.location).toEqual({ file, line: 13 });
  expect(people?.columns.find((c) => c.name === "email")?.location).toEqual({ file, line: 15 });
  expect(people?.hooks[0]?.location).toEqual({ file, line: 24 });
  expect(cascades.map((c) => c.location?.line)).toEqual([35, 20]);
}

function sourceOn(
  orm: typeof latest,
  { engine }: Variant,
  { url }: TestDatabase,
  more: object = {},
): latest.DataSource {
  const family = engine === "pglite" ? "postgres" : engine;
  // Decorators collect what they declare in one place, which every DataSource of every copy reads.
  Reflect.deleteProperty(globalThis, "typeormMetadataArgsStorage");
  declare(orm, family);
  const common = { entities: ENTITIES, subscribers: [TaskSubscriber], ...more };
  if (engine === "sqlite") {
    const database = url.replace("sqlite:", "");
    return new orm.DataSource({ type: "better-sqlite3", driver: NodeSqlite, database, ...common });
  }
  return new orm.DataSource({ type: engine === "mariadb" ? "mariadb" : "postgres", url, ...common });
}

describe("what cannot be read", () => {
  const engine = { defaultNamespace: "public", capabilities: {} as never, lexicon: {} as never };
  const read = (entities: latest.DataSourceOptions["entities"]) =>
    failure(typeorm(new latest.DataSource({ type: "postgres", entities: entities ?? [] })).read(engine));

  test("what is no DataSource is refused", async () => {
    const found = await failure(typeorm(Promise.resolve()).read(engine));
    expect([found.code, found.message]).toEqual([
      "source-invalid",
      "What typeorm() was given is no DataSource.",
    ]);
  });

  test("a DataSource whose patterns find no entity is refused", async () => {
    const found = await read(["nowhere/*.entity.ts"]);
    expect([found.code, found.message]).toEqual([
      "source-invalid",
      "The DataSource of TypeORM has no entity with a table.",
    ]);
  });

  test("entities that TypeORM itself refuses are refused in its words", async () => {
    const lost = new latest.EntitySchema<{ id: number; to: object }>({
      name: "Lost",
      columns: { id: { type: "int", primary: true } },
      relations: { to: { type: "many-to-one", target: "Nobody" } },
    });
    const found = await read([lost]);
    expect(found.code).toBe("source-invalid");
    expect(found.message).toMatch(/^TypeORM cannot read the entities of the DataSource: .*Lost#to/);
  });
});
