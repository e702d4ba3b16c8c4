import type {
  Attempt,
  Config,
  Key,
  LogEntry,
  Orphans,
  Path,
  Plan,
  Purge,
  RestorePlan,
  TableId,
} from "../index.ts";
import { rootTable } from "./render/tree.ts";

const MASK = "***";

/** Hides the values of the columns that the configuration marks secret. */
export type Mask = (table: TableId, keys: readonly Key[]) => readonly Key[];

export function secretMask(tables: Config["tables"]): Mask {
  return (table, keys) => {
    const secret = tables?.[table]?.secret ?? [];
    if (secret.length === 0) return keys;
    const hide = ([column, value]: readonly [string, string]) => [
      column,
      secret.includes(column) ? MASK : value,
    ];
    return keys.map((key) => Object.fromEntries(Object.entries(key).map(hide)));
  };
}

export function maskPlan(plan: Plan, mask: Mask): Plan {
  return {
    ...plan,
    updates: plan.updates.map((update) => ({ ...update, sample: mask(update.table, update.sample) })),
    blockers: plan.blockers.map((blocker) => ({ ...blocker, sample: mask(blocker.table, blocker.sample) })),
    deletableRoots: mask(rootTable(plan), plan.deletableRoots),
  };
}

export function maskRestore(plan: RestorePlan, mask: Mask): RestorePlan {
  return { ...plan, conflicts: plan.conflicts.map((c) => ({ ...c, sample: mask(c.table, c.sample) })) };
}

export function maskPurge(purge: Purge, mask: Mask): Purge {
  const policies = purge.policies.map((p) => ({
    ...p,
    blockers: p.blockers.map((b) => ({ ...b, sample: mask(b.table, b.sample) })),
  }));
  return { ...purge, policies };
}

export function maskOrphans(found: Orphans, mask: Mask): Orphans {
  return { ...found, relations: found.relations.map((r) => ({ ...r, sample: mask(r.child, r.sample) })) };
}

export function maskAttempt(attempt: Attempt, mask: Mask): Attempt {
  const { table, key, errors, target } = attempt;
  const { select } = target;
  return {
    ...attempt,
    key: maskOne(mask, table, key),
    errors: maskOne(mask, table, errors),
    target:
      select.kind === "columns"
        ? { ...target, select: { ...select, values: maskOne(mask, table, select.values) } }
        : target,
  };
}

/** Of a log, by the secret columns of the table that holds it. */
export const maskEntry = (entry: LogEntry, mask: Mask, table: TableId): LogEntry =>
  maskOne(mask, table, entry);

const maskOne = <T extends Readonly<Record<string, string | null>>>(
  mask: Mask,
  table: TableId,
  values: T,
): T => (mask(table, [values as Key])[0] ?? values) as T;

export const maskPath = (path: readonly Path[], mask: Mask): readonly Path[] =>
  path.map((step) => ({ ...step, key: mask(step.table, [step.key])[0] ?? step.key }));
