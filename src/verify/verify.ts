import type { Engine } from "../dialect/engine.ts";
import { OnDeleteError } from "../error.ts";
import type { Report } from "../model/progress.ts";
import type { Relation } from "../model/relation.ts";
import type { Proof } from "../model/verification.ts";
import { withPolicy } from "../model/with-policy.ts";
import { experiment, type Ground, type Verifier } from "./experiment.ts";
import { judged, sortKey, unprovable } from "./judge.ts";
import { onlyConfigured, type Task, tasksOf, type VerifyRequest } from "./tasks.ts";
import { Unprovable } from "./unprovable.ts";

/** Proves every relation, and every cell of the delete matrix, by experiment. */
export async function verify(
  verifier: Verifier,
  request: VerifyRequest,
  report: Report,
): Promise<readonly Proof[]> {
  const { followed, declared } = withPolicy(verifier.model, verifier.policy);
  const tasks = tasksOf(followed, declared, request);
  const relations = Map.groupBy([...declared, ...onlyConfigured(followed, declared)], (r) => r.child);
  const tables = new Map(verifier.model.tables.map((t) => [t.id, t]));
  const proofs: Proof[] = [];
  for (const [done, task] of tasks.entries()) {
    report({ phase: "proving", table: task.scenario.parent, done, total: tasks.length });
    proofs.push(...(await prove(verifier, { tables, relations }, task)));
  }
  return proofs.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

async function prove(
  verifier: Verifier,
  ground: Omit<Ground, "engine">,
  task: Task,
): Promise<readonly Proof[]> {
  const { scenario, native, ondelete } = task;
  const paths = { native: native !== null, ondelete: ondelete !== null };
  const found = await tried(verifier.engine, (engine) =>
    experiment(verifier, { ...ground, engine }, { scenario, paths }),
  );
  const proof = (path: Proof["path"], relation: Relation): Proof => {
    const facts = { task, relation, path, ground, policy: verifier.policy };
    return typeof found === "string" ? unprovable(facts, found) : judged(facts, found);
  };
  return [...(native ? [proof("native", native)] : []), ...(ondelete ? [proof("ondelete", ondelete)] : [])];
}

/** What came of it, or why it could not be tried. */
async function tried<T>(engine: Engine, work: (engine: Engine) => Promise<T>): Promise<T | string> {
  try {
    return await engine.rehearse(work);
  } catch (error) {
    if (error instanceof Unprovable) return error.message;
    if (error instanceof OnDeleteError && error.code !== "interrupted" && error.code !== "unreachable")
      return error.message;
    throw error;
  }
}
