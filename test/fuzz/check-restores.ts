import assert from "node:assert/strict";
import { type Config, type Database, OnDeleteError, open, type Target } from "../../src/index.ts";
import type { Case, Row } from "./case.ts";
import type { Kind } from "./check.ts";
import { condition, type FuzzDatabase } from "./database.ts";
import { writeMeanwhile } from "./meanwhile.ts";
import { expect } from "./oracle.ts";
import { numbers, type Snapshot, snapshot } from "./snapshot.ts";
import { type SoftCase, softCase } from "./soft-case.ts";
import { expectSoft } from "./soft-oracle.ts";

/** What came of the restores, for the tally. */
export type Restored = "one" | "reverse" | "same order" | "stopped first";

/**
 * Soft and hard select the same rows; a delete in either mode leaves what the oracle says; a restore gives back every
 * stored value and keeps what was written meanwhile, also where a second delete overlaps with the first.
 *
 * @param told is given what became of the restores
 */
export async function checkRestores(
  db: FuzzDatabase,
  wished: Case,
  told: (restored: Restored) => void = () => {},
): Promise<Kind> {
  const soft = softCase(db.possible(wished));
  const { c } = soft;
  if (c.roots.length === 0) return "empty";
  await db.load(c);
  for (const mark of soft.marks) await db.query(mark);
  const before = await snapshot(db, c);
  const ondelete = await open(db.handle, soft.config as Config);
  const target = { table: c.target, select: { kind: "condition", sql: condition(c) } } as const;
  const plans = await plansOf(ondelete, target);
  if (!plans) return "ambiguous";
  const expected = { hard: expect(c, db), soft: expectSoft(soft, db) };
  if (expected.hard.ambiguous || expected.soft.ambiguous) return "ambiguous";
  assert.equal(plans.hard.verdict, expected.hard.verdict, "verdict of the hard plan");
  if (plans.soft) {
    assert.deepEqual(plans.soft.deletes, plans.hard.deletes, "soft and hard select other rows");
    assert.equal(
      plans.soft.verdict,
      expected.soft.verdict,
      `verdict of the soft plan; ${JSON.stringify(plans.soft.blockers)}`,
    );
  }
  const mode = modeOf(soft, "first");
  const plan = plans[mode];
  if (!plan) return "empty";
  const outcome = await ondelete.delete(plan);
  if (plan.verdict === "blocked") {
    assert.equal(outcome.state, "blocked");
    assert.deepEqual(await snapshot(db, c), before, "a blocked delete changed rows");
    return "blocked";
  }
  assert.equal(outcome.state, "done");
  const after = await snapshot(db, c);
  const wanted = mode === "soft" ? expected.soft.final : withMarks(expected.hard.final, soft);
  assert.deepEqual(numbers(after, c), byRid(wanted), `rows after the ${mode} delete`);
  if (outcome.operation === null) return "empty";
  const final = await writeMeanwhile(db, soft, { before, now: after });
  const states = { final, between: await snapshot(db, c) };
  const second = await secondDelete(ondelete, soft, states.between);
  const run: Run = { db, c, ondelete, states, first: outcome.operation };
  if (second === null) await restoreOne(run);
  else if (soft.pick("order", 2) === 0) await reverse(run, second);
  else {
    told(await sameOrder(run, second));
    return "allowed";
  }
  told(second === null ? "one" : "reverse");
  return "allowed";
}

const modeOf = ({ pick }: SoftCase, which: string) => (pick(`${which} mode`, 5) < 3 ? "soft" : "hard");

/** Null where a delete that carries values on is refused, which the oracle does not foretell. */
async function plansOf(ondelete: Database, target: Target) {
  try {
    const hard = await ondelete.plan(target);
    const soft = await ondelete.plan(target, { soft: true }).catch((error: unknown) => {
      if (error instanceof OnDeleteError && error.code === "no-marker") return null;
      throw error;
    });
    return { hard, soft };
  } catch (error) {
    if (error instanceof OnDeleteError && error.code === "unsupported") return null;
    throw error;
  }
}

interface Run {
  readonly db: FuzzDatabase;
  readonly c: Case;
  readonly ondelete: Database;
  readonly first: string;
  readonly states: {
    /** After the first delete and what was written then. */
    readonly between: Snapshot;
    /** What all restores have to come to. */
    readonly final: Snapshot;
  };
}

async function restoreOne({ db, c, ondelete, first, states }: Run): Promise<void> {
  const { state, conflicts } = await ondelete.restore(first);
  assert.deepEqual([state, conflicts], ["done", []], "the restore of what nobody touched");
  assert.deepEqual(await snapshot(db, c), states.final, "rows after the restore");
}

async function reverse(run: Run, second: string): Promise<void> {
  const { state, conflicts } = await run.ondelete.restore(second);
  assert.deepEqual([state, conflicts], ["done", []], "the restore of the second delete");
  assert.deepEqual(await snapshot(run.db, run.c), run.states.between, "rows after the second's restore");
  await restoreOne(run);
}

/** The first is restored while the second still holds: exactly, or not at all. */
async function sameOrder(run: Run, second: string): Promise<Restored> {
  const { db, c, ondelete, first, states } = run;
  const held = await snapshot(db, c);
  const restored = await ondelete.restore(first);
  const now = await snapshot(db, c);
  if (restored.state === "blocked") {
    assert.deepEqual(now, held, "a restore that stopped changed rows");
    await reverse(run, second);
    return "stopped first";
  }
  nothingElse({ now, allowed: [states.final, held], kept: held });
  const other = await ondelete.restore(second);
  assert.deepEqual([other.state, other.conflicts], ["done", []], "the second's restore, after the first's");
  assert.deepEqual(await snapshot(db, c), states.final, "rows after both restores");
  return "same order";
}

interface Comparison {
  readonly now: Snapshot;
  readonly allowed: readonly Snapshot[];
  readonly kept: Snapshot;
}

/** Every value is that of one of the states, and no row of the kept one is gone. */
function nothingElse({ now, allowed, kept }: Comparison): void {
  for (const [table, rows] of now) {
    for (const rid of kept.get(table)?.keys() ?? [])
      assert.ok(rows.has(rid), `row ${rid} of ${table} is gone after the first's restore`);
    for (const [rid, row] of rows)
      for (const [column, value] of Object.entries(row))
        assert.ok(
          allowed.some((s) => s.get(table)?.get(rid)?.[column] === value),
          `${table}.${column} of row ${rid} is ${value} after the first's restore, which it never was`,
        );
  }
}

/** Deletes another row, of whatever is there; null where that could not be done. */
async function secondDelete(ondelete: Database, soft: SoftCase, now: Snapshot): Promise<string | null> {
  const all = soft.c.tables.flatMap((t) => [...(now.get(t.name)?.values() ?? [])].map((row) => ({ t, row })));
  if (all.length === 0 || soft.pick("second", 4) === 0) return null;
  for (let i = 0; i < 3; i++) {
    const chosen = all[soft.pick(`second ${i}`, all.length)];
    if (!chosen) continue;
    const sql = `rid = ${chosen.row.rid}`;
    const target: Target = { table: chosen.t.name, select: { kind: "condition", sql } };
    const options = { soft: modeOf(soft, `second ${i}`) === "soft" };
    const outcome = await ondelete.delete(target, options).catch((error: unknown) => {
      if (error instanceof OnDeleteError && ["no-marker", "unsupported"].includes(error.code)) return null;
      throw error;
    });
    if (outcome?.state === "done" && outcome.operation !== null) return outcome.operation;
  }
  return null;
}

type Rows = Readonly<Record<string, readonly Row[]>>;

const withMarks = (rows: Rows, { marked }: SoftCase): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [
      table,
      list.map((row) => ({ ...row, deleted: marked.has(`${table} ${row.rid}`) ? 1 : 0 })),
    ]),
  );

const byRid = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([table, list]) => [
      table,
      list.toSorted((a, b) => Number(a.rid) - Number(b.rid)),
    ]),
  );
