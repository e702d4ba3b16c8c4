import { isDeepStrictEqual } from "node:util";
import { OnDeleteError, type Plan } from "../../src/index.ts";
import { type CorpusTable, keyOf, type Row, tableOf } from "./catalog.ts";
import { type Changes, withoutClocks } from "./changes.ts";
import { type Expected, expectedDelete } from "./oracle.ts";
import { requiredCycles } from "./required-cycle.ts";
import type { Stage } from "./stage.ts";

/** What came of one row. */
export interface RowProof {
  readonly table: string;
  readonly key: string;
  readonly verdict: Plan["verdict"];
  /** Whether the engine's own DELETE of the row was applied. */
  readonly native: boolean;
  /** Rows deleted and put back, the root row among them; 0 where it was blocked. */
  readonly deleted: number;
  readonly differences: readonly string[];
  /** Whether the database is as it was. */
  readonly intact: boolean;
}

type Compare = (what: string, actual: unknown, expected: unknown) => void;

/** Plans, has the engine try, deletes, restores, and compares each with the rows and with the oracle. */
export async function proveRow(stage: Stage, table: CorpusTable, row: Row): Promise<RowProof> {
  const { corpus, ondelete, reference, db, pass } = stage;
  const differences: string[] = [];
  const label = `${corpus.title}, ${pass.name}: ${table.name} ${keyOf(table, row)}`;
  const compare: Compare = (what, actual, expected) => {
    if (!isDeepStrictEqual(actual, expected))
      differences.push(`${label}: ${what}: ${short(actual)}, expected ${short(expected)}`);
  };
  const root = { table: table.name, row };
  const expected = expectedDelete(stage.catalog, stage.references, root);
  const byEngine = expectedDelete(stage.constraints, stage.references, root);
  const target = {
    table: table.name,
    select: { kind: "key", values: table.key.map((c) => row[c] ?? "") },
  } as const;
  const plan = await ondelete.plan(target);
  comparePlan(stage, plan, expected, compare);
  const native = table.transactional ? await tryNatively(stage, table, row) : null;
  if (table.transactional) compareNative(stage, { plan, expected: byEngine, native }, compare);
  await compareBlockers(stage, { table, row, expected, plan }, compare);
  let deleted = 0;
  if (plan.verdict === "allowed" && lasting(stage, expected).length > 0)
    await refusedDelete(stage, plan, expected, compare);
  else if (plan.verdict === "allowed") deleted = await roundTrip(stage, plan, expected, compare);
  else compare("a blocked delete", (await ondelete.delete(plan)).state, "blocked");
  const left = await reference.changes(db);
  compare("rows at the end", left, {});
  const { verdict } = plan;
  const intact = Object.keys(left).length === 0;
  return {
    table: table.name,
    key: keyOf(table, row),
    verdict,
    native: native !== null,
    deleted,
    differences,
    intact,
  };
}

function comparePlan(stage: Stage, plan: Plan, expected: Expected, compare: Compare): void {
  const { catalog, constraints, references, corpus } = stage;
  const cycles = corpus.on.deletesCycles ? {} : requiredCycles(constraints, references, expected.gone);
  const inCycle = plan.blockers.filter((b) => b.reason === "required-cycle");
  compare("blockers", sums(plan.blockers.filter((b) => b.reason !== "required-cycle")), expected.blockers);
  compare("cycles that no order deletes", sums(inCycle), cycles);
  const free = Object.keys({ ...expected.blockers, ...cycles }).length === 0;
  compare("the verdict", plan.verdict, free ? "allowed" : "blocked");
  const counts: Record<string, number> = {};
  for (const [table, n] of Object.entries(expected.deleted)) {
    const as = catalog.tables.find((t) => t.name === table)?.countedAs ?? table;
    counts[as] = (counts[as] ?? 0) + n;
  }
  compare("planned deletes", Object.fromEntries(plan.deletes.map((d) => [d.table, d.rows])), counts);
}

function sums(blockers: Plan["blockers"]): Readonly<Record<string, number>> {
  const out: Record<string, number> = {};
  for (const { relation, rows } of blockers) out[relation] = (out[relation] ?? 0) + rows;
  return out;
}

async function tryNatively(stage: Stage, table: CorpusTable, row: Row): Promise<Changes | null> {
  const { on } = stage.corpus;
  const where = table.key.map((c) => `${on.quote(c)} = ${on.literal(row[c] ?? "")}`).join(" and ");
  return on.attempt(stage.db, `delete from ${on.quote(table.name)} where ${where}`, (session) =>
    stage.reference.changes(session),
  );
}

interface Found {
  readonly plan: Plan;
  readonly expected: Expected;
  readonly native: Changes | null;
}

function compareNative({ corpus, pass }: Stage, { plan, expected, native }: Found, compare: Compare): void {
  if (plan.nativeVerdict !== "order-dependent")
    compare("the native verdict", plan.nativeVerdict, native === null ? "refused" : "applies");
  if (pass.by === "database" && plan.verdict === "blocked") compare("the engine's delete", native, null);
  if (native === null) return;
  compare("rows that the engine's delete changes", withoutClocks(native, corpus.clocks), expected.changes);
}

/** Where nothing cascades, the rows in the way can be counted by one query for each foreign key. */
async function compareBlockers(
  { corpus, catalog, db }: Stage,
  { table, row, expected, plan }: Omit<Found, "native"> & { table: CorpusTable; row: Row },
  compare: Compare,
): Promise<void> {
  const alone = Object.values(expected.deleted).reduce((n, rows) => n + rows, 0) === 1;
  if (plan.verdict === "allowed" || !alone) return;
  const { quote, literal } = corpus.on;
  const counts: Record<string, number> = {};
  for (const edge of catalog.edges.filter(
    (e) => e.parent === table.name && (e.action === "restrict" || e.action === "no action"),
  )) {
    const pairs = edge.columns.map(
      (c, i) => `${quote(c)} = ${literal(row[edge.parentColumns[i] ?? ""] ?? "")}`,
    );
    const itself = table.key.map((c) => `${quote(c)} = ${literal(row[c] ?? "")}`).join(" and ");
    const others = edge.child === table.name ? ` and not (${itself})` : "";
    const [found] = await db.rows(
      `select count(*) as n from ${quote(edge.child)} where ${pairs.join(" and ")}${others}`,
    );
    if (found?.n !== "0") counts[edge.id] = Number(found?.n);
  }
  compare("blockers, counted by a query each", sums(plan.blockers), counts);
}

/** Tables among those that change whose rows no rollback brings back. */
const lasting = ({ catalog }: Stage, { changes }: Expected): readonly string[] =>
  Object.keys(changes).filter((name) => !tableOf(catalog, name).transactional);

/** Nothing is deleted where a failure halfway could not be taken back. */
async function refusedDelete(stage: Stage, plan: Plan, expected: Expected, compare: Compare): Promise<void> {
  const warned = plan.warnings.filter((w) => w.code === "not-transactional").map((w) => w.table);
  compare("tables that are said to have no transactions", warned, lasting(stage, expected));
  const error = await stage.ondelete.delete(plan).then(
    () => null,
    (e: unknown) => e,
  );
  compare("the refusal", error instanceof OnDeleteError ? error.code : error, "unsupported");
}

/** Deletes and restores. @returns how many rows were deleted */
async function roundTrip(stage: Stage, plan: Plan, expected: Expected, compare: Compare): Promise<number> {
  const { ondelete, reference, db, corpus } = stage;
  const outcome = await ondelete.delete(JSON.parse(JSON.stringify(plan)) as Plan);
  compare("the delete", outcome.state, "done");
  compare(
    "rows after the delete",
    withoutClocks(await reference.changes(db), corpus.clocks),
    expected.changes,
  );
  const planned = Object.fromEntries(plan.deletes.map((d) => [d.table, d.rows]));
  compare("the outcome's counts", outcome.deleted, planned);
  const restored = await ondelete.restore(outcome.operation ?? "");
  compare(
    "the restore",
    { state: restored.state, conflicts: restored.conflicts },
    { state: "done", conflicts: [] },
  );
  return plan.totals.deleted;
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
};
