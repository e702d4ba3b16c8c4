import { type Activity, analysisActivities, configActivities, failing } from "./activity.ts";
import { type ConfigFile, configFiles } from "./config-files.ts";
import { OPTIMIZATIONS } from "./optimizations.ts";
import type { Random } from "./random.ts";
import { moment, type Project, type Row } from "./row.ts";

/** Which attempt of its project it is; only the last one can still be going on. */
interface Turn {
  readonly version: number;
  readonly last: boolean;
}

/** How an attempt ended, or how far it is. */
interface Attempt {
  readonly status: "pending" | "analyzing" | "complete" | "failed" | "cancelled";
  readonly activities: readonly Activity[];
  readonly error: string | null;
}

/** An analysis of a project's code, and its log. */
export function* analysisRun({ id: project_id, stack, day, random }: Project, turn: Turn): Generator<Row> {
  const planned = analysisActivities(stack, random);
  const { status, activities, error: error_message } = attemptOf(planned, turn, random);
  const [id, begin] = [random.id("run"), random.int(0, 80_000)];
  const at = (step: number) => moment(day, begin + 4 + step * 3);
  yield {
    table: "analysis_runs",
    values: {
      id,
      project_id,
      status,
      version: turn.version,
      progress: Math.round((1000 * activities.length) / planned.length) / 10,
      error_message,
      error_details: error_message === null ? null : detailsOf(activities, random),
      started_at: status === "pending" ? null : at(0),
      completed_at: status === "pending" || status === "analyzing" ? null : at(activities.length),
      created_at: moment(day, begin),
    },
  };
  for (const [step, activity] of activities.entries()) {
    const values = { id: random.id("log"), analysis_run_id: id, timestamp: at(step), ...activity };
    yield { table: "analysis_activity_logs", values };
  }
}

const detailsOf = (activities: readonly Activity[], random: Random) =>
  JSON.stringify({
    step: activities.length,
    action: activities.at(-1)?.action,
    worker: `worker-${random.int(1, 6)}`,
  });

/** A configuration that was generated for a project: its log and, as far as it came, its files and optimizations. */
export function* configSet({ id: project_id, day, random, ...project }: Project, turn: Turn): Generator<Row> {
  const { version } = turn;
  const facts = { project: project_id, ...project, version, memory: random.pick([256, 512, 1024, 2048]) };
  const files = random.some(configFiles(facts), random.int(5, 8));
  const {
    status,
    activities,
    error: error_message,
  } = attemptOf(configActivities(files, random), turn, random);
  const [id, begin] = [random.id("set"), random.int(0, 80_000)];
  yield {
    table: "config_sets",
    values: { id, project_id, status, version, error_message, created_at: moment(day, begin) },
  };
  for (const [step, activity] of activities.entries()) {
    const values = {
      id: random.id("log"),
      config_set_id: id,
      timestamp: moment(day, begin + 2 + step * 7),
      ...activity,
    };
    yield { table: "config_activity_logs", values };
  }
  for (const { name, type, content } of written(files, activities)) {
    const values = { id: random.id("file"), config_set_id: id, file_name: name, file_type: type, content };
    yield { table: "config_files", values };
  }
  if (status !== "complete") return;
  for (const [name, category] of random.some(OPTIMIZATIONS, random.int(3, 8))) {
    yield {
      table: "config_optimizations",
      values: { id: random.id("opt"), config_set_id: id, name, category },
    };
  }
}

/** Files are written in their order, so as many of them as activities say so. */
const written = (files: readonly ConfigFile[], activities: readonly Activity[]) =>
  files.slice(0, activities.filter(({ action }) => action === "write file").length);

/** What became of the activities that were planned. */
function attemptOf(planned: readonly Activity[], { last }: Turn, random: Random): Attempt {
  if (last && random.chance(0.1)) return { status: "pending", activities: [], error: null };
  const some = planned.slice(0, random.int(1, planned.length - 1));
  if (last && random.chance(0.2)) return { status: "analyzing", activities: some, error: null };
  if (random.chance(0.06)) return { status: "cancelled", activities: some, error: null };
  if (random.chance(0.17)) return { status: "failed", ...failing(planned, random) };
  return { status: "complete", activities: planned, error: null };
}
