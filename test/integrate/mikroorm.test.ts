import type { DatabaseSync } from "node:sqlite";
import { EntitySchema } from "@mikro-orm/core";
import { MariaDbDriver } from "@mikro-orm/mariadb";
import { PgliteDriver } from "@mikro-orm/pglite";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { type SqlEntityManager, SqliteDriver, SqlMikroORM } from "@mikro-orm/sql";
import { SqliteDialect } from "kysely";
import { describe, expect, test } from "vitest";
import { type OnDeleteMikroorm, ondelete } from "../../src/integrate/mikroorm.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build } from "../support/story.ts";
import { asSqliteDatabase } from "./as-sqlite-database.ts";
import { SCHEMA } from "./schema.ts";

interface Project {
  id: number;
  title: string;
  gone: Date | null;
  runs: { toArray(): Run[] };
}

interface Run {
  id: number;
  isGone: boolean | null;
  project: Project | null;
  logs: { toArray(): Log[] };
}

interface Log {
  id: number;
  run: Run;
}

// biome-ignore lint/suspicious/noExplicitAny: entities by interfaces, whose collections are named by what the test uses
type Any = any;

const projects = new EntitySchema<Project>({
  name: "Project",
  tableName: "project",
  properties: {
    id: { type: "number", primary: true },
    title: { type: "string", fieldName: "name" },
    gone: { type: "Date", nullable: true },
    runs: { kind: "1:m", entity: () => runs, mappedBy: "project" } as Any,
  },
});
const runs: EntitySchema<Run> = new EntitySchema<Run>({
  name: "Run",
  tableName: "run",
  properties: {
    id: { type: "number", primary: true },
    isGone: { type: "boolean", fieldName: "is_gone", nullable: true },
    project: { kind: "m:1", entity: () => projects, fieldName: "project_id" } as Any,
    logs: { kind: "1:m", entity: () => logs, mappedBy: "run" } as Any,
  },
});
const logs: EntitySchema<Log> = new EntitySchema<Log>({
  name: "Log",
  tableName: "log",
  properties: {
    id: { type: "number", primary: true },
    run: { kind: "m:1", entity: () => runs, fieldName: "run_id" } as Any,
  },
});

function optionsOn({ engine }: Variant, { url, handle }: TestDatabase): Any {
  if (engine === "mariadb") return { driver: MariaDbDriver, clientUrl: url };
  if (engine === "postgres") return { driver: PostgreSqlDriver, clientUrl: url };
  if (engine === "pglite") return { driver: PgliteDriver, dbName: "test", driverOptions: { pglite: handle } };
  const database = asSqliteDatabase(handle as DatabaseSync) as never;
  return { driver: SqliteDriver, dbName: "test", driverOptions: new SqliteDialect({ database }) };
}

const CONFIG = { tables: { project: { softDelete: "gone" }, run: { softDelete: "is_gone" } } } as const;
interface Stage {
  readonly db: TestDatabase;
  readonly orm: { readonly em: SqlEntityManager };
  readonly softly: OnDeleteMikroorm<SqlEntityManager>;
}

describe("MikroORM with soft deletes", () => {
  eachVariant((variant, fresh) => {
    const stage = (work: (stage: Stage) => Promise<void>) => async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const entities = [projects, runs, logs];
      const orm = await SqlMikroORM.init({ ...optionsOn(variant, db), entities } as Any);
      const handle = variant.engine === "sqlite" ? { handle: db.handle } : {};
      try {
        const softly = await ondelete(orm.em as SqlEntityManager, { ...CONFIG, ...handle });
        await work({ db, orm: orm as Any, softly });
      } finally {
        await orm.close();
      }
    };
    const ids = (rows: readonly { readonly id: number }[]) => rows.map((r) => r.id);
    const BY_ID = { orderBy: { id: "asc" } } as const;

    test(
      "lists, joins and counts no deleted row",
      stage(async ({ softly }) => {
        await softly.softDelete(runs, { id: 2 });
        await softly.softDelete(projects, { id: 2 });
        expect(ids(await softly.live.find(projects, {}, BY_ID))).toEqual([1, 3]);
        expect(ids(await softly.live.find(runs, {}))).toEqual([1]);
        expect(await softly.live.findOne(runs, { id: 2 })).toBeNull();
        expect(await softly.live.count(runs)).toBe(1);
        expect(await softly.live.findAndCount(projects, { title: ["a", "b"] })).toMatchObject([
          [{ id: 1 }],
          1,
        ]);
        const joined: Any = { runs: { id: { $gt: 0 } } };
        expect(ids(await softly.live.find(projects, joined))).toEqual([1]);
        const hidden: Any = { runs: { id: 2 } };
        expect(await softly.live.find(projects, hidden)).toEqual([]);
        expect(await softly.live.count(projects, hidden)).toBe(0);
        expect(ids(await softly.withDeleted.find(projects, hidden))).toEqual([1]);
        const none: Any = { runs: { $none: { id: { $gt: 0 } } } };
        expect(ids(await softly.live.find(projects, none))).toEqual([3]);
        const every: Any = { runs: { $every: { id: 1 } } };
        expect(ids(await softly.live.find(projects, every, BY_ID))).toEqual([1, 3]);
        const ofParent: Any = { $or: [{ project: { title: "b" } }, { project: { title: "a" } }] };
        expect(ids(await softly.live.find(runs, ofParent))).toEqual([1]);
        const ofLog: Any = { run: { project: { title: ["a", "b"] } } };
        expect(ids(await softly.live.find(logs, ofLog))).toEqual([1]);
        const query = softly.live.createQueryBuilder(runs, "r").select("id");
        await query.applyFilters();
        expect(ids(await query.execute("all"))).toEqual([1]);
      }),
    );

    test(
      "populates no deleted row",
      stage(async ({ softly, db }) => {
        await softly.softDelete(runs, { id: 2 });
        await db.exec(`update run set is_gone = null where id = 3`);
        await db.exec(`update project set gone = '2026-01-01 00:00:00' where id = 2`);
        expect(await softly.live.count(runs)).toBe(2);
        expect(ids(await softly.live.find(runs, {}, BY_ID))).toEqual([1, 3]);
        for (const strategy of ["joined", "select-in", "balanced"] as const) {
          const populate: Any = ["runs.logs"];
          const found = await softly.live.find(projects, {}, { populate, strategy, ...BY_ID });
          expect(found.map((p) => [p.id, p.runs.toArray().map((r) => r.id)])).toEqual([
            [1, [1]],
            [3, []],
          ]);
          const upwards: Any = ["project"];
          const parents = await softly.live.find(runs, {}, { populate: upwards, strategy, ...BY_ID });
          expect([strategy, parents.map((r) => [r.id, r.project?.title ?? null])]).toEqual([
            strategy,
            [
              [1, "a"],
              [3, null],
            ],
          ]);
        }
      }),
    );

    test(
      "shows deleted rows alone, or all of them, where it is told to",
      stage(async ({ softly }) => {
        await softly.softDelete(projects, { id: 2 });
        for (const strategy of ["joined", "select-in"] as const) {
          const populate: Any = ["runs"];
          const deleted = await softly.onlyDeleted.find(projects, {}, { populate, strategy });
          expect(deleted.map((p) => [p.id, p.runs.toArray().map((r) => r.id)])).toEqual([[2, [3]]]);
        }
        expect(await softly.onlyDeleted.count(runs)).toBe(1);
        expect(ids(await softly.withDeleted.find(projects, {}, BY_ID))).toEqual([1, 2, 3]);
        expect(await softly.withDeleted.count(runs)).toBe(3);
      }),
    );

    test(
      "changes no UPDATE or DELETE behind anybody's back, nor the manager that it was given",
      stage(async ({ softly, orm, db }) => {
        await softly.softDelete(projects, { id: 2 });
        await softly.live.nativeUpdate(projects, {}, { title: "z" });
        await softly.live.nativeDelete(logs, {});
        expect((await db.rows("select name from project")).map((r) => r.name)).toEqual(["z", "z", "z"]);
        expect(await db.rows("select id from log")).toEqual([]);
        expect(await orm.em.fork().count(projects)).toBe(3);
      }),
    );

    test(
      "plans, deletes, hides and brings back by the properties of its entities",
      stage(async ({ softly, db }) => {
        const before = await dump(db, variant);
        const plan = await softly.planDelete(projects, { id: 1 });
        expect(plan.deletes.map((d) => [d.table, d.rows])).toEqual([
          ["project", 1],
          ["run", 2],
          ["log", 1],
        ]);
        const hidden = await softly.softDelete(projects, { title: "a" }, { reason: "ticket 7" });
        expect(hidden.deleted).toEqual({ project: 1, run: 2 });
        await softly.restore(hidden.operation ?? "");
        const gone = await softly.delete(runs, { isGone: false });
        expect(gone.deleted).toEqual({ run: 2, log: 1 });
        await softly.restore(gone.operation ?? "");
        expect(await dump(db, variant)).toEqual(before);
        // @ts-expect-error there is no such property
        expect((await failure(softly.planDelete(projects, { titel: "a" }))).code).toBe("unknown-column");
        // @ts-expect-error it is a text
        expect((await failure(softly.planDelete(projects, { title: 7 }))).code).toBe("not-found");
        expect((await failure(softly.planDelete(projects, {}))).code).toBe("bad-key");
      }),
    );

    test(
      "joins the application's transaction: rolled back, nothing of the delete is left",
      stage(async ({ softly, orm, db }) => {
        const first = await softly.softDelete(projects, { id: 3 });
        await softly.restore(first.operation ?? "");
        const before = await dump(db, variant);
        const work = orm.em.fork().transactional(async (tx) => {
          const own = await softly.in(tx);
          await own.softDelete(projects, { id: 1 });
          expect(ids(await own.live.find(projects, {}, BY_ID))).toEqual([2, 3]);
          throw new Error("the application changes its mind");
        });
        await expect(work).rejects.toThrow("changes its mind");
        expect(await dump(db, variant)).toEqual(before);
        expect((await softly.database.status()).operations).toHaveLength(1);
        await softly.live.transactional(async (tx) => {
          await (await softly.in(tx)).softDelete(projects, { id: 1 });
          expect(ids(await tx.find(projects, {}, BY_ID))).toEqual([2, 3]);
        });
        expect((await softly.database.status()).operations).toHaveLength(2);
      }),
    );
  });
});
