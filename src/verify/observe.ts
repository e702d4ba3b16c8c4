import { columnsSetBy } from "../model/relation.ts";
import type { Observed } from "../model/verification.ts";
import type { BuiltRow } from "./built-row.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** Reads a row anew; null where it is gone. */
export type Now = (row: BuiltRow) => Promise<BuiltRow | null>;

/** What became of an experiment's rows, with what is told of it where it is not as it should be. */
export interface Outcome {
  readonly observed: Observed | null;
  readonly reason: string | null;
}

/** Looks at the rows after a delete that was not refused. */
export async function observe(now: Now, stage: Stage, scenario: Scenario): Promise<Outcome> {
  const { parent, child, chain } = stage;
  if (await now(parent))
    return {
      observed: "parent-kept",
      reason: `the row of ${parent.table.id} is still there, and nothing refused`,
    };
  const kept = await firstThere(now, chain);
  if (kept) return { observed: "failed", reason: `the row of ${kept.table.id} on the way was kept` };
  const stray = await firstGone(
    now,
    stage.made.filter((row) => row !== child && !chain.includes(row)),
  );
  if (stray)
    return {
      observed: "failed",
      reason: `a row of ${stray.table.id} went too, which references none of them`,
    };
  const left = await now(child);
  return { observed: left ? changeOf(child, left, scenario) : "deleted", reason: null };
}

function changeOf(before: BuiltRow, now: BuiltRow, { relation }: Scenario): Observed {
  const columns = columnsSetBy(relation);
  if (columns.every((c) => now.values.get(c) === null)) return "set null";
  if (columns.every((c) => now.values.get(c) === before.values.get(c))) return "kept";
  return "set default";
}

async function firstThere(now: Now, some: readonly BuiltRow[]): Promise<BuiltRow | null> {
  for (const row of some) if (await now(row)) return row;
  return null;
}

async function firstGone(now: Now, some: readonly BuiltRow[]): Promise<BuiltRow | null> {
  for (const row of some) if (!(await now(row))) return row;
  return null;
}
