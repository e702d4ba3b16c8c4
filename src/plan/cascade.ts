import type { Cascade, Effect } from "../dialect/planned.ts";
import { isWatched } from "../model/policy.ts";
import type { Table, TableId } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { BlockerFound } from "./found.ts";
import type { Inner } from "./inner.ts";
import type { Native } from "./native/native.ts";
import type { Reader } from "./sample.ts";
import { nativeDiffers, needsScratch, relationsInto, type Scope } from "./scope.ts";

/** What was found out about a delete. */
interface Found {
  readonly scope: Scope;
  readonly closure: Closure;
  readonly effects: readonly Effect[];
}

/** Tables whose triggers fire when ondelete changes their rows, and not when the engine's referential actions do. */
export function skippedTriggers({ scope, closure, effects }: Found): readonly TableId[] {
  if (scope.engine.capabilities.actionsFireTriggers) return [];
  const fires = (table: Table, event: string) =>
    table.triggers.some((t) => t.enabled && t.events.includes(event));
  const deleted = [...closure.tables.values()].filter((t) => t.maxDepth > 0 && fires(t.table, "delete"));
  const updated = effects.filter((e) => fires(e.table, "update"));
  return [...new Set([...deleted, ...updated].map(({ table }) => table.id))];
}

interface Judged extends Found {
  readonly reader: Reader;
  readonly blockers: readonly BlockerFound[];
  readonly inner: readonly Inner[];
  readonly native: Native;
}

/** Whether it is worth looking for rows without keeping them, because the engine's own cascade may delete them. */
export const mayCount = (scope: Scope): boolean =>
  scope.mode === "hard" &&
  scope.engine.capabilities.countsCascades &&
  !needsScratch(scope) &&
  !nativeDiffers(scope) &&
  !scope.reached.some((table) => isWatched(scope.policy, table));

/** Whether the engine's cascade does all that is planned, for sure and without anybody having to see the rows. */
export function doesAll(found: Judged): boolean {
  const { blockers, inner, native } = found;
  const alone = blockers.length + inner.length + native.warnings.length === 0;
  return alone && native.verdict === "applies" && isSimple(found) && skippedTriggers(found).length === 0;
}

/**
 * The cascade that does all that is planned, where the engine counts what it does; null where none does. Rows that are
 * to be archived before and after an update have to be kept.
 */
export async function cascadeOf(found: Judged, archive: boolean): Promise<Cascade | null> {
  const { scope, reader, closure, effects } = found;
  const root = closure.tables.get(scope.root.id);
  if (!root || (archive && effects.length > 0) || !doesAll(found)) return null;
  const tables = [...[...closure.tables.values()].map((t) => t.table), ...effects.map((e) => e.table)];
  const counter = await scope.engine.countChanges(reader.tx, tables);
  return counter && { root, counter, over: (uses, select) => reader.sets.over(uses, select) };
}

/** Whether each row that changes does so once: no row that goes is nulled before, and none is nulled twice. */
function isSimple({ scope, closure, effects }: Found): boolean {
  const setting = relationsInto(scope, "set null", "set default");
  const alone = (e: Effect) => setting.filter((r) => r.child === e.table.id).length === 1;
  return (
    setting.every((r) => !closure.tables.has(r.child)) && effects.every((e) => e.cause === null && alone(e))
  );
}
