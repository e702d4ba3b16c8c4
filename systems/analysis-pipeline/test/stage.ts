import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach } from "vitest";
import { create, type State } from "../database.ts";
import { fill } from "../sample-data.ts";
import { pipeline } from "../services/pipeline.ts";

const TABLES = [
  "users",
  "projects",
  "analysis_runs",
  "analysis_activity_logs",
  "config_sets",
  "config_activity_logs",
  "config_files",
  "config_optimizations",
  "build_runs",
  "deployments",
] as const;

/** The eight kinds of rows that hang off a project. */
export const DEPENDENT = TABLES.slice(2);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A pipeline of two users with three projects each, in a file of its own. */
export async function stage(state: State = "after") {
  const folder = mkdtempSync(join(tmpdir(), "pipeline-"));
  folders.push(folder);
  const file = join(folder, "pipeline.sqlite");
  const database = create(file, state);
  fill(database, { seed: 7, users: 2, projects: 3 });
  return { file, database, ...(await pipeline(database, state)) };
}

/** Every row of every table. */
export const everything = (database: DatabaseSync) =>
  Object.fromEntries(TABLES.map((t) => [t, database.prepare(`select * from ${t} order by id`).all()]));

/** How many rows belong to a project, told by their ids, which begin with its own. */
export const rowsOf = (database: DatabaseSync, project: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    TABLES.slice(1).map((t) => [
      t,
      Number(
        database
          .prepare(`select count(*) as n from ${t} where id = ? or id like ? || '-%'`)
          .get(project, project)?.n,
      ),
    ]),
  );
