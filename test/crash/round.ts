import { isDeepStrictEqual } from "node:util";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { build } from "../support/story.ts";
import type { CrashEngine, Job } from "./crash-engine.ts";
import { variantOf } from "./engines.ts";
import { type Counts, runJob } from "./run-job.ts";
import type { Scenario } from "./scenario.ts";
import { changed, type Place, type State, type States, stateOf } from "./state.ts";

export type Verb = Job["verb"];

/** A database that goes to and fro between its two states. */
export interface Round extends Place {
  readonly scenario: Scenario;
  readonly states: States;
  /** What each verb says it did where nobody interrupts it. */
  readonly counts: Readonly<Record<Verb, Counts>>;
}

/** Makes the database, deletes and restores once, and keeps both states. */
export async function startRound(
  on: CrashEngine,
  scenario: Scenario,
  settings: readonly string[],
): Promise<Round> {
  const variant = variantOf(on);
  const db = await variant.create();
  await build(db, variant, scenario.schema, plain);
  for (const statement of settings) await db.exec(statement);
  const place = { on, variant, db };
  const before = await dump(db, variant);
  const remove = await runJob(db.handle, { verb: "delete", root: scenario.root });
  const states = { before, after: await dump(db, variant) };
  if (changed(states).deleted < 2) throw new Error("the delete of the scenario takes next to nothing");
  const deleted = await stateOf(place, states);
  if (deleted.at === "before") throw new Error("the delete of the scenario does nothing");
  const restore = await runJob(db.handle, { verb: "restore", operation: deleted.operation });
  return { ...place, scenario, states, counts: { delete: remove, restore } };
}

/** Brings the database to where the verb starts, the journal's tables away where it is to make them. */
export async function ready(round: Round, verb: Verb): Promise<Job> {
  const { db, on, states, scenario } = round;
  let state = await stateOf(round, states);
  if (verb === "delete") {
    if (state.at === "after") await finish(round, { verb: "restore", operation: state.operation });
    for (const statement of on.dropJournal) await db.exec(statement);
    return { verb, root: scenario.root };
  }
  if (state.at === "before") {
    await finish(round, { verb: "delete", root: scenario.root });
    state = await stateOf(round, states);
  }
  if (state.at === "before") throw new Error("a delete that nobody interrupted did nothing");
  return { verb, operation: state.operation };
}

/** Does a job to its end; it must say that it did what it always does, and the state be the other one. */
export async function finish(round: Round, job: Job): Promise<void> {
  const counts = await runJob(round.db.handle, job);
  if (!isDeepStrictEqual(counts, round.counts[job.verb]))
    throw new Error(
      `the ${job.verb} did ${JSON.stringify(counts)}, not ${JSON.stringify(round.counts[job.verb])}`,
    );
  const { at } = await stateOf(round, round.states);
  if (at !== endOf(job.verb)) throw new Error(`after the ${job.verb} the state is that of ${at}`);
}

export const endOf = (verb: Verb): State["at"] => (verb === "delete" ? "after" : "before");
