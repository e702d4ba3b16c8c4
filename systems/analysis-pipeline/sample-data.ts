import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** How much there is to be, and of which of all databases like it. */
export interface Sample {
  readonly seed: number;
  readonly users: number;
  /** Of each user. */
  readonly projects: number;
}

type Row = Readonly<Record<string, SQLInputValue>>;

const KINDS = ["repository scan", "dependency graph", "language detection", "secret search", "build plan"];
const ERRORS = [
  "the model answered 429 Too Many Requests; gave up after 5 attempts",
  "the repository is empty",
  "the clone timed out after 600 s",
  "package.json: unexpected end of JSON input",
];
const FILES = [
  ["Dockerfile", "docker"],
  ["docker-compose.yml", "docker"],
  ["ci.yml", "workflow"],
  ["nginx.conf", "server"],
] as const;
const OPTIMIZATIONS = [
  ["multi-stage build", "size"],
  ["cache of dependencies", "speed"],
  ["non-root user", "security"],
] as const;

/** Fills a database of either state with rows that are the same for the same sample. */
export function fill(database: DatabaseSync, sample: Sample): number {
  let rows = 0;
  const insert = (table: string, row: Row) => {
    rows++;
    const names = Object.keys(row);
    const places = names.map(() => "?").join(", ");
    database
      .prepare(`insert into ${table} (${names.join(", ")}) values (${places})`)
      .run(...Object.values(row));
  };
  const random = randomFrom(sample.seed);
  database.exec("begin");
  for (let u = 1; u <= sample.users; u++) {
    insert("users", { id: `user-${u}`, email: `user-${u}@example.com` });
    for (let p = 1; p <= sample.projects; p++) project(insert, random, `user-${u}`, `project-${u}-${p}`);
  }
  database.exec("commit");
  return rows;
}

type Insert = (table: string, row: Row) => void;
type Random = (below: number) => number;

function project(insert: Insert, random: Random, user: string, id: string): void {
  const day = random(300);
  insert("projects", { id, user_id: user, name: id.replace("project", "shop"), created_at: moment(day) });
  for (let version = 1; version <= 3 + random(3); version++) {
    const run = `${id}-run-${version}`;
    const failed = random(3) === 0;
    const at = moment(day + version);
    insert("analysis_runs", {
      id: run,
      project_id: id,
      status: failed ? "failed" : "complete",
      version,
      progress: failed ? random(99) : 100,
      error_message: failed ? pick(random, ERRORS) : null,
      error_details: failed ? `attempt ${version} of ${id}` : null,
      started_at: at,
      completed_at: at,
      created_at: at,
    });
    for (let line = 1; line <= 2 + random(6); line++)
      insert("analysis_activity_logs", log(random, { of: "analysis_run_id", id: run, line, failed }));
  }
  for (let version = 1; version <= 1 + random(3); version++) {
    const set = `${id}-set-${version}`;
    const failed = random(4) === 0;
    insert("config_sets", {
      id: set,
      project_id: id,
      status: failed ? "failed" : "complete",
      version,
      error_message: failed ? pick(random, ERRORS) : null,
      created_at: moment(day + version),
    });
    for (let line = 1; line <= 1 + random(4); line++)
      insert("config_activity_logs", log(random, { of: "config_set_id", id: set, line, failed }));
    for (const [name, type] of FILES.slice(0, 1 + random(FILES.length)))
      insert("config_files", {
        id: `${set}-${name}`,
        config_set_id: set,
        file_name: name,
        file_type: type,
        content: `# ${name} of ${id}, version ${version}`,
      });
    for (const [name, category] of OPTIMIZATIONS.slice(0, 1 + random(3)))
      insert("config_optimizations", { id: `${set}-${category}`, config_set_id: set, name, category });
  }
  for (const table of ["build_runs", "deployments"])
    for (let n = 1; n <= 1 + random(3); n++)
      insert(table, { id: `${id}-${table}-${n}`, project_id: id, created_at: moment(day + n) });
}

function log(
  random: Random,
  {
    of,
    id,
    line,
    failed,
  }: { readonly of: string; readonly id: string; readonly line: number; readonly failed: boolean },
): Row {
  return {
    id: `${id}-log-${line}`,
    [of]: id,
    timestamp: moment(line),
    action: pick(random, KINDS),
    result: failed && line > 1 ? "error" : "ok",
    details: failed ? pick(random, ERRORS) : null,
  };
}

/** What a half-done deletion by hand leaves behind in a database without constraints. */
export function addOrphans(database: DatabaseSync): void {
  database.exec(`
    insert into analysis_runs (id, project_id, status, version, progress, created_at) values ('lost-run', 'project-gone', 'complete', 1, 100, '2026-01-01T00:00:00.000Z');
    insert into analysis_activity_logs (id, analysis_run_id, timestamp, action, result) values ('lost-log-1', 'run-gone', '2026-01-01T00:00:00.000Z', 'build plan', 'ok'), ('lost-log-2', 'run-gone', '2026-01-01T00:00:01.000Z', 'build plan', 'ok');
    insert into config_files (id, config_set_id, file_name, file_type, content) values ('lost-file', 'set-gone', 'Dockerfile', 'docker', 'FROM scratch');
  `);
}

const START = Date.UTC(2025, 0, 1);
const moment = (days: number): string => new Date(START + days * 86_400_000).toISOString();

const pick = <T>(random: Random, of: readonly T[]): T => of[random(of.length)] as T;

/** Whole numbers from 0 up, the same for the same seed. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
