import { withJournal } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { Report } from "../model/progress.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import type { Proof } from "../model/verification.ts";
import { withPolicy } from "../model/with-policy.ts";
import { experiment, type Found, type Ground, type Verifier, writeOptions } from "./experiment.ts";
import { judged, sortKey, unprovable } from "./judge.ts";
import { overOrders, type Reordered, reordered } from "./orders.ts";
import { onlyConfigured, type Task, tasksOf, type VerifyRequest } from "./tasks.ts";
import { tried } from "./tried.ts";

/** Proves every relation, and every cell of the delete matrix, by experiment. */
export async function verify(
  verifier: Verifier,
  request: VerifyRequest,
  report: Report,
): Promise<readonly Proof[]> {
  const { model, engine } = verifier;
  const { followed, declared } = withPolicy(model, verifier.policy);
  const tasks = tasksOf(followed, declared, request);
  const relations = byTable(model, [...declared, ...onlyConfigured(followed, declared)]);
  const ground = { ...groundOf(model), relations, seed: SEED };
  const all = { model, tables: model.tables.map((t) => t.id), order: "as they are" } as const;
  const options = writeOptions(verifier);
  const work = (on: Ground) =>
    withJournal(on.engine, verifier.policy.journal, {
      options,
      work: () => eachTried(verifier, on, { tasks, report }),
    });
  const found = request.scratch
    ? await engine.scratchCopy(all, (copy) =>
        work({ ...ground, ...groundOf(copy.model), engine: copy.engine }),
      )
    : await work({ ...ground, engine });
  const others = await reordered(
    verifier,
    ground,
    tasks.filter((t) => t.ordered && typeof found.get(t) !== "string"),
  );
  const proofs = tasks.flatMap((task) =>
    proofsOf({ task, found: found.get(task) ?? "", others: others.get(task) ?? [], verifier, ground }),
  );
  return proofs.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const SEED = 1_000_003;

const groundOf = (model: Model) => ({ model, tables: new Map(model.tables.map((t) => [t.id, t])) });

/** What rows of each table have to mind; those of a partition also what its partitioned table says. */
function byTable(model: Model, relations: readonly Relation[]): Ground["relations"] {
  const own = Map.groupBy(relations, (r) => r.childPartition ?? r.child);
  const of = (id: TableId | null): readonly Relation[] => (id === null ? [] : (own.get(id) ?? []));
  return new Map(model.tables.map((t) => [t.id, [...of(t.id), ...of(t.partitionOf)]]));
}

interface Tasks {
  readonly tasks: readonly Task[];
  readonly report: Report;
}

/** What came of every experiment, or why it could not be made. */
async function eachTried(
  verifier: Verifier,
  ground: Ground,
  { tasks, report }: Tasks,
): Promise<ReadonlyMap<Task, Found | string>> {
  const out = new Map<Task, Found | string>();
  for (const [done, task] of tasks.entries()) {
    const { scenario, native, ondelete } = task;
    report({ phase: "proving", table: scenario.parent, done, total: tasks.length });
    const paths = { native: native !== null, ondelete: ondelete !== null };
    const found = await tried(() =>
      ground.engine.rehearse((engine) => experiment(verifier, { ...ground, engine }, { scenario, paths })),
    );
    out.set(task, found);
  }
  return out;
}

interface Tried {
  readonly task: Task;
  readonly found: Found | string;
  readonly others: readonly Reordered[];
  readonly verifier: Verifier;
  readonly ground: Omit<Ground, "engine">;
}

function proofsOf({ task, found, others, verifier, ground }: Tried): readonly Proof[] {
  const { native, ondelete } = task;
  const proof = (path: Proof["path"], relation: Relation): Proof => {
    const facts = { task, relation, path, ground, policy: verifier.policy };
    if (typeof found === "string") return unprovable(facts, found);
    return judged(facts, others.length > 0 ? { ...found, native: overOrders(found, others) } : found);
  };
  return [...(native ? [proof("native", native)] : []), ...(ondelete ? [proof("ondelete", ondelete)] : [])];
}
