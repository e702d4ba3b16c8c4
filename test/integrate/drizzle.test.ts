import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { and, eq, gt, relations, sql } from "drizzle-orm";
import * as mysqlCore from "drizzle-orm/mysql-core";
import { drizzle as onMysql } from "drizzle-orm/mysql2";
import { type NodePgDatabase, drizzle as onPostgres } from "drizzle-orm/node-postgres";
import * as pgCore from "drizzle-orm/pg-core";
import { drizzle as onPglite } from "drizzle-orm/pglite";
import * as sqliteCore from "drizzle-orm/sqlite-core";
import { drizzle as onSqliteProxy } from "drizzle-orm/sqlite-proxy";
import { describe, expect, test } from "vitest";
import { ondelete } from "../../src/integrate/drizzle.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, INT, PK } from "../support/story.ts";
import { SCHEMA } from "./schema.ts";

const CONFIG = { tables: { project: { softDelete: "gone" }, run: { softDelete: "is_gone" } } } as const;

function postgresSchema() {
  const { pgTable, integer, varchar, timestamp, boolean } = pgCore;
  const project = pgTable("project", {
    id: integer("id").primaryKey(),
    title: varchar("name"),
    gone: timestamp("gone"),
  });
  const run = pgTable("run", {
    id: integer("id").primaryKey(),
    projectId: integer("project_id"),
    gone: boolean("is_gone"),
  });
  const log = pgTable("log", { id: integer("id").primaryKey(), runId: integer("run_id") });
  return related(project, run, log);
}

function mysqlSchema() {
  const { mysqlTable, int, varchar, timestamp, boolean } = mysqlCore;
  const project = mysqlTable("project", {
    id: int("id").primaryKey(),
    title: varchar("name", { length: 20 }),
    gone: timestamp("gone"),
  });
  const run = mysqlTable("run", {
    id: int("id").primaryKey(),
    projectId: int("project_id"),
    gone: boolean("is_gone"),
  });
  const log = mysqlTable("log", { id: int("id").primaryKey(), runId: int("run_id") });
  return related(project as never, run as never, log as never);
}

function sqliteSchema() {
  const { sqliteTable, integer, text } = sqliteCore;
  const project = sqliteTable("project", {
    id: integer("id").primaryKey(),
    title: text("name"),
    gone: text("gone"),
  });
  const run = sqliteTable("run", {
    id: integer("id").primaryKey(),
    projectId: integer("project_id"),
    gone: integer("is_gone", { mode: "boolean" }),
  });
  const log = sqliteTable("log", { id: integer("id").primaryKey(), runId: integer("run_id") });
  return related(project as never, run as never, log as never);
}

// biome-ignore lint/suspicious/noExplicitAny: one test for tables of three dialects
type Any = any;
type AnyTable = pgCore.PgTableWithColumns<Any>;

function related(project: AnyTable, run: AnyTable, log: AnyTable) {
  return {
    project,
    run,
    log,
    projectRelations: relations(project, ({ many }) => ({ runs: many(run) })),
    runRelations: relations(run, ({ one, many }) => ({
      project: one(project, { fields: [run.projectId], references: [project.id] }),
      logs: many(log),
    })),
    logRelations: relations(log, ({ one }) => ({
      run: one(run, { fields: [log.runId], references: [run.id] }),
    })),
  };
}

type Tables = ReturnType<typeof related>;

function drizzleOn(
  { engine }: Variant,
  { handle }: TestDatabase,
): { db: NodePgDatabase<Tables>; tables: Tables } {
  if (engine === "mariadb") {
    const schema = mysqlSchema();
    return { db: onMysql({ client: handle as never, schema, mode: "planetscale" }) as never, tables: schema };
  }
  if (engine === "sqlite") {
    const schema = sqliteSchema();
    const proxy = onSqliteProxy(
      async (text, values, method) => {
        const statement = (handle as DatabaseSync).prepare(text);
        statement.setReturnArrays(true);
        const rows = method === "run" ? [] : statement.all(...(values as SQLInputValue[]));
        if (method === "run") statement.run(...(values as SQLInputValue[]));
        return { rows: (method === "get" ? rows[0] : rows) as Any };
      },
      { schema },
    );
    return { db: proxy as never, tables: schema };
  }
  const schema = postgresSchema();
  const db =
    engine === "pglite"
      ? onPglite({ client: handle as never, schema })
      : onPostgres({ client: handle as never, schema });
  return { db: db as never, tables: schema };
}

describe("a Drizzle database with soft deletes", () => {
  eachVariant((variant, fresh) => {
    const stage = async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const { db: drizzle, tables } = drizzleOn(variant, db);
      const handle = variant.engine === "sqlite" ? { handle: db.handle } : {};
      return { db, drizzle, ...tables, softly: await ondelete(drizzle, { ...CONFIG, ...handle }) };
    };
    const ids = (rows: readonly object[]) => rows.map((r) => Number((r as { id?: unknown }).id));

    test("lists, joins and counts no deleted row", async () => {
      const { softly, project, run } = await stage();
      await softly.softDelete(run, { id: 2 });
      await softly.softDelete(project, { id: 2 });
      const { live } = softly;
      expect(ids(await live.select({ id: project.id }).from(project).orderBy(project.id))).toEqual([1, 3]);
      expect(ids(await live.select().from(project).where(gt(project.id, 1)))).toEqual([3]);
      const inner = await live
        .select({ id: run.id })
        .from(project)
        .innerJoin(run, eq(run.projectId, project.id));
      expect(ids(inner)).toEqual([1]);
      const left = await live
        .select({ id: project.id, run: run.id })
        .from(project)
        .leftJoin(run, and(eq(run.projectId, project.id), gt(run.id, 1)))
        .orderBy(project.id);
      expect(left).toEqual([
        { id: 1, run: null },
        { id: 3, run: null },
      ]);
      const right = await live
        .select({ id: project.id, run: run.id })
        .from(project)
        .rightJoin(run, eq(run.projectId, project.id))
        .where(gt(run.id, 0));
      expect(right).toEqual([{ id: 1, run: 1 }]);
      const [counted] = await live.select({ n: sql<number>`count(*)` }).from(run);
      expect(Number(counted?.n)).toBe(1);
      expect(Number(await live.$count(project))).toBe(2);
      expect(Number(await live.$count(project, gt(project.id, 1)))).toBe(1);
    });

    test("includes no deleted row", async () => {
      const { softly, project, run } = await stage();
      await softly.softDelete(run, { id: 2 });
      await softly.softDelete(project, { id: 2 });
      const found = await softly.live.query.project.findMany({
        columns: { id: true },
        with: { runs: { columns: { id: true }, with: { logs: true } } },
        orderBy: (p: Any, { asc }: Any) => asc(p.id),
      });
      expect(found).toEqual([
        { id: 1, runs: [{ id: 1, logs: [{ id: 1, runId: 1 }] }] },
        { id: 3, runs: [] },
      ]);
      const deleted = await softly.onlyDeleted.query.project.findMany({
        columns: { id: true },
        with: { runs: { columns: { id: true } } },
      });
      expect(deleted).toEqual([{ id: 2, runs: [{ id: 3 }] }]);
      const one = { columns: { id: true }, with: { project: { columns: { title: true } } } } as const;
      if (variant.engine === "mariadb") {
        // Drizzle's statement for the one side of a relation is one that MariaDB does not take, with soft deletes or without.
        await expect(softly.withDeleted.query.run.findFirst(one)).rejects.toThrow("Failed query");
        return;
      }
      const first = await softly.live.query.run.findFirst({
        ...one,
        where: (r: Any, { gt: above }: Any) => above(r.id, 0),
      });
      expect(first).toEqual({ id: 1, project: { title: "a" } });
    });

    test("shows deleted rows alone, or all of them, where it is told to", async () => {
      const { softly, project, run } = await stage();
      await softly.softDelete(project, { id: 2 });
      const names = (db: NodePgDatabase<Tables>) =>
        db
          .select({ title: project.title, run: run.id })
          .from(project)
          .leftJoin(run, eq(run.projectId, project.id));
      expect(await names(softly.onlyDeleted)).toEqual([{ title: "b", run: 3 }]);
      expect(await names(softly.withDeleted)).toHaveLength(4);
      const byHand = await softly.withDeleted
        .select({ id: project.id })
        .from(project)
        .where(and(softly.isLive(project), gt(project.id, 1)));
      expect(ids(byHand)).toEqual([3]);
    });

    test("takes a marker that is a number for a truth", async () => {
      const db = await fresh();
      await build(
        db,
        variant,
        {
          tables: { note: { id: PK, is_deleted: INT } },
          fks: [],
          rows: {
            note: [
              [1, null],
              [2, 0],
              [3, 0],
            ],
          },
        },
        plain,
      );
      const { db: drizzle } = drizzleOn(variant, db);
      const columns = { id: pgCore.integer("id").primaryKey(), gone: pgCore.integer("is_deleted") };
      const ofMysql = { id: mysqlCore.int("id").primaryKey(), gone: mysqlCore.int("is_deleted") };
      const ofSqlite = { id: sqliteCore.integer("id").primaryKey(), gone: sqliteCore.integer("is_deleted") };
      const made = {
        postgres: () => pgCore.pgTable("note", columns),
        pglite: () => pgCore.pgTable("note", columns),
        mariadb: () => mysqlCore.mysqlTable("note", ofMysql),
        sqlite: () => sqliteCore.sqliteTable("note", ofSqlite),
      };
      const note = made[variant.engine]() as Any;
      const softly = await ondelete(drizzle, {
        tables: { note: { softDelete: "is_deleted" } },
        ...(variant.engine === "sqlite" ? { handle: db.handle } : {}),
      });
      await softly.softDelete(note, { id: 3 });
      expect(ids(await softly.live.select().from(note).orderBy(note.id))).toEqual([1, 2]);
      expect(ids(await softly.onlyDeleted.select().from(note))).toEqual([3]);
    });

    test("changes no UPDATE or DELETE behind anybody's back", async () => {
      const { softly, project, log, db } = await stage();
      await softly.softDelete(project, { id: 2 });
      await softly.live.update(project).set({ title: "z" });
      await softly.live.delete(log);
      expect((await db.rows("select name from project")).map((r) => r.name)).toEqual(["z", "z", "z"]);
      expect(await db.rows("select id from log")).toEqual([]);
    });

    test("plans, deletes, hides and brings back by the properties of its tables", async () => {
      const { softly, project, db } = await stage();
      const before = await dump(db, variant);
      const plan = await softly.planDelete(project, { id: 1 });
      expect(plan.deletes.map((d) => [d.table, d.rows])).toEqual([
        ["project", 1],
        ["run", 2],
        ["log", 1],
      ]);
      const hidden = await softly.softDelete(project, { title: "a" }, { reason: "ticket 7" });
      expect(hidden.deleted).toEqual({ project: 1, run: 2 });
      await softly.restore(hidden.operation ?? "");
      const gone = await softly.delete(project, { id: 1, title: "a" });
      expect(gone.deleted).toEqual({ project: 1, run: 2, log: 1 });
      await softly.restore(gone.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
      expect((await failure(softly.planDelete(project, {}))).code).toBe("bad-key");
    });

    test("joins the application's transaction: rolled back, nothing of the delete is left", async ({
      skip,
    }) => {
      if (variant.engine === "sqlite") skip("Drizzle's proxy has no transaction of its own");
      const { softly, drizzle, project, db } = await stage();
      const first = await softly.softDelete(project, { id: 3 });
      await softly.restore(first.operation ?? "");
      const before = await dump(db, variant);
      const work = drizzle.transaction(async (tx) => {
        const own = await softly.in(tx);
        await own.softDelete(project, { id: 1 });
        expect(ids(await own.live.select().from(project).orderBy(project.id))).toEqual([2, 3]);
        throw new Error("the application changes its mind");
      });
      await expect(work).rejects.toThrow("changes its mind");
      expect(await dump(db, variant)).toEqual(before);
      expect((await softly.database.status()).operations).toHaveLength(1);
      await softly.live.transaction(async (tx) => {
        expect(await tx.select().from(project)).toHaveLength(3);
        await (await softly.in(tx)).softDelete(project, { id: 1 });
        expect(await tx.select().from(project)).toHaveLength(2);
      });
    });
  });
});
