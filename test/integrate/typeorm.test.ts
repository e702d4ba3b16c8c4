import * as latest from "typeorm";
import * as previous from "typeorm-0.3";
import { describe, expect, test } from "vitest";
import { ondelete } from "../../src/integrate/typeorm.ts";
import { NodeSqlite } from "../../systems/support/node-sqlite.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build } from "../support/story.ts";
import { SCHEMA } from "./schema.ts";

class Project {
  id!: number;
  title!: string;
  gone!: Date | null;
  runs!: Run[];
}

class Run {
  id!: number;
  isGone!: boolean | null;
  project!: Project;
  logs!: Log[];
}

class Log {
  id!: number;
  run!: Run;
}

/** The project's marker is known to TypeORM, that of the run only to ondelete. */
function entities({ EntitySchema }: typeof latest) {
  const project = new EntitySchema<Project>({
    name: "Project",
    tableName: "project",
    target: Project,
    columns: {
      id: { type: Number, primary: true },
      title: { type: String, name: "name" },
      gone: { type: Date, deleteDate: true, nullable: true },
    },
    relations: { runs: { type: "one-to-many", target: "Run", inverseSide: "project" } },
  });
  const run = new EntitySchema<Run>({
    name: "Run",
    tableName: "run",
    target: Run,
    columns: {
      id: { type: Number, primary: true },
      isGone: { type: Boolean, name: "is_gone", nullable: true },
    },
    relations: {
      project: {
        type: "many-to-one",
        target: "Project",
        joinColumn: { name: "project_id" },
        inverseSide: "runs",
        nullable: false,
      },
      logs: { type: "one-to-many", target: "Log", inverseSide: "run" },
    },
  });
  const log = new EntitySchema<Log>({
    name: "Log",
    tableName: "log",
    target: Log,
    columns: { id: { type: Number, primary: true } },
    relations: {
      run: {
        type: "many-to-one",
        target: "Run",
        joinColumn: { name: "run_id" },
        inverseSide: "logs",
        nullable: false,
      },
    },
  });
  return [project, run, log];
}

function sourceOn(orm: typeof latest, { engine }: Variant, { url }: TestDatabase) {
  const common = { entities: entities(orm) };
  if (engine === "sqlite") {
    const database = url.replace("sqlite:", "");
    return new orm.DataSource({ type: "better-sqlite3", driver: NodeSqlite, database, ...common });
  }
  return new orm.DataSource({ type: engine === "mariadb" ? "mariadb" : "postgres", url, ...common });
}

const VERSIONS: readonly (readonly [string, typeof latest])[] = [
  ["1", latest],
  ["0.3", previous as object as typeof latest],
];
const CONFIG = { tables: { run: { softDelete: "is_gone" } } } as const;
const DRIVERS = {
  engines: ["sqlite", "postgres", "mariadb"],
  because: "TypeORM has no driver for it",
} as const;

describe.each(VERSIONS)("TypeORM %s with soft deletes", (_, orm) => {
  eachVariant((variant, fresh) => {
    type Stage = Awaited<ReturnType<typeof opened>>;
    const opened = async (source: latest.DataSource, db: TestDatabase) => ({
      db,
      source,
      softly: await ondelete(source, CONFIG),
    });
    const stage = (work: (stage: Stage) => Promise<void>) => async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const source = await sourceOn(orm, variant, db).initialize();
      try {
        await work(await opened(source, db));
      } finally {
        await source.destroy();
      }
    };
    const ids = (rows: readonly { readonly id: number }[]) => rows.map((r) => r.id);
    const BY_ID = { order: { id: "ASC" } } as const;

    test(
      "lists, joins and counts no deleted row",
      stage(async ({ softly }) => {
        await softly.softDelete(Run, { id: 2 });
        await softly.softDelete(Project, { id: 2 });
        const { live } = softly;
        expect(ids(await live.find(Project, BY_ID))).toEqual([1, 3]);
        expect(ids(await live.getRepository(Run).find(BY_ID))).toEqual([1]);
        expect(await live.findOneBy(Run, { id: 2 })).toBeNull();
        expect(await live.count(Run)).toBe(1);
        expect(await live.countBy(Project, [{ id: 1 }, { id: 2 }])).toBe(1);
        expect(await live.existsBy(Run, { id: 3 })).toBe(false);
        expect(await live.findAndCount(Run, { take: 5, relations: { project: true } })).toMatchObject([
          [{ id: 1, project: { id: 1 } }],
          1,
        ]);
        const joined = live
          .createQueryBuilder(Project, "p")
          .leftJoinAndSelect("p.runs", "r", "r.id = 1 OR r.id = 2 OR r.id = 3")
          .where("p.id = 1 OR p.id = 2")
          .orderBy("p.id");
        expect(await joined.getMany()).toMatchObject([{ id: 1, runs: [{ id: 1 }] }]);
        const byTable = live
          .createQueryBuilder()
          .select("p.id", "id")
          .addSelect("r.id", "run")
          .from("project", "p")
          .leftJoin("run", "r", "r.project_id = p.id AND r.id > 1")
          .orderBy("p.id");
        expect(await byTable.getRawMany()).toEqual([
          { id: 1, run: null },
          { id: 3, run: null },
        ]);
        const without = live
          .createQueryBuilder(Project, "p")
          .where((q) => {
            const runs = q.subQuery().select("1").from(Run, "r").where("r.project = p.id").getQuery();
            return `NOT EXISTS ${runs}`;
          })
          .getMany();
        expect(ids(await without)).toEqual([3]);
      }),
    );

    test(
      "includes no deleted row, and keeps a row whose parent is deleted",
      stage(async ({ softly, db }) => {
        await softly.softDelete(Run, { id: 2 });
        await db.exec(`update run set is_gone = null where id = 3`);
        await db.exec(`update project set gone = '2026-01-01 00:00:00' where id = 2`);
        for (const relationLoadStrategy of ["join", "query"] as const) {
          const found = await softly.live.find(Project, {
            relations: { runs: { logs: true } },
            relationLoadStrategy,
            ...BY_ID,
          });
          expect(found).toMatchObject([
            { id: 1, runs: [{ id: 1, logs: [{ id: 1 }] }] },
            { id: 3, runs: [] },
          ]);
          expect(found.map((p) => p.runs.length)).toEqual([1, 0]);
          const parents = await softly.live.find(Run, {
            relations: { project: true },
            relationLoadStrategy,
            ...BY_ID,
          });
          expect(parents.map((r) => [r.id, r.project?.id ?? null])).toEqual([
            [1, 1],
            [3, null],
          ]);
        }
        const logs = await softly.live.find(Log, { relations: { run: { project: true } }, ...BY_ID });
        expect(logs.map((l) => [l.id, l.run.id, l.run.project?.id ?? null])).toEqual([
          [1, 1, 1],
          [2, 3, null],
        ]);
        const ofParent = await softly.live.find(Run, { where: { project: { title: "b" } } });
        expect(ofParent).toEqual([]);
      }),
    );

    test(
      "shows deleted rows alone, or all of them, where it is told to",
      stage(async ({ softly }) => {
        await softly.softDelete(Project, { id: 2 });
        const deleted = await softly.onlyDeleted.find(Project, { relations: { runs: true } });
        expect(deleted).toMatchObject([{ id: 2, runs: [{ id: 3 }] }]);
        const again = await softly.onlyDeleted.find(Project, {
          relations: { runs: true },
          relationLoadStrategy: "query",
        });
        expect(again).toMatchObject([{ id: 2, runs: [{ id: 3 }] }]);
        expect(await softly.onlyDeleted.count(Run)).toBe(1);
        expect(ids(await softly.withDeleted.find(Project, BY_ID))).toEqual([1, 2, 3]);
        expect(await softly.withDeleted.count(Run)).toBe(3);
        expect(ids(await softly.live.find(Project, { withDeleted: true, ...BY_ID }))).toEqual([1, 2, 3]);
      }),
    );

    test(
      "does what TypeORM alone does not: it hides by its own column, and not where a join's condition has an OR",
      stage(async ({ softly, source }) => {
        await softly.softDelete(Project, { id: 1 });
        const { manager } = source;
        expect(ids(await manager.find(Project, BY_ID))).toEqual([2, 3]);
        expect(await manager.count(Run)).toBe(3);
        const either = (on: latest.EntityManager) =>
          on
            .createQueryBuilder(Run, "r")
            .leftJoinAndSelect("r.project", "p", "p.id = 1 OR p.id = 2")
            .orderBy("r.id")
            .getMany();
        const parents = (runs: readonly Run[]) => runs.map((r) => [r.id, r.project?.id ?? null]);
        expect(parents(await either(manager))).toEqual([
          [1, 1],
          [2, 1],
          [3, 2],
        ]);
        expect(parents(await either(softly.live))).toEqual([[3, 2]]);
      }),
    );

    test(
      "changes no UPDATE or DELETE behind anybody's back, nor the manager that it was given",
      stage(async ({ softly, source, db }) => {
        await softly.softDelete(Run, { id: 2 });
        await softly.live.createQueryBuilder().update(Run).set({ isGone: true }).execute();
        await softly.live.createQueryBuilder().delete().from(Log).execute();
        expect(await db.rows("select id from log")).toEqual([]);
        expect(await softly.live.count(Run)).toBe(0);
        expect(await source.manager.count(Run)).toBe(3);
        expect(await source.getRepository(Run).count()).toBe(3);
      }),
    );

    test(
      "plans, deletes, hides and brings back by the properties of its entities",
      stage(async ({ softly, db }) => {
        const before = await dump(db, variant);
        const plan = await softly.planDelete(Project, { id: 1 });
        expect(plan.deletes.map((d) => [d.table, d.rows])).toEqual([
          ["project", 1],
          ["run", 2],
          ["log", 1],
        ]);
        const hidden = await softly.softDelete(Project, { title: "a" }, { reason: "ticket 7" });
        expect(hidden.deleted).toEqual({ project: 1, run: 2 });
        await softly.restore(hidden.operation ?? "");
        const gone = await softly.delete(Run, { isGone: false });
        expect(gone.deleted).toEqual({ run: 2, log: 1 });
        await softly.restore(gone.operation ?? "");
        expect(await dump(db, variant)).toEqual(before);
        // @ts-expect-error there is no such property
        expect((await failure(softly.planDelete(Project, { titel: "a" }))).code).toBe("unknown-column");
        // @ts-expect-error it is a text
        expect((await failure(softly.planDelete(Project, { title: 7 }))).code).toBe("not-found");
        // @ts-expect-error a relation is no column
        await failure(softly.planDelete(Project, { runs: [] }));
        expect((await failure(softly.planDelete(Project, {}))).code).toBe("bad-key");
      }),
    );

    test(
      "joins the application's transaction: rolled back, nothing of the delete is left",
      stage(async ({ softly, source, db }) => {
        const first = await softly.softDelete(Project, { id: 3 });
        await softly.restore(first.operation ?? "");
        const before = await dump(db, variant);
        const work = source.transaction(async (tx) => {
          const own = await softly.in(tx);
          await own.softDelete(Project, { id: 1 });
          expect(ids(await own.live.find(Project, BY_ID))).toEqual([2, 3]);
          throw new Error("the application changes its mind");
        });
        await expect(work).rejects.toThrow("changes its mind");
        expect(await dump(db, variant)).toEqual(before);
        expect((await softly.database.status()).operations).toHaveLength(1);
        await softly.live.transaction("SERIALIZABLE", async (tx) => {
          expect(await tx.count(Run)).toBe(3);
          await (await softly.in(tx)).delete(Project, { id: 1 });
          expect(await tx.count(Run)).toBe(1);
        });
        expect((await softly.database.status()).operations).toHaveLength(2);
      }),
    );
  }, DRIVERS);
});
