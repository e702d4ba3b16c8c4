import assert from "node:assert/strict";
import { openEngine } from "../../src/connect/open-engine.ts";
import { OnDeleteError, open, type Plan, type Target } from "../../src/index.ts";
import { defaultPolicy } from "../../src/model/policy.ts";
import { planDelete } from "../../src/plan/plan.ts";
import type { Case, Row } from "./case.ts";
import { condition, constraint, ddl, type FuzzDatabase, inserts } from "./database.ts";
import { type Expected, expect } from "./oracle.ts";

/** What a case turned out to be, for the tally. */
export type Kind = "allowed" | "blocked" | "ambiguous" | "empty";

/** What was foretold of a bare DELETE. */
export type Foretold = Plan["nativeVerdict"] | "unknown";

/**
 * Plans, compares with the oracle and with the engine's own DELETE, deletes, restores, and compares all rows each time.
 *
 * @param told is given what the plan says of the bare DELETE
 */
export async function checkCase(
  db: FuzzDatabase,
  wished: Case,
  told: (foretold: Foretold) => void = () => {},
): Promise<Kind> {
  const c = db.possible(wished);
  if (c.roots.length === 0) return "empty";
  await db.load(c);
  const before = await allRows(db, c);
  const oracle = expect(c, db);
  const wanted = { ...oracle, final: sorted(oracle.final, c) };
  const ondelete = await open(db.handle);
  const target = { table: c.target, select: { kind: "condition", sql: condition(c) } } as const;
  const plan = await ondelete.plan(target).catch(unsupported);
  // A default, or a value passed on, for a column by which rows are followed: refused, and not foretold by the oracle.
  if (plan === null) return "ambiguous";
  assert.deepEqual(await allRows(db, c), before, "planning wrote something");
  assert.equal((await ondelete.plan(target)).digest, plan.digest, "planning twice gives two digests");
  await compareWays(db, plan, target);
  if (wanted.ambiguous) return "ambiguous";
  comparePlan(plan, wanted, c);
  compareNative(c, plan, wanted, await db.nativeDelete(c));
  told(plan.native.now === "unknown" ? "unknown" : plan.nativeVerdict);
  await compareOrders(db, c, plan, wanted.final);
  const outcome = await ondelete.delete(JSON.parse(JSON.stringify(plan)) as Plan);
  if (wanted.verdict === "blocked") {
    assert.equal(outcome.state, "blocked");
    assert.deepEqual(await allRows(db, c), before, "a blocked delete changed rows");
    return "blocked";
  }
  assert.equal(outcome.state, "done");
  assert.deepEqual(outcome.deleted, wanted.deleted, "rows deleted by table");
  assert.deepEqual(await allRows(db, c), wanted.final, "rows after the delete");
  const restored = await ondelete.restore(outcome.operation ?? "");
  assert.deepEqual(restored.conflicts, []);
  assert.deepEqual(await allRows(db, c), before, "rows after the restore");
  assert.equal((await ondelete.plan(target)).digest, plan.digest, "the restored rows plan differently");
  const kept = await ondelete.delete(target, { archive: false });
  assert.deepEqual(kept.deleted, wanted.deleted, "rows deleted by table, without an archive");
  assert.deepEqual(await allRows(db, c), wanted.final, "rows after the delete without an archive");
  return "allowed";
}

function unsupported(error: unknown): null {
  if (error instanceof OnDeleteError && error.code === "unsupported") return null;
  throw error;
}

/** Joins and scratch tables are two ways to one plan. */
async function compareWays(db: FuzzDatabase, plan: Plan, target: Target): Promise<void> {
  const engine = await openEngine(db.handle);
  const model = await engine.readModel({ journal: defaultPolicy.journal });
  const scratch = await planDelete({ engine, model, policy: defaultPolicy }, { target, scratch: true });
  assert.deepEqual(
    { ...scratch, steps: [] },
    { ...plan, steps: [] },
    "scratch tables give another plan than joins",
  );
}

function comparePlan(plan: Plan, wanted: Expected, c: Case): void {
  assert.equal(
    plan.verdict,
    wanted.verdict,
    `verdict; blockers ${JSON.stringify(plan.blockers)}, oracle ${JSON.stringify(wanted.blockers)} fails ${wanted.fails}`,
  );
  assert.deepEqual(
    Object.fromEntries(plan.deletes.map((d) => [d.table, d.rows])),
    wanted.deleted,
    "planned deletes",
  );
  assert.deepEqual(sums(plan.inner), wanted.inner, "inner edges");
  const refusing = plan.blockers.filter((b) => b.reason === "restrict" || b.reason === "no-action");
  assert.deepEqual(sums(refusing), wanted.blockers, "blockers");
  assert.equal(plan.blockers.length > refusing.length, wanted.fails, "predicted failures");
  if (wanted.verdict === "allowed") assert.deepEqual(sums(plan.updates), wanted.updates, "planned updates");
  if (wanted.fails) return;
  const roots = plan.deletableRoots.map((k) =>
    JSON.stringify(Object.fromEntries(Object.entries(k).map(([n, v]) => [n, Number(v)]))),
  );
  assert.deepEqual(
    [...roots].sort(),
    [...wanted.deletable].sort(),
    `deletable roots of ${JSON.stringify(c.roots)}`,
  );
}

/** What is sure does not depend on the order in which constraints and tables were made, or on their names. */
async function compareOrders(
  db: FuzzDatabase,
  c: Case,
  plan: Plan,
  final: Readonly<Record<string, readonly Row[]>>,
): Promise<void> {
  if (plan.nativeVerdict === "order-dependent" || c.fks.length < 2) return;
  await db.load({
    ...c,
    // MariaDB goes by the names alone, and takes some keys only where the parent's table is there.
    tables: db.checksAtOnce ? c.tables : c.tables.toReversed(),
    fks: c.fks.toReversed().map((f, i) => ({ ...f, name: `k${i}` })),
  });
  const did = outcomeOf(await db.nativeDelete(c), final);
  await db.load(c);
  assert.equal(did, plan.nativeVerdict, "the bare DELETE, after everything was made in the opposite order");
}

type Rows = Readonly<Record<string, readonly Row[]>>;

function outcomeOf(left: Rows | null, planned: Rows): "refused" | "applies" | "diverges" {
  if (left === null) return "refused";
  return JSON.stringify(left) === JSON.stringify(planned) ? "applies" : "diverges";
}

function compareNative(
  c: Case,
  plan: Plan,
  wanted: Expected,
  native: Readonly<Record<string, readonly Row[]>> | null,
): void {
  const did = outcomeOf(native, wanted.final);
  if (plan.native.now !== "unknown")
    assert.equal(did, plan.native.now, `the bare DELETE; told for ${JSON.stringify(plan.native, null, 1)}`);
  const warned = plan.warnings.some(
    (w) => w.code === "native-diverges" || w.code === "fk-conflicting-actions",
  );
  const circle = plan.blockers.some((b) => b.reason === "required-cycle");
  // Another constraint on the same column may take the reference away, in whatever order the engine runs them.
  const loosened =
    plan.nativeVerdict === "applies" && c.fks.some((a) => c.fks.some((b) => shareColumn(a, b)));
  if (plan.verdict === "blocked" && !warned && !circle && !loosened)
    assert.equal(plan.nativeVerdict, "refused", "a blocked plan is refused natively");
  if (plan.nativeVerdict === "refused")
    assert.equal(native, null, "the engine applies what the plan says it refuses");
  if (plan.nativeVerdict === "applies")
    assert.notEqual(native, null, "the engine refuses what the plan says it applies");
  if (native === null) return;
  const diverges = JSON.stringify(native) !== JSON.stringify(wanted.final);
  if (plan.nativeVerdict === "applies")
    assert.deepEqual(native, wanted.final, "the engine leaves another state");
  if (diverges)
    assert.ok(
      plan.warnings.some((w) => w.code === "native-diverges"),
      "a third state, and no warning of it",
    );
}

const shareColumn = (a: Case["fks"][number], b: Case["fks"][number]): boolean =>
  a !== b && a.child === b.child && a.columns.some((x) => b.columns.includes(x));

function sums(
  entries: readonly { readonly relation: string; readonly rows: number }[],
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const { relation, rows } of entries) {
    const id = relation.replace(/#.*$/, "");
    out[id] = (out[id] ?? 0) + rows;
  }
  return out;
}

export async function allRows(db: FuzzDatabase, c: Case): Promise<Record<string, readonly Row[]>> {
  const out: Record<string, readonly Row[]> = {};
  for (const t of c.tables) out[t.name] = await db.rows(t);
  return out;
}

export function sorted(
  rows: Readonly<Record<string, readonly Row[]>>,
  c: Case,
): Record<string, readonly Row[]> {
  const order = (key: readonly string[]) => (a: Row, b: Row) =>
    key.map((k) => (a[k] ?? 0) - (b[k] ?? 0)).find((d) => d !== 0) ?? 0;
  return Object.fromEntries(c.tables.map((t) => [t.name, [...(rows[t.name] ?? [])].sort(order(t.key))]));
}

/** The case as SQL, to be run by hand. */
export const script = (c: Case): string =>
  [
    ...ddl(c, false),
    ...inserts(c),
    ...c.fks.map((f) => `alter table "${f.child}" add ${constraint(f)}`),
    `-- delete from "${c.target}" where ${condition(c)}`,
  ]
    .map((s) => `${s};`)
    .join("\n");
