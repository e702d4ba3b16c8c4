import { describe, expect, test } from "vitest";
import { type OnDeletePrisma, ondelete } from "../../src/integrate/prisma.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build } from "../support/story.ts";
import type { PrismaClient } from "./prisma/postgresql/client/client.ts";
import { PRISMA_DRIVERS, prismaOn } from "./prisma-client.ts";
import { SCHEMA } from "./schema.ts";

const CONFIG = { tables: { project: { softDelete: "gone" }, run: { softDelete: "is_gone" } } } as const;
interface Stage {
  readonly db: TestDatabase;
  readonly prisma: PrismaClient;
  readonly softly: OnDeletePrisma<PrismaClient>;
}

describe("a Prisma client with soft deletes", () => {
  eachVariant((variant, fresh) => {
    const stage = (work: (stage: Stage) => Promise<void>) => async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const prisma = prismaOn(variant, db);
      try {
        await work({ db, prisma, softly: await ondelete(prisma, CONFIG) });
      } finally {
        await prisma.$disconnect();
      }
    };
    const ids = (rows: readonly { readonly id: number }[]) => rows.map((r) => r.id);
    const BY_ID = { orderBy: { id: "asc" } } as const;

    test(
      "lists, joins and counts no deleted row",
      stage(async ({ softly }) => {
        await softly.softDelete("run", { id: 2 });
        await softly.softDelete("project", { id: 2 });
        const { live } = softly;
        expect(ids(await live.project.findMany(BY_ID))).toEqual([1, 3]);
        expect(ids(await live.project.findMany({ where: { OR: [{ id: 1 }, { id: 2 }] } }))).toEqual([1]);
        expect(await live.run.findUnique({ where: { id: 2 } })).toBeNull();
        expect(await live.run.findFirst({ where: { id: { gt: 1 } } })).toBeNull();
        await expect(live.run.findUniqueOrThrow({ where: { id: 3 } })).rejects.toMatchObject({
          code: "P2025",
        });
        expect(await live.run.count()).toBe(1);
        expect(await live.project.aggregate({ _max: { id: true }, where: { id: { lt: 3 } } })).toEqual({
          _max: { id: 1 },
        });
        expect(await live.run.groupBy({ by: ["projectId"], _count: true })).toEqual([
          { projectId: 1, _count: 1 },
        ]);
        const where = [
          [{ runs: { some: { id: 2 } } }, []],
          [{ runs: { some: {} } }, [1]],
          [{ runs: { none: {} } }, [3]],
          [{ runs: { every: { id: 1 } } }, [1, 3]],
          [{ NOT: { runs: { some: { id: 2 } } } }, [1, 3]],
        ] as const;
        for (const [one, expected] of where)
          expect(ids(await live.project.findMany({ where: one, ...BY_ID }))).toEqual(expected);
        const ofParent = { run: { project: { title: { in: ["a", "b"] } } } };
        expect(ids(await live.log.findMany({ where: ofParent }))).toEqual([1]);
        expect(ids(await live.log.findMany({ where: { run: { is: { id: 3 } } } }))).toEqual([]);
      }),
    );

    test(
      "includes no deleted row",
      stage(async ({ softly, db }) => {
        await softly.softDelete("run", { id: 2 });
        await softly.softDelete("project", { id: 2 });
        await db.exec("update run set is_gone = null where id = 3");
        const found = await softly.live.project.findMany({
          include: { runs: { include: { logs: true } }, _count: true },
          omit: { title: true, gone: true },
          ...BY_ID,
        });
        const run = { id: 1, projectId: 1, isGone: null, logs: [{ id: 1, runId: 1 }] };
        expect(found).toEqual([
          { id: 1, runs: [run], _count: { runs: 1 } },
          { id: 3, runs: [], _count: { runs: 0 } },
        ]);
        const chosen = await softly.live.project.findFirst({
          select: { id: true, runs: { select: { id: true }, where: { id: { gt: 1 } } } },
          ...BY_ID,
        });
        expect(chosen).toEqual({ id: 1, runs: [] });
        const counted = await softly.live.project.findFirst({
          select: { _count: { select: { runs: { where: { id: { gt: 0 } } } } } },
          ...BY_ID,
        });
        expect(counted).toEqual({ _count: { runs: 1 } });
        expect(await softly.live.project.findUnique({ where: { id: 1 } }).runs()).toMatchObject([{ id: 1 }]);
      }),
    );

    test(
      "keeps a row whose parent is deleted where the parent may be missing, and leaves it out where not",
      stage(async ({ softly, db }) => {
        await db.exec("update project set gone = '2026-01-01 00:00:00' where id = 2");
        expect(ids(await softly.live.run.findMany(BY_ID))).toEqual([1, 2, 3]);
        expect(ids(await softly.live.run.findMany({ include: { project: true }, ...BY_ID }))).toEqual([1, 2]);
        const logs = await softly.live.log.findMany({
          include: { run: { include: { project: true } } },
          ...BY_ID,
        });
        expect(logs.map((l) => [l.id, l.run?.project.id ?? null])).toEqual([
          [1, 1],
          [2, null],
        ]);
        await softly.softDelete("run", { id: 1 });
        const without = await softly.live.log.findMany({ include: { run: true }, ...BY_ID });
        expect(without.map((l) => [l.id, l.run?.id ?? null])).toEqual([
          [1, null],
          [2, 3],
        ]);
      }),
    );

    test(
      "shows deleted rows alone, or all of them, where it is told to",
      stage(async ({ softly }) => {
        await softly.softDelete("project", { id: 2 });
        const deleted = await softly.onlyDeleted.project.findMany({ include: { runs: true } });
        expect(deleted).toMatchObject([{ id: 2, runs: [{ id: 3 }] }]);
        expect(await softly.onlyDeleted.run.count()).toBe(1);
        expect(ids(await softly.withDeleted.project.findMany(BY_ID))).toEqual([1, 2, 3]);
        expect(await softly.withDeleted.run.count()).toBe(3);
      }),
    );

    test(
      "changes no UPDATE or DELETE behind anybody's back, nor the client that it was given",
      stage(async ({ softly, prisma, db }) => {
        await softly.softDelete("project", { id: 2 });
        await softly.live.project.updateMany({ data: { title: "z" } });
        await softly.live.log.deleteMany();
        expect((await db.rows("select name from project")).map((r) => r.name)).toEqual(["z", "z", "z"]);
        expect(await db.rows("select id from log")).toEqual([]);
        expect(await prisma.project.count()).toBe(3);
      }),
    );

    test(
      "plans, deletes, hides and brings back by the fields of its models",
      stage(async ({ softly, db }) => {
        const before = await dump(db, variant);
        const plan = await softly.planDelete("project", { id: 1 });
        expect(plan.deletes.map((d) => [d.table, d.rows])).toEqual([
          ["project", 1],
          ["run", 2],
          ["log", 1],
        ]);
        const hidden = await softly.softDelete("project", { title: "a" }, { reason: "ticket 7" });
        expect(hidden.deleted).toEqual({ project: 1, run: 2 });
        await softly.restore(hidden.operation ?? "");
        const gone = await softly.delete("run", { isGone: false });
        expect(gone.deleted).toEqual({ run: 2, log: 1 });
        await softly.restore(gone.operation ?? "");
        expect(await dump(db, variant)).toEqual(before);
        // @ts-expect-error there is no such field
        expect((await failure(softly.planDelete("project", { titel: "a" }))).code).toBe("unknown-column");
        // @ts-expect-error it is a text
        expect((await failure(softly.planDelete("project", { title: 7 }))).code).toBe("not-found");
        // @ts-expect-error there is no such model
        expect((await failure(softly.planDelete("projekt", { id: 1 }))).code).toBe("unknown-table");
        expect((await failure(softly.planDelete("project", {}))).code).toBe("bad-key");
      }),
    );

    test(
      "joins the application's transaction: rolled back, nothing of the delete is left",
      stage(async ({ softly, prisma, db }) => {
        const first = await softly.softDelete("project", { id: 3 });
        await softly.restore(first.operation ?? "");
        const before = await dump(db, variant);
        const work = prisma.$transaction(async (tx) => {
          const own = await softly.in(tx);
          await own.softDelete("project", { id: 1 });
          expect(ids(await own.live.project.findMany(BY_ID))).toEqual([2, 3]);
          expect((await failure(own.delete("project", { id: 3 }, { expectRows: 7 }))).code).toBe(
            "plan-changed",
          );
          throw new Error("the application changes its mind");
        });
        await expect(work).rejects.toThrow("changes its mind");
        expect(await dump(db, variant)).toEqual(before);
        expect((await softly.database.status()).operations).toHaveLength(1);
        await softly.live.$transaction(async (tx) => {
          await (await softly.in(tx)).softDelete("project", { id: 1 });
          expect(ids(await tx.project.findMany(BY_ID))).toEqual([2, 3]);
        });
        expect((await softly.database.status()).operations).toHaveLength(2);
      }),
    );
  }, PRISMA_DRIVERS);
});
