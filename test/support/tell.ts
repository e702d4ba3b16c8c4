import { describe, expect, test } from "vitest";
import { type Database, open, type Plan } from "../../src/index.ts";
import type { TestDatabase, Variant } from "./databases.ts";
import { type Dress, dresses, quote } from "./dress.ts";
import { type Dump, dump, objects } from "./rows.ts";
import { openSession } from "./sessions.ts";
import { eachVariant } from "./stages.ts";
import {
  build,
  dressed,
  edgeId,
  familyOf,
  hasNamespaces,
  leftOut,
  type Rows,
  type Story,
  tableId,
} from "./story.ts";

export interface Stage {
  readonly db: TestDatabase;
  readonly variant: Variant;
  readonly dress: Dress;
}

/** A whole round trip: plan, the engine's own delete, delete, compare, restore, compare, delete again. */
async function tell(stage: Stage, story: Story): Promise<void> {
  const { db, variant, dress } = stage;
  await build(db, variant, story, dress);
  const name = (n: string) => tableId(n, variant, dress);
  const ondelete = await open(db.handle, story.config?.(name, dress.name));
  const before = await dump(db, variant);
  const existing = await objects(db, variant);
  const condition = dressed(story.where, dress);
  const target = { table: name(story.root), select: { kind: "condition", sql: condition } } as const;
  const plan = await ondelete.plan(target);
  expect(summary(plan)).toEqual(wanted(stage, story));
  expect(await objects(db, variant), "planning leaves nothing behind").toEqual(existing);
  expect((await ondelete.plan(target)).digest, "planning twice gives one digest").toBe(plan.digest);
  const after = expectedRows(stage, before, story.after ?? {});
  await compareNative(stage, story, plan, after);
  expect(await dump(db, variant), "planning writes nothing").toEqual(before);
  if (plan.verdict === "blocked") return refused(stage, ondelete, plan, before);
  await runScripts(stage, ondelete, { plan, after });
  await roundTrip(stage, ondelete, plan, { before, after });
}

/** What a person would run by hand, up to its commit. */
async function runScripts(
  { db, variant }: Stage,
  ondelete: Database,
  { plan, after }: { readonly plan: Plan; readonly after: Dump },
): Promise<void> {
  for (const archive of [true, false]) {
    const script = await ondelete.script(plan.target, { archive });
    const session = await openSession(db, variant);
    try {
      await session.run(script.replace(/commit;\s*$/, ""));
      expect(await dump(session, variant), "rows after the script").toEqual(after);
    } finally {
      await session.run("rollback");
      await session.end();
    }
  }
}

async function refused({ db, variant }: Stage, ondelete: Database, plan: Plan, before: Dump): Promise<void> {
  const outcome = await ondelete.delete(throughJson(plan));
  expect({ state: outcome.state, deleted: outcome.deleted, operation: outcome.operation }).toEqual({
    state: "blocked",
    deleted: {},
    operation: null,
  });
  expect(await dump(db, variant), "a blocked delete changes nothing").toEqual(before);
}

async function roundTrip(
  { db, variant }: Stage,
  ondelete: Database,
  plan: Plan,
  rows: { readonly before: Dump; readonly after: Dump },
): Promise<void> {
  const first = await ondelete.delete(throughJson(plan));
  expect({ state: first.state, archive: first.archive }).toEqual({ state: "done", archive: true });
  expect(first.deleted).toEqual(Object.fromEntries(plan.deletes.map((d) => [d.table, d.rows])));
  expect(await dump(db, variant), "rows after the delete").toEqual(rows.after);
  const restored = await ondelete.restore(first.operation ?? "");
  expect({ state: restored.state, conflicts: restored.conflicts }).toEqual({ state: "done", conflicts: [] });
  expect(await dump(db, variant), "rows after the restore").toEqual(rows.before);
  const again = await ondelete.delete(plan);
  expect(again.state, "the restored rows can be deleted by the same plan").toBe("done");
  expect(await dump(db, variant), "rows after the second delete").toEqual(rows.after);
}

const throughJson = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan)) as Plan;

const byText = (a: unknown, b: unknown) => (String(a) < String(b) ? -1 : 1);

function summary(plan: Plan) {
  const { verdict, nativeVerdict: native } = plan;
  return {
    verdict,
    native,
    deletes: plan.deletes.map((d) => [d.table, d.rows, d.depth]).sort(byText),
    updates: plan.updates.map((u) => [u.relation, u.set, u.rows]).sort(byText),
    blockers: plan.blockers.map((b) => [b.relation, b.reason, b.rows]).sort(byText),
    inner: plan.inner.map((i) => [i.relation, i.rows]).sort(byText),
    warnings: [...new Set(plan.warnings.map((w) => w.code))].filter((code) => code !== "no-index").sort(),
    deletable: plan.deletableRoots.map((k) => Object.values(k).join()),
  };
}

function wanted({ variant, dress }: Stage, story: Story) {
  const plan = { ...story.plan, ...(variant.engine === "mariadb" ? story.mariadb : {}) };
  const engine = familyOf(variant);
  const edge = (id: string) => (id.includes("->") ? edgeId(id, variant, dress) : tableId(id, variant, dress));
  return {
    verdict: plan.verdict,
    native: typeof plan.native === "string" ? plan.native : (plan.native[engine] ?? expect.any(String)),
    deletes: plan.deletes.map(([t, ...rest]) => [tableId(t, variant, dress), ...rest]).sort(byText),
    updates: (plan.updates ?? []).map(([id, ...rest]) => [edge(id), ...rest]).sort(byText),
    blockers: (plan.blockers ?? []).map(([id, ...rest]) => [edge(id), ...rest]).sort(byText),
    inner: (plan.inner ?? []).map(([id, n]) => [edge(id), n]).sort(byText),
    warnings: [...(plan.warnings ?? [])].sort(),
    deletable: plan.deletable ?? expect.any(Array),
  };
}

function expectedRows({ dress }: Stage, before: Dump, after: Rows): Dump {
  const changed = Object.entries(after).map(([table, rows]) => [
    dress.name(table),
    rows.map((row) => row.map((v) => (v === null ? "∅" : String(v))).join("|")).sort(),
  ]);
  return { ...before, ...Object.fromEntries(changed) };
}

/** What the engine's own DELETE does, against what the plan says of it. */
async function compareNative(stage: Stage, story: Story, plan: Plan, after: Dump): Promise<void> {
  const left = await nativeDelete(stage, story.root, dressed(story.where, stage.dress));
  if (plan.nativeVerdict === "refused") expect(left, "the engine refuses").toBeNull();
  // The engine knows nothing of a configuration: it may leave another state than the plan.
  if (story.config) return expect(left === null, "the engine refuses").toBe(plan.nativeVerdict === "refused");
  if (plan.nativeVerdict === "applies") expect(left, "the engine applies").toEqual(after);
  const diverges = left !== null && JSON.stringify(left) !== JSON.stringify(after);
  if (diverges) expect(plan.warnings.map((w) => w.code)).toContain("native-diverges");
}

/** The rows that a bare DELETE would leave, or null where the engine refuses it; rolled back. */
async function nativeDelete(stage: Stage, root: string, where: string): Promise<Dump | null> {
  const { db, variant, dress } = stage;
  const session = await openSession(db, variant);
  const place = !hasNamespaces(variant) || dress.namespace === null ? [] : [dress.namespace];
  await session.run("begin");
  try {
    await session.run(`delete from ${[...place, dress.name(root)].map(quote).join(".")} where ${where}`);
    if (hasNamespaces(variant)) await session.run("set constraints all immediate");
    else if (variant.engine === "sqlite" && (await session.rows("pragma foreign_key_check")).length > 0)
      return null;
    return await dump(session, variant);
  } catch {
    return null;
  } finally {
    await session.run("rollback");
    await session.end();
  }
}

/** The names to tell a story under; on PGlite, which runs the code of PostgreSQL, only the hardest. */
function dressesFor(variant: Variant, story: Story): readonly (() => Dress)[] {
  if (story.names === "plain") return dresses.slice(0, 1);
  return variant.engine === "pglite" ? dresses.slice(1, 2) : dresses;
}

/** Every story on every variant and under every dress. */
export function tellOnEachVariant(stories: readonly Story[]): void {
  eachVariant((variant, fresh) => {
    for (const story of stories) {
      const because = leftOut(variant, story);
      const title = because === null ? story.title : `${story.title} (left out: ${because})`;
      describe.skipIf(because !== null)(title, () => {
        for (const make of dressesFor(variant, story)) {
          const dress = make();
          test(dress.title, async () => tell({ db: await fresh(), variant, dress }, story));
        }
      });
    }
  });
}
