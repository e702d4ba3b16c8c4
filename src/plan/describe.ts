import type { DeletedRows } from "../dialect/planned.ts";
import { ScratchRowSets } from "../dialect/row-set.ts";
import { id, list, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { whereText } from "../dialect/target.ts";
import { parentsFirst } from "../graph/order.ts";
import type { Key, Plan, PlannedUpdate, Target } from "../model/plan.ts";
import type { TableId } from "../model/table.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { edgeFrom } from "./closure.ts";
import { deletableOneByOne, deletableRoots, ROOTS_LISTED, TRIED_ONE_BY_ONE } from "./deletable.ts";
import { digestOf, fingerprintOf } from "./digest.ts";
import { fileWarnings } from "./file-warnings.ts";
import type { NativeFound } from "./native/native.ts";
import { keys, keysOfSet, SAMPLE } from "./sample.ts";
import { cascades } from "./scope.ts";
import { handled } from "./soft.ts";
import { warningsOf } from "./warnings.ts";

/** What a description says beside what was found out about the rows. */
export interface Description {
  readonly target: Target;
  /** Up to how many rows the digest covers every key. */
  readonly digestRows: number;
  readonly native: NativeFound;
  readonly steps: Plan["steps"];
}

/** An analysis as a plan. */
export async function describe(analysis: Analysis, description: Description): Promise<Plan> {
  const { target, digestRows, native, steps } = description;
  const { scope, reader, closure, effects } = analysis;
  const deletes = await describeDeletes(analysis);
  const blockers = analysis.blockers.map((b) => b.blocker);
  const deleted = deletes.reduce((n, d) => n + d.rows, 0);
  const complete = closure.stoppedAt === null;
  const allowed = complete && blockers.length === 0;
  return {
    ondelete: "1",
    kind: "plan",
    engine: scope.engine.info,
    target: {
      table: target.table,
      where: whereText(scope, target.select),
      rows: await rootRows(analysis),
      select: target.select,
    },
    mode: scope.mode,
    strict: analysis.task.strict,
    verdict: allowed ? "allowed" : "blocked",
    nativeVerdict: native.verdict,
    native: native.native,
    deletes,
    updates: await describeUpdates(analysis),
    blockers,
    inner: analysis.inner.map((i) => ({ relation: i.relation.id, rows: i.rows })),
    kept: scope.mode === "soft" ? handled(scope, closure, "keep").map(rowsOfTable) : [],
    archived: scope.mode === "soft" ? handled(scope, closure, "archive").map(rowsOfTable) : [],
    marked: analysis.marks.map((m) => ({
      table: m.table.id,
      columns: [...m.assignments.keys()],
      rows: m.count,
    })),
    warnings: [...warningsOf(analysis, native), ...(await fileWarnings(analysis))],
    totals: {
      tables: deletes.length,
      deleted,
      updated: await distinctUpdates(analysis),
      blocking: blockers.reduce((n, b) => n + b.rows, 0),
    },
    steps,
    deletableRoots: complete ? await rootsToDelete(analysis) : [],
    complete,
    ...(closure.stoppedAt === null ? {} : { stoppedAt: closure.stoppedAt }),
    ...(await digestOf(reader, scope, {
      closure,
      effects,
      limit: digestRows,
    })),
    fingerprint: fingerprintOf(scope),
  };
}

const rowsOfTable = ({ table, rows }: DeletedRows) => ({ table: table.id, rows });

async function describeDeletes(analysis: Analysis): Promise<Plan["deletes"]> {
  const { scope, closure } = analysis;
  const ids = [...closure.tables.keys()];
  const order = parentsFirst(ids, [...scope.followed, ...scope.declared]).flat();
  const out = [];
  for (const table of order) {
    const rows = closure.tables.get(table);
    if (rows)
      out.push({ table, rows: rows.rows, relations: await leading(analysis, table), depth: rows.depth });
  }
  return out;
}

/** The CASCADE relations by which rows of the table are reached. */
async function leading(analysis: Analysis, table: TableId): Promise<readonly string[]> {
  const { scope, closure, reader } = analysis;
  const into = cascades(scope.followed).filter((r) => r.child === table && closure.tables.has(r.parent));
  const [only] = into;
  if (into.length === 1 && only && table !== scope.root.id) return [only.id];
  const out: string[] = [];
  for (const relation of into) {
    const parent = closure.tables.get(relation.parent)?.set;
    if (!parent) continue;
    const query = sql`select 1 as found ${edgeFrom(scope, relation, parent)} limit 1`;
    if ((await reader.tx.rows(reader.sets.over([parent], query))).length > 0) out.push(relation.id);
  }
  return out;
}

async function describeUpdates(analysis: Analysis): Promise<readonly PlannedUpdate[]> {
  const out: PlannedUpdate[] = [];
  for (const effect of analysis.effects) {
    const sample = await keys(analysis.reader, effect.table, keysOfSet(effect.rows), {
      uses: [effect.rows],
      limit: SAMPLE,
    });
    out.push({
      table: effect.table.id,
      columns: [...effect.assignments.keys()],
      relation: effect.relation.id,
      set: effect.set,
      rows: effect.count,
      sample,
    });
  }
  return out;
}

async function distinctUpdates({ reader, effects }: Analysis): Promise<number> {
  let total = 0;
  for (const group of Map.groupBy(effects, (e) => e.table.id).values()) {
    const [first] = group;
    if (group.length === 1 && first) {
      total += first.count;
      continue;
    }
    const all = sql.join(
      group.map((e) => keysOfSet(e.rows)),
      sql` union `,
    );
    const [row] = await reader.tx.rows(
      reader.sets.over(
        group.map((e) => e.rows),
        sql`select count(*) as n from (${all}) as u`,
      ),
    );
    total += Number(row?.n);
  }
  return total;
}

async function rootRows({ scope, closure, reader }: Analysis): Promise<number> {
  const root = closure.tables.get(scope.root.id);
  if (!root || root.maxDepth === 0) return root?.rows ?? 0;
  const [row] = await reader.tx.rows(
    reader.sets.over(
      [root.set],
      sql`select count(*) as n from ${root.set.from} as d where ${id("d", DEPTH)} = 0`,
    ),
  );
  return Number(row?.n);
}

async function rootsToDelete(analysis: Analysis): Promise<readonly Key[]> {
  const { scope, closure, reader, blockers } = analysis;
  const root = closure.tables.get(scope.root.id);
  if (!root) return [];
  const key = list(root.set.key.map((c) => id("d", c)));
  const select = sql`select ${key} from ${root.set.from} as d where ${id("d", DEPTH)} = 0`;
  const roots = await keys(reader, scope.root, select, { uses: [root.set], limit: ROOTS_LISTED });
  if (blockers.length === 0) return roots;
  if (roots.length < 2) return [];
  if (roots.length <= TRIED_ONE_BY_ONE && blockers.some((b) => b.cause?.rows))
    return deletableOneByOne(analysis, roots);
  const inScratch =
    reader.sets instanceof ScratchRowSets ? analysis : await analyse({ ...analysis.task, scratch: true });
  return deletableRoots(inScratch);
}
