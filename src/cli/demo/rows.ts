import { analysisRun, configSet } from "./attempts.ts";
import { type Random, random } from "./random.ts";
import { moment, type Project, type Row } from "./row.ts";
import { PROJECTS, STACKS } from "./stacks.ts";

const USERS = 12;

/** Every row of the demonstration database, parents before children; the same for the same seed. */
export function* rows(seed: number): Generator<Row> {
  const dice = random(seed);
  for (let n = 1; n <= USERS; n++) yield user(n, dice);
  for (const id of PROJECTS) {
    const project = {
      id,
      stack: dice.pick(STACKS),
      port: dice.int(3000, 8999),
      day: dice.int(20, 90),
      random: dice,
    };
    yield* projectRows(project);
  }
}

const userId = (n: number) => `user-${String(n).padStart(2, "0")}`;

function user(n: number, dice: Random): Row {
  const id = userId(n);
  return {
    table: "users",
    values: { id, email: `${id}@example.com`, created_at: moment(dice.int(0, 19), dice.int(0, 86_399)) },
  };
}

function* projectRows(project: Project): Generator<Row> {
  const { id, day, random: dice } = project;
  // The last user owns nothing, so that one user can be deleted.
  const user_id = userId(dice.int(1, USERS - 1));
  const repository = `https://git.example.com/${user_id}/${id}.git`;
  yield {
    table: "projects",
    values: { id, user_id, name: title(id), repository, created_at: moment(day, dice.int(0, 86_399)) },
  };
  const size = dice.int(6, 24);
  const sets = Math.ceil(size * 0.6);
  for (let n = 1; n <= size; n++)
    yield* analysisRun({ ...project, day: day + n * 9 }, { version: n, last: n === size });
  for (let n = 1; n <= sets; n++)
    yield* configSet({ ...project, day: day + n * 14 }, { version: n, last: n === sets });
  for (let n = 1; n <= size * 18; n++) yield build({ ...project, day: day + n * 0.4 }, n);
  for (let n = 1; n <= size * 8; n++)
    yield deployment({ ...project, day: day + n }, { number: n, of: size * 8 });
}

function build({ id, day, random: dice }: Project, number: number): Row {
  const status = dice.chance(0.86) ? "passed" : "failed";
  const seconds = dice.int(200, 4200) / 10;
  const created_at = moment(day, dice.int(0, 86_399));
  const values = {
    id: dice.id("build"),
    project_id: id,
    number,
    status,
    commit_sha: dice.hex(40),
    seconds,
    created_at,
  };
  return { table: "build_runs", values };
}

const ENVIRONMENTS = ["preview", "staging", "production"] as const;

/** The newest deployment of each environment is live; it replaced the ones before. */
function deployment(
  { id, day, random: dice }: Project,
  { number, of }: { readonly number: number; readonly of: number },
): Row {
  const environment = ENVIRONMENTS[number % 3] ?? "preview";
  const earlier = dice.chance(0.07) ? "failed" : "replaced";
  const status = number > of - 3 ? "live" : earlier;
  const url = status === "failed" ? null : `https://${id}-${environment}.example.com`;
  const version = `1.${Math.floor(number / 10)}.${number % 10}`;
  const created_at = moment(day, dice.int(0, 86_399));
  return {
    table: "deployments",
    values: { id: dice.id("deploy"), project_id: id, environment, status, version, url, created_at },
  };
}

const title = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");
