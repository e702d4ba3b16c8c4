import type { Job } from "./crash-engine.ts";
import { endOf, finish, type Round, ready, type Verb } from "./round.ts";
import { stateOf } from "./state.ts";

export interface Failpoints {
  readonly verb: Verb;
  readonly way: string;
  /** Every how many statements; the last ones, among them the commit, are all tried. */
  readonly stride: number;
}

export interface FailpointResult {
  /** Statements that the verb takes, of all its transactions. */
  readonly statements: number;
  /** How many interruptions left the database as before the verb, and as after it. */
  readonly undone: number;
  readonly done: number;
}

const LAST = 3;

/**
 * Interrupts the verb at its statements one after the other. After each the database is exactly before or exactly
 * after, nothing is left behind, and the verb does its work when it is run again.
 * @throws Error naming the statement
 */
export async function failAtStatements(round: Round, failpoints: Failpoints): Promise<FailpointResult> {
  const { verb, way, stride } = failpoints;
  const statements = await countStatements(round, verb);
  let [undone, done] = [0, 0];
  for (
    let n = 1;
    n <= statements;
    n += n > statements - LAST ? 1 : Math.min(stride, statements - LAST + 1 - n) || 1
  ) {
    const job = await ready(round, verb);
    const { reached, failure, statements: took } = await round.on.attempt(round.db, job, { n, way });
    // Where MariaDB shows old counts it is asked again, and in the end all is done another way: a verb may take fewer
    // statements than the first time.
    if (reached === null && failure === null && took < n) {
      if ((await stateOf(round, round.states)).at !== endOf(verb)) throw new Error(`${verb} did nothing`);
      continue;
    }
    try {
      if (reached === null) throw new Error("it was not reached");
      if ((await afterInterruption(round, job)) === "done") done++;
      else undone++;
    } catch (cause) {
      const what = `${verb}, ${way}, statement ${n}: ${reached ?? "none"} (${failure})`;
      throw new Error(`${what}: ${(cause as Error).message}`, { cause });
    }
  }
  return { statements, undone, done };
}

async function countStatements(round: Round, verb: Verb): Promise<number> {
  const job = await ready(round, verb);
  const { statements, failure } = await round.on.attempt(round.db, job, { n: 0, way: "none" });
  if (failure !== null) throw new Error(`${verb} fails without an interruption: ${failure}`);
  if ((await stateOf(round, round.states)).at !== endOf(verb)) throw new Error(`${verb} did nothing`);
  return statements;
}

/** Looks at what an interruption left, and has the job done where it was not. */
export async function afterInterruption(round: Round, job: Job): Promise<"undone" | "done"> {
  const left = await round.on.leftBehind(round.db);
  if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
  const { at } = await stateOf(round, round.states);
  if (at === endOf(job.verb)) return "done";
  await finish(round, job);
  return "undone";
}
