import { describe, expect, test } from "vitest";
import {
  type Config,
  type Database,
  type DeleteOptions,
  OnDeleteError,
  type Outcome,
  open,
} from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession, type Session } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema, type Value } from "../support/story.ts";

const range = (n: number, row: (i: number) => readonly Value[]) =>
  Array.from({ length: n }, (_, i) => row(i + 1));

/** Two parents, each with 10 children, 30 grandchildren, and 10 rows that lose a reference; `l` is under no constraint. */
const SCHEMA: Schema = {
  tables: {
    p: { id: PK },
    c: { id: PK, p: INT },
    d: { id: PK, c: INT },
    n: { id: PK, c: INT },
    l: { id: PK, c: INT },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "d(c) -> c(id) on delete cascade",
    "n(c) -> c(id) on delete set null",
  ],
  rows: {
    p: [[1], [2]],
    c: range(20, (i) => [i, 1 + (i % 2)]),
    d: range(60, (i) => [i, 1 + (i % 20)]),
    n: range(20, (i) => [i, i]),
    l: range(20, (i) => [i, i]),
  },
};

const LOOSE: Config = {
  relations: [
    {
      child: "l",
      columns: ["c"],
      parent: "c",
      parentColumns: ["id"],
      onDelete: "cascade",
      enforcedBy: "application",
    },
  ],
};

const GONE = { c: 10, d: 30, l: 10, p: 1 };
const MANY = {
  engines: ["sqlite", "postgres", "mariadb"],
  because: "PGlite has one session only (capability concurrentSessions)",
} as const;

const WRITING = {
  engines: ["postgres", "mariadb"],
  because: "in one process the driver of SQLite waits for nobody; test/cli/batched.test.ts has two",
} as const;

/** Deletes, and does something at each news of its progress. */
async function watched(
  ondelete: Database,
  options: DeleteOptions,
  look: (rows: number) => Promise<void>,
): Promise<Outcome> {
  const running = ondelete.delete(key("p", "1"), options);
  for await (const news of running)
    if (news.phase === "deleting" && news.table !== null) await look(news.done);
  return running;
}

/** Keys that ondelete keeps of rows that are to go. */
const listed = (db: TestDatabase, { engine }: Variant) =>
  db.rows(`select * from ${engine.startsWith("p") ? "ondelete." : "ondelete_"}work_chunk`);

async function runningOperation(ondelete: Database): Promise<string> {
  const { operations } = await ondelete.status();
  return operations.find((o) => o.state === "running")?.operation ?? "";
}

describe("a delete in batches", () => {
  eachVariant((variant, fresh) => {
    test("says what an atomic one says, and how many transactions it took", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, LOOSE);
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(key("p", "1"), { batch: 4, reason: "r", actor: "a" });
      expect(outcome).toMatchObject({ state: "done", deleted: GONE, updated: { n: 10 }, archive: true });
      // 30 and 10 found by parents, 10 updated, 10 and 1 listed.
      expect(outcome.batches).toBeGreaterThanOrEqual(8 + 3 + 3 + 3 + 1);
      const { operations } = await ondelete.status();
      expect(operations).toMatchObject([
        {
          state: "done",
          deleted: GONE,
          updated: { n: 10 },
          batches: outcome.batches,
          reason: "r",
          actor: "a",
        },
      ]);
      expect(operations[0]?.lease).toBeUndefined();
      await ondelete.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
    });

    test.each([
      { batch: 3, archive: false, keeps: false },
      { batch: 3, erase: true, keeps: false },
    ])("keeps nothing where it is told to: %j", async ({ keeps, ...options }) => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, LOOSE);
      const outcome = await ondelete.delete(key("p", "1"), options);
      expect(outcome).toMatchObject({ state: "done", deleted: GONE, archive: keeps, undo: null });
      expect((await ondelete.status()).operations[0]?.state).toBe(options.erase ? "erased" : "done");
      expect((await failure(ondelete.restore(outcome.operation ?? ""))).code).toBe("not-restorable");
      expect(await listed(db, variant)).toEqual([]);
    });

    test("takes many rows at once where they are quick to delete, in statements of a size that the engine likes", async () => {
      const many = { ...SCHEMA, rows: { ...SCHEMA.rows, d: range(24_000, (i) => [i, 1 + (i % 20)]) } };
      const { db, ondelete } = await prepare(variant, fresh, many, { limits: { targetBatchMs: 60_000 } });
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(key("p", "1"), { batch: true });
      expect(outcome).toMatchObject({
        state: "done",
        deleted: { c: 10, d: 12_000, p: 1 },
        updated: { n: 10 },
      });
      expect(outcome.batches).toBeLessThan(15);
      await ondelete.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("is chosen for what is too much for one transaction, and only for that", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA, {
        limits: { atomicRows: 30, batchRows: 10 },
      });
      expect((await ondelete.delete(key("d", "1"))).batches).toBe(1);
      expect((await ondelete.delete(key("p", "1"))).batches).toBeGreaterThan(3);
      expect((await ondelete.delete(key("p", "2"), { batch: false })).batches).toBe(1);
    });

    test("of a blocked plan does nothing", async () => {
      const blocked = { ...SCHEMA, fks: [...SCHEMA.fks.slice(0, 2), "n(c) -> c(id)"] };
      const { db, ondelete } = await prepare(variant, fresh, blocked);
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(key("p", "1"), { batch: 4 });
      expect(outcome).toMatchObject({ state: "blocked", operation: null, deleted: {} });
      expect(outcome.blockers?.map((b) => b.relation)).toEqual(["n(c) -> c(id)"]);
      expect(await dump(db, variant)).toEqual(before);
    });

    test("is refused where it is soft, and where the plan changed", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA);
      const changed = await failure(ondelete.delete(key("p", "1"), { batch: 4, expectRows: 40 }));
      expect([changed.code, changed.exitCode]).toEqual(["plan-changed", 5]);
      expect((await failure(ondelete.delete(key("p", "1"), { batch: 4, soft: true }))).code).toBe("usage");
      expect((await ondelete.status()).operations).toEqual([]);
    });

    test("that was done can be neither resumed nor paused nor cancelled", async () => {
      const { ondelete } = await prepare(variant, fresh, SCHEMA);
      const operation = await done(ondelete, key("p", "1"), { batch: 10 });
      const verbs = [ondelete.resume, ondelete.pause, ondelete.cancel];
      for (const verb of verbs) expect((await failure(verb(operation))).code).toBe("not-resumable");
      expect((await failure(ondelete.resume("none"))).code).toBe("unknown-operation");
    });

    test("pauses when its budget is spent, to the row, and outside of its window", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const gone = async () => 122 - Object.values(await dump(db, variant)).flat().length;
      const first = await ondelete.delete(key("p", "1"), { bounds: { rows: 7 } });
      expect(first).toMatchObject({ state: "paused", deleted: { d: 7 }, warnings: [{ code: "budget" }] });
      const operation = first.operation ?? "";
      const second = await ondelete.resume(operation, { bounds: { rows: 25 } });
      expect(second).toMatchObject({ state: "paused", deleted: { d: 30, c: 2 } });
      const late = new Date(Date.now() + 3_600_000);
      const hour = (date: Date) => `${date.getHours()}:00`;
      const window = `${hour(late)}-${hour(new Date(late.getTime() + 3_600_000))}`;
      const third = await ondelete.resume(operation, { bounds: { window } });
      expect(third).toMatchObject({
        state: "paused",
        batches: second.batches,
        warnings: [{ code: "window" }],
      });
      expect((await failure(ondelete.resume(operation, { bounds: { window: "9-17" } }))).code).toBe("usage");
      expect((await ondelete.status(operation)).operations[0]?.state).toBe("paused");
      expect((await ondelete.resume(operation)).state).toBe("done");
      expect(await gone()).toBe(41);
    });

    test("does not go on where a relation is gone by which rows were found", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, LOOSE);
      const { operation } = await ondelete.delete(key("p", "1"), { bounds: { rows: 7 } });
      const without = await open(db.handle);
      const error = await failure(without.resume(operation ?? ""));
      expect([error.code, error.details.gone]).toEqual(["plan-changed", ["l(c) -> c(id)"]]);
      expect((await ondelete.status()).operations).toMatchObject([{ state: "paused" }]);
      expect((await ondelete.resume(operation ?? "")).state).toBe("done");
    });

    test("that is interrupted is paused, and goes on", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, LOOSE);
      const stop = new AbortController();
      const outcome = await watched(ondelete, { batch: 2, signal: stop.signal }, async (rows) => {
        if (rows > 10) stop.abort();
      });
      expect(outcome).toMatchObject({ state: "paused" });
      expect((await ondelete.status()).operations[0]).toMatchObject({ state: "paused", finished: null });
      const ended = await ondelete.resume(outcome.operation ?? "");
      expect(ended).toMatchObject({ state: "done", deleted: GONE, updated: { n: 10 } });
      expect((await dump(db, variant)).p).toEqual(["2"]);
    });
  });
});

describe("a delete in batches, beside others,", () => {
  eachVariant((variant, fresh) => {
    test("leaves no orphan after any batch, nor where no constraint would see it", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, LOOSE);
      const other = await openSession(db, variant);
      let looked = 0;
      await watched(ondelete, { batch: 3 }, async () => {
        looked += 1;
        for (const child of ["c", "d", "n", "l"]) {
          const [column, parent] = child === "c" ? ["p", "p"] : ["c", "c"];
          const orphans = `select count(*) as n from ${child} x where x.${column} is not null and not exists (select 1 from ${parent} y where y.id = x.${column})`;
          expect(await other.rows(orphans), child).toEqual([{ n: "0" }]);
        }
      });
      expect(looked).toBeGreaterThan(10);
    });
  }, MANY);
});

describe("a delete in batches, while others write,", () => {
  eachVariant((variant, fresh) => {
    test("stops when another process pauses it, and goes on there", async () => {
      const { db, ondelete, second } = await twice(variant, fresh);
      const outcome = await watched(ondelete, { batch: 2 }, async (rows) => {
        if (rows < 10) return;
        const operation = await runningOperation(second);
        if (operation === "") return;
        expect((await failure(second.resume(operation))).code).toBe("locked");
        const { operations } = await second.pause(operation);
        expect(operations).toMatchObject([{ operation, state: "paused" }]);
      });
      expect(outcome).toMatchObject({ state: "paused", updated: {} });
      const gone = Object.values(outcome.deleted).reduce((a, b) => a + b, 0);
      expect(gone).toBeGreaterThanOrEqual(10);
      expect(gone).toBeLessThan(41);
      const ended = await second.resume(outcome.operation ?? "");
      expect(ended).toMatchObject({ state: "done", deleted: { c: 10, d: 30, p: 1 }, updated: { n: 10 } });
      expect((await dump(db, variant)).p).toEqual(["2"]);
      await second.close();
    });

    test("ends where another process cancels it, and is taken back", async () => {
      const { db, ondelete, second } = await twice(variant, fresh);
      const before = await dump(db, variant);
      const outcome = await watched(ondelete, { batch: 2 }, async (rows) => {
        if (rows >= 10 && (await runningOperation(second)) !== "")
          await second.cancel(await runningOperation(second));
      });
      expect(outcome).toMatchObject({ state: "cancelled" });
      expect(await listed(db, variant)).toEqual([]);
      expect((await failure(second.resume(outcome.operation ?? ""))).code).toBe("not-resumable");
      expect(await dump(db, variant)).not.toEqual(before);
      await second.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
      await second.close();
    });

    test.each(["include", "stop"] as const)("late rows: %s", async (late) => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const other = await openSession(db, variant);
      let inserted = false;
      const outcome = await watched(ondelete, { batch: 2, late }, async (rows) => {
        if (rows < 30 || inserted) return;
        inserted = true;
        await retrying(other, "insert into d values (100, 18)");
      });
      expect(inserted).toBe(true);
      if (late === "include")
        return expect(outcome).toMatchObject({ state: "done", deleted: { c: 10, d: 31, p: 1 } });
      expect(outcome).toMatchObject({ state: "paused", warnings: [{ code: "late-rows" }] });
      expect((await dump(db, variant)).d).toContain("100|18");
      const again = await ondelete.resume(outcome.operation ?? "");
      expect(again).toMatchObject({ state: "paused", warnings: [{ code: "late-rows" }] });
      const ended = await ondelete.resume(outcome.operation ?? "", { late: "include" });
      expect(ended).toMatchObject({ state: "done", deleted: { c: 10, d: 31, p: 1 } });
    });

    test("leaves a row that was moved away, and what came below it", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const other = await openSession(db, variant);
      let moved = false;
      const outcome = await watched(ondelete, { batch: 2 }, async (rows) => {
        if (rows < 30 || moved) return;
        moved = true;
        await retrying(other, "update c set p = 2 where id = 20");
        await retrying(other, "insert into d values (100, 20)");
      });
      expect(outcome).toMatchObject({ state: "done", deleted: { c: 9, d: 30, p: 1 } });
      const rows = await dump(db, variant);
      expect(rows.c).toContain("20|2");
      expect(rows.d).toContain("100|20");
    });

    test("of two with rows in common each row is in one journal", async () => {
      const schema = {
        ...SCHEMA,
        fks: [...SCHEMA.fks, "l(c) -> c(id) on delete cascade", "d(p) -> p(id) on delete cascade"],
        tables: { ...SCHEMA.tables, d: { id: PK, c: INT, p: INT } },
        rows: { ...SCHEMA.rows, d: range(60, (i) => [i, 1 + (i % 20), 1 + (Math.floor(i / 2) % 2)]) },
      };
      const { db, ondelete } = await prepare(variant, fresh, schema);
      const before = await dump(db, variant);
      await ondelete.makeJournal();
      const second = await open(variant.engine === "sqlite" ? db.url : db.handle);
      const outcomes = await Promise.all([
        ondelete.delete(key("p", "1"), { batch: 1 }),
        second.delete(where("p", "id in (1, 2)"), { batch: 2 }),
      ]);
      const total = (table: string) => outcomes.reduce((n, o) => n + (o.deleted[table] ?? 0), 0);
      expect(outcomes.map((o) => o.state)).toEqual(["done", "done"]);
      expect(["p", "c", "d", "l"].map(total)).toEqual([2, 20, 60, 20]);
      expect(await dump(db, variant)).toMatchObject({ p: [], c: [], d: [], l: [] });
      // Rows of one hang off rows of the other, and the other way round: what finds no parent yet is restored later.
      for (const { operation } of [...outcomes, ...outcomes, ...outcomes])
        await second.restore(operation ?? "", { onConflict: "skip" }).catch(isRestored);
      expect(await dump(db, variant)).toEqual(before);
      await second.close();
    });
  }, WRITING);
});

function isRestored(error: unknown): void {
  if (!(error instanceof OnDeleteError) || error.code !== "not-restorable") throw error;
}

async function twice(
  variant: Variant,
  fresh: () => Promise<TestDatabase>,
): Promise<{ readonly db: TestDatabase; readonly ondelete: Database; readonly second: Database }> {
  const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
  return { db, ondelete, second: await open(variant.engine === "sqlite" ? db.url : db.handle) };
}

/** SQLite has one writer at a time. */
async function retrying(session: Session, statement: string): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await session.run(statement);
    } catch (error) {
      if (i === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
