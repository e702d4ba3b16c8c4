import { isDeepStrictEqual } from "node:util";
import type { TestDatabase } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { build } from "../support/story.ts";
import type { CrashEngine, Job } from "./crash-engine.ts";
import { variantOf } from "./engines.ts";
import { type Counts, runJob } from "./run-job.ts";
import type { Scenario } from "./scenario.ts";
import { changed, type Place, type State, type States, stateOf } from "./state.ts";

export type Verb = Job["verb"];

export const verbs: readonly Verb[] = ["delete", "restore", "delete without archive"];

/** A database that goes to and fro between its two states. */
export interface Round extends Place {
  /** Another one after a delete without an archive. */
  db: TestDatabase;
  readonly settings: readonly string[];
  readonly scenario: Scenario;
  readonly states: States;
  /** What each verb says it did where nobody interrupts it. */
  readonly counts: Readonly<Record<Verb, Counts>>;
}

/** Makes the database, does what each verb does once, and keeps both states. */
export async function startRound(
  on: CrashEngine,
  scenario: Scenario,
  settings: readonly string[],
): Promise<Round> {
  const { root } = scenario;
  const place = { on, variant: variantOf(on), db: await made(on, scenario, settings) };
  const before = await dump(place.db, place.variant);
  const remove = await runJob(place.db.handle, { verb: "delete", root });
  const states = { before, after: await dump(place.db, place.variant) };
  if (changed(states).deleted < 2) throw new Error("the delete of the scenario takes next to nothing");
  const deleted = await stateOf(place, states);
  if (deleted.at === "before") throw new Error("the delete of the scenario does nothing");
  const restore = await runJob(place.db.handle, { verb: "restore", operation: deleted.operation });
  const counts = { delete: remove, restore, "delete without archive": remove, "delete in batches": remove };
  return { ...place, scenario, settings, states, counts };
}

async function made(
  on: CrashEngine,
  { schema }: Scenario,
  settings: readonly string[],
): Promise<TestDatabase> {
  const variant = variantOf(on);
  const db = await variant.create();
  await build(db, variant, schema, plain);
  for (const statement of settings) await db.exec(statement);
  return db;
}

/** Brings the database to where the verb starts, the journal's tables away where it is to make them. */
export async function ready(round: Round, verb: Verb): Promise<Job> {
  const { on, states, scenario } = round;
  const { root } = scenario;
  let state = await stateOf(round, states);
  if (state.at === "after" && !state.archived) {
    await round.db.drop();
    round.db = await made(on, scenario, round.settings);
    state = { at: "before" };
  }
  if (verb !== "restore") {
    if (state.at === "after") await finish(round, { verb: "restore", operation: state.operation });
    for (const statement of on.dropJournal) await round.db.exec(statement);
    return { verb, root };
  }
  if (state.at === "before") {
    await finish(round, { verb: "delete", root });
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

export const endOf = (verb: Verb): State["at"] => (verb === "restore" ? "before" : "after");
