import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { defineEntity, p } from "@mikro-orm/core";
import { SqliteDriver, SqlMikroORM } from "@mikro-orm/sql";
import { relations } from "drizzle-orm";
import { integer, sqliteTable } from "drizzle-orm/sqlite-core";
import { SqliteDialect } from "kysely";
import { DataSource, EntitySchema } from "typeorm";
import { expect, onTestFinished, test } from "vitest";
import { open } from "../../src/index.ts";
import type { SourceTable } from "../../src/model/source.ts";
import { drizzle } from "../../src/source/drizzle/drizzle.ts";
import { mikroorm } from "../../src/source/mikroorm/mikroorm.ts";
import { prisma } from "../../src/source/prisma/prisma.ts";
import type { SchemaSource } from "../../src/source/source.ts";
import { sql } from "../../src/source/sql/sql.ts";
import { typeorm } from "../../src/source/typeorm/typeorm.ts";
import { asSqliteDatabase } from "../integrate/as-sqlite-database.ts";
import { findingsOf } from "../source/same-model.ts";
import type { TestDatabase } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";

type Action = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** People with notes, as code has them. What Drizzle calls SQLite's is the same for every engine. */
function code(onDelete?: Action, { required = false } = {}) {
  const people = sqliteTable("people", { id: integer("id").primaryKey() });
  const owner = integer("owner_id").references(() => people.id, onDelete ? { onDelete } : {});
  const notes = sqliteTable("notes", {
    id: integer("id").primaryKey(),
    owner: required ? owner.notNull() : owner,
  });
  return { people, notes };
}

const PEOPLE = "create table people (id int not null primary key)";
const notes = (owner: string) => [
  PEOPLE,
  `create table notes (id int not null primary key, owner_id int ${owner})`,
];
const RELATION = "notes(owner_id) -> people(id)";

const column = { type: "int", primary: true } as const;

const entitiesOfTypeorm = () =>
  new DataSource({
    type: "postgres",
    entities: [
      new EntitySchema<{ id: number }>({ name: "people", columns: { id: column } }),
      new EntitySchema<{ id: number; owner: object }>({
        name: "notes",
        columns: { id: column },
        relations: {
          owner: {
            type: "many-to-one",
            target: "people",
            joinColumn: { name: "owner_id" },
            onDelete: "SET NULL",
          },
        },
      }),
    ],
  });

async function entitiesOfMikroorm() {
  const people = defineEntity({ name: "people", properties: { id: p.integer().primary() } });
  const notes = defineEntity({
    name: "notes",
    properties: {
      id: p.integer().primary(),
      owner: () => p.manyToOne(people).nullable().deleteRule("set null").updateRule("no action"),
    },
  });
  const database = asSqliteDatabase(new DatabaseSync(":memory:")) as never;
  const driverOptions = new SqliteDialect({ database });
  return SqlMikroORM.init({ driver: SqliteDriver, dbName: "test", driverOptions, entities: [people, notes] });
}

eachVariant(({ engine }, fresh) => {
  const stage = async (ddl: readonly string[]): Promise<TestDatabase> => {
    const db = await fresh();
    await db.exec(ddl);
    return db;
  };
  const drift = async (ddl: readonly string[], source: SchemaSource) =>
    findingsOf(await stage(ddl), source, ["policy-drift-orm"]);

  test("an action that code says and the database does not have is told, with both", async () => {
    const found = await drift(notes("references people (id) on delete cascade"), drizzle(code("set null")));
    expect(found.map((f) => [f.severity, f.object])).toEqual([["error", RELATION]]);
    expect(found[0]?.message).toMatch(
      /^The Drizzle schema says ON DELETE SET NULL for notes\(owner_id\) -> people\(id\); the constraint.* of the database is ON DELETE CASCADE\. Deletes do what the database says\.$/,
    );
    expect(found[0]?.evidence).toMatchObject({ code: "set null", database: "cascade" });
  });

  /** Code that marks people as deleted, as TypeORM's @DeleteDateColumn says it. */
  const marking = (source: SchemaSource): SchemaSource => ({
    ...source,
    read: async (on) => {
      const schema = await source.read(on);
      const tables = schema.tables.map((t) => (t.id === "people" ? { ...t, softDelete: "deleted_at" } : t));
      return { ...schema, tables };
    },
  });

  test("a marker of the code that the database does not have is found, and one that it has is known to other rules", async () => {
    const absent = await drift(
      notes("references people (id) on delete cascade"),
      marking(drizzle(code("cascade"))),
    );
    expect(absent.map((f) => [f.object, f.evidence.marker])).toEqual([["people", "deleted_at"]]);
    const db = await stage([
      "create table people (id int not null primary key, deleted_at timestamp null)",
      "create table notes (id int not null primary key, owner_id int references people (id) on delete cascade)",
    ]);
    const rules = ["policy-drift-orm", "soft-parent-hard-child"];
    const found = await findingsOf(db, marking(drizzle(code("cascade"))), rules);
    expect(found.map((f) => [f.rule, f.object, f.confidence])).toEqual([
      ["soft-parent-hard-child", RELATION, "certain"],
    ]);
  });

  test("a column that a migration added without its ON DELETE is found", async () => {
    const found = await drift(
      [
        PEOPLE,
        "create table notes (id int not null primary key)",
        "alter table notes add column owner_id int references people (id)",
      ],
      drizzle(code("cascade")),
    );
    expect(found.map((f) => [f.object, f.evidence.code])).toEqual([[RELATION, "cascade"]]);
  });

  const LOST = [
    PEOPLE,
    "create table notes (id int not null primary key)",
    "alter table notes add column owner_id int references people (id)",
  ];
  test.each([
    [
      "Prisma",
      async () =>
        prisma(
          await inFile(
            "schema.prisma",
            schemaOf("foreignKeys").replace("SetNull", "SetNull, onUpdate: NoAction"),
          ),
        ),
    ],
    [
      "SQL",
      async () => sql(await inFile("schema.sql", notes("references people on delete set null").join(";\n"))),
    ],
    ["TypeORM", async () => typeorm(entitiesOfTypeorm())],
    ["MikroORM", async () => mikroorm(await entitiesOfMikroorm())],
  ])("the same is found by a source of %s", async (_, source) => {
    const found = await drift(LOST, await source());
    expect(found.map((f) => [f.severity, f.object, f.evidence.code])).toEqual([
      ["error", RELATION, "set null"],
    ]);
  });

  test("a relation that the database has no constraint for is told, and a table that it has not", async () => {
    const none = await drift(notes(""), drizzle(code("cascade")));
    expect(none.map((f) => f.message)).toEqual([
      `The Drizzle schema declares ${RELATION} with ON DELETE CASCADE, and the database has no such constraint: a delete from people leaves the rows of notes behind.`,
    ]);
    const absent = await drift([PEOPLE], drizzle(code("cascade")));
    expect(absent.map((f) => [f.object, f.message, f.evidence])).toEqual([
      [
        "notes",
        "The Drizzle schema has the table notes, and the database does not: none of its relations holds.",
        { relations: [RELATION] },
      ],
    ]);
  });

  test("a constraint that code knows nothing of is told", async () => {
    const { people } = code();
    const plain = sqliteTable("notes", { id: integer("id").primaryKey(), owner: integer("owner_id") });
    const found = await drift(notes("references people (id) on delete cascade"), drizzle({ people, plain }));
    expect(found.map((f) => f.object)).toEqual([RELATION]);
    expect(found[0]?.message).toContain("of which the Drizzle schema knows nothing");
    const others = await drift(notes("references people (id) on delete cascade"), drizzle({ people }));
    expect(others).toEqual([]);
  });

  test("a constraint for which code does not ask is told where the code knows the relation", async () => {
    const { people } = code();
    const plain = sqliteTable("notes", { id: integer("id").primaryKey(), owner: integer("owner_id") });
    const known = relations(plain, ({ one }) => ({
      person: one(people, { fields: [plain.owner], references: [people.id] }),
    }));
    const found = await drift(
      notes("references people (id) on delete cascade"),
      drizzle({ people, plain, known }),
    );
    expect(found.map((f) => f.message)).toEqual([expect.stringContaining("asks for no constraint")]);
    expect(await drift(notes(""), drizzle({ people, plain, known }))).toEqual([]);
  });

  test("NO ACTION and RESTRICT are one where the engine has them as one", async () => {
    const found = await drift(notes("references people (id) on delete restrict"), drizzle(code("no action")));
    expect(found.map((f) => f.object)).toEqual(engine === "mariadb" ? [] : [RELATION]);
  });

  test("a cascade into a table whose deletes the code listens to, or marks, is told", async () => {
    const hooked = (change: (t: SourceTable) => SourceTable): SchemaSource => {
      const source = drizzle(code("cascade"));
      return {
        ...source,
        read: async (on) => {
          const schema = await source.read(on);
          return { ...schema, tables: schema.tables.map((t) => (t.id === "notes" ? change(t) : t)) };
        },
      };
    };
    const rule = ["db-cascade-skips-hooks"];
    const listening = hooked((t) => ({ ...t, hooks: [{ name: "Notes.afterRemove", location: null }] }));
    const marking = hooked((t) => ({ ...t, softDelete: "deleted_at" }));
    const cascading = await stage(notes("references people (id) on delete cascade"));
    const found = await findingsOf(cascading, listening, rule);
    expect(found.map((f) => [f.severity, f.object])).toEqual([["warning", RELATION]]);
    expect(found[0]?.message).toContain("by the database's own cascade: Notes.afterRemove is not called");
    const [marked] = await findingsOf(cascading, marking, rule);
    expect(marked?.message).toContain("the rows are gone in place of being marked in deleted_at");
    expect(await findingsOf(cascading, drizzle(code("cascade")), rule)).toEqual([]);
    const refusing = await stage(notes("references people (id) on delete restrict"));
    expect(await findingsOf(refusing, listening, rule)).toEqual([]);
  });

  test("what the engine drops without a word is told as that", async () => {
    const db = await stage(notes("default 1 references people (id) on delete set default"));
    const found = await findingsOf(db, drizzle(code("set default")), ["fk-ignored-by-engine"]);
    expect(found.map((f) => [f.severity, f.object])).toEqual(
      engine === "mariadb" ? [["error", RELATION]] : [],
    );
    if (engine === "mariadb") expect(found[0]?.message).toContain("because the engine drops SET DEFAULT");
  });

  test.skipIf(engine !== "mariadb")(
    "a storage engine that keeps no constraints is told as that, and as no drift that a migration could mend (MyISAM)",
    async () => {
      const db = await stage([
        PEOPLE,
        "create table notes (id int not null primary key, owner_id int) engine = myisam",
      ]);
      const rules = ["fk-ignored-by-engine", "policy-drift-orm"];
      const found = await findingsOf(db, drizzle(code("cascade")), rules);
      expect(found.map((f) => [f.rule, f.object])).toEqual([["fk-ignored-by-engine", RELATION]]);
      expect(found[0]?.message).toContain("the storage engine of notes keeps none");
    },
  );

  test("SET DEFAULT is what the engine makes of it", async () => {
    const found = await drift(
      notes("default 1 references people (id) on delete set default"),
      drizzle(code("set default")),
    );
    expect(found).toEqual([]);
    const other = await drift(notes("references people (id)"), drizzle(code("set default")));
    expect(other.map((f) => f.object)).toEqual(engine === "mariadb" ? [] : [RELATION]);
  });

  // MariaDB has RESTRICT in its catalog where nothing is written.
  const omitted = engine === "mariadb" ? "restrict" : "no action";
  const updating = (onUpdate?: Action) => {
    const people = sqliteTable("people", { id: integer("id").primaryKey() });
    const owner = integer("owner_id").references(() => people.id, onUpdate ? { onUpdate } : {});
    return drizzle({ people, notes: sqliteTable("notes", { id: integer("id").primaryKey(), owner }) });
  };

  test("what code says of updates of the key and the database does not is a warning, in both directions", async () => {
    const found = await drift(notes("references people (id)"), updating("cascade"));
    expect(found.map((f) => [f.severity, f.object, f.evidence])).toEqual([
      [
        "warning",
        RELATION,
        { code: "cascade", database: omitted, constraint: expect.toBeOneOf([null, expect.any(String)]) },
      ],
    ]);
    expect(found[0]?.message).toMatch(
      /^The Drizzle schema says ON UPDATE CASCADE for notes\(owner_id\) -> people\(id\); the constraint.* of the database is ON UPDATE (NO ACTION|RESTRICT)\. Deletes are the same in both; a change of the referenced columns does what the database says\.$/,
    );
    const other = await drift(notes("references people (id) on update set null"), updating());
    expect(other.map((f) => [f.severity, f.evidence.code, f.evidence.database])).toEqual([
      ["warning", "no action", "set null"],
    ]);
    expect(await drift(notes("references people (id) on update cascade"), updating("cascade"))).toEqual([]);
    expect(await drift(notes("references people (id)"), updating())).toEqual([]);
  });

  test("of updates too NO ACTION and RESTRICT are one where the engine has them as one", async () => {
    const found = await drift(notes("references people (id) on update restrict"), updating());
    expect(found.map((f) => f.object)).toEqual(engine === "mariadb" ? [] : [RELATION]);
    const other = await drift(notes("references people (id) on update no action"), updating("restrict"));
    expect(other.map((f) => f.object)).toEqual(engine === "mariadb" ? [] : [RELATION]);
  });

  test("ON UPDATE SET DEFAULT is what the engine makes of it", async () => {
    const ddl = notes("default 1 references people (id) on update set default");
    expect(await drift(ddl, updating("set default"))).toEqual([]);
    const plain = await drift(notes("references people (id)"), updating("set default"));
    expect(plain.map((f) => f.object)).toEqual(engine === "mariadb" ? [] : [RELATION]);
  });

  test("where both actions differ there is one finding, an error, that tells both", async () => {
    const found = await drift(
      notes("references people (id) on delete cascade on update cascade"),
      updating(),
    );
    expect(found.map((f) => [f.severity, f.object])).toEqual([["error", RELATION]]);
    expect(found[0]?.message).toMatch(
      / Deletes do what the database says\. It also says ON UPDATE NO ACTION, and the constraint is ON UPDATE CASCADE\.$/,
    );
  });

  test("a reference that only one side lets be null is told", async () => {
    const rule = ["orm-nullability-mismatch"];
    const optional = await stage(notes("not null references people (id)"));
    const found = await findingsOf(optional, drizzle(code()), rule);
    expect(found.map((f) => [f.severity, f.object])).toEqual([["warning", "notes.owner_id"]]);
    expect(found[0]?.message).toContain("as optional, and in the database it is NOT NULL");
    expect(await findingsOf(optional, drizzle(code("cascade", { required: true })), rule)).toEqual([]);
    const nullable = await stage(notes("references people (id)"));
    const other = await findingsOf(nullable, drizzle(code("cascade", { required: true })), rule);
    expect(other[0]?.message).toContain("as required, and in the database it is nullable");
  });

  test("a relation that does not say what a delete does is told, and one that says it is not", async () => {
    const db = await stage(notes("references people (id)"));
    const rule = ["delete-action-implicit"];
    const found = await findingsOf(db, drizzle(code()), rule);
    expect(found.map((f) => [f.severity, f.object])).toEqual([["info", RELATION]]);
    expect(await findingsOf(db, drizzle(code("cascade")), rule)).toEqual([]);
  });

  const inFile = async (name: string, text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "ondelete-source-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };
  const schemaOf = (mode: string, comment = "") => `datasource db {
  provider     = "postgresql"
  relationMode = "${mode}"
}
model people {
  id    Int     @id
  notes notes[]
}
model notes {
  id       Int     @id
  owner_id Int?${comment}
  owner    people? @relation(fields: [owner_id], references: [id], onDelete: SetNull)
}
`;

  test("an action that Prisma carries out itself is told", async () => {
    const db = await stage(notes(""));
    const emulated = prisma(await inFile("schema.prisma", schemaOf("prisma")));
    const found = await findingsOf(db, emulated, ["orm-only-cascade"]);
    expect(found.map((f) => [f.severity, f.object, f.location?.line])).toEqual([["warning", RELATION, 12]]);
    expect(await findingsOf(db, emulated, ["policy-drift-orm"])).toEqual([]);
    const asked = prisma(await inFile("schema.prisma", schemaOf("foreignKeys")));
    expect(await findingsOf(db, asked, ["orm-only-cascade"])).toEqual([]);
  });

  test("a comment in code with a reason hides a finding, and one without is told", async () => {
    const db = await stage(notes("references people (id) on delete cascade"));
    const said = (comment: string) => inFile("schema.prisma", schemaOf("foreignKeys", comment));
    const above = (comment: string) => said(`\n  // ${comment}`);
    const rules = ["policy-drift-orm", "ignore-invalid"];
    const found = async (file: string) =>
      (await findingsOf(db, prisma(file), rules)).map((f) => [f.rule, f.location?.line]);
    expect(await found(await said(""))).toEqual([["policy-drift-orm", 12]]);
    expect(await found(await above("ondelete-ignore policy-drift-orm -- the migration waits"))).toEqual([]);
    expect(await found(await above("ondelete-ignore policy-drift-orm"))).toEqual([
      ["ignore-invalid", 12],
      ["policy-drift-orm", 13],
    ]);
    expect(await found(await above("ondelete-ignore orm-only-cascade -- another rule"))).toEqual([
      ["policy-drift-orm", 13],
    ]);
    // Behind code it holds for that line alone.
    expect(await found(await said(" // ondelete-ignore policy-drift-orm -- not this one"))).toEqual([
      ["policy-drift-orm", 12],
    ]);
  });

  test("rules about code are skipped where the configuration names none", async () => {
    const db = await open((await stage([PEOPLE])).handle);
    const { summary } = await db.check({ rules: ["policy-drift-orm"] });
    await db.close();
    expect(summary.skipped.filter((s) => s.because !== "not-asked")).toEqual([
      {
        rule: "policy-drift-orm",
        because: "wants",
        reason: "It looks at code, which takes a source in the configuration.",
      },
    ]);
  });
});
