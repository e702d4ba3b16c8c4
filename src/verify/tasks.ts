import type { Relation } from "../model/relation.ts";
import { sameColumns } from "./entangled.ts";
import { keyOf, type Scenario, scenariosOf, viaOf } from "./scenario.ts";

export interface VerifyRequest {
  /** Ids of the relations to prove; all of them where null. */
  readonly relations: readonly string[] | null;
  /** Only the engine's own DELETE. */
  readonly nativeOnly: boolean;
  /** In an empty copy of the schema. */
  readonly scratch: boolean;
}

/** An experiment with the relation as each path follows it; null where the path does not know it. */
export interface Task {
  readonly scenario: Scenario;
  readonly native: Relation | null;
  readonly ondelete: Relation | null;
  /** Whether the engine's own DELETE may do something else where its constraints come in another order. */
  readonly ordered: boolean;
}

/** The relations that no constraint declares. */
export const onlyConfigured = (
  followed: readonly Relation[],
  declared: readonly Relation[],
): readonly Relation[] => {
  const ids = new Set(declared.map((r) => r.id));
  return followed.filter((r) => !ids.has(r.id));
};

/** The experiments that prove every relation and every cell of the delete matrix. */
export function tasksOf(
  followed: readonly Relation[],
  declared: readonly Relation[],
  { relations, nativeOnly }: VerifyRequest,
): readonly Task[] {
  const tasks = new Map<string, Task>();
  // Without a constraint the engine does nothing, and that is proven too.
  const loose = onlyConfigured(followed, declared);
  for (const scenario of scenariosOf([...declared, ...loose.map(unwatched)], relations)) {
    const native = loose.some((r) => r.id === scenario.relation.id) ? null : scenario.relation;
    if (native || viaOf(scenario).length === 1)
      tasks.set(keyOf(scenario), {
        scenario,
        native: native ?? unwatched(scenario.relation),
        ondelete: null,
        ordered: native !== null && (scenario.goesToo || hasRival(native, declared)),
      });
  }
  if (nativeOnly) return [...tasks.values()];
  for (const scenario of scenariosOf(followed, relations)) {
    const known = tasks.get(keyOf(scenario));
    const { native = null, ordered = false } = known ?? {};
    tasks.set(keyOf(scenario), { scenario, native, ondelete: scenario.relation, ordered });
  }
  return [...tasks.values()];
}

/** Whether another constraint on the same columns does something else. */
const hasRival = (relation: Relation, declared: readonly Relation[]): boolean =>
  declared.some((r) => sameColumns(r, relation) && r.onDelete !== relation.onDelete);

/** A relation as the engine sees it that knows nothing of it. */
const unwatched = (relation: Relation): Relation => ({ ...relation, onDelete: "no action", enforced: false });
