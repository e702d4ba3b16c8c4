import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/** What is in a table, in short. */
export interface Sum {
  readonly rows: number;
  /** SHA-256 over every value of every row, in hexadecimal; the order of the rows does not matter. */
  readonly checksum: string;
}

/** By table; every table of the database is there but those of SQLite and of ondelete itself. */
export type Sums = Readonly<Record<string, Sum>>;

/** A table as it should be and as it is. */
export interface Check {
  readonly table: string;
  readonly expected: Sum;
  readonly found: Sum;
  readonly same: boolean;
}

/** Which rows belong to the project, for every table, written by hand: nothing here is asked of ondelete. */
const BELONGS: Readonly<Record<string, string>> = {
  projects: "id in project",
  analysis_runs: "project_id in project",
  analysis_activity_logs: "analysis_run_id in (select id from analysis_runs where project_id in project)",
  config_sets: "project_id in project",
  config_activity_logs: "config_set_id in (select id from config_sets where project_id in project)",
  config_files: "config_set_id in (select id from config_sets where project_id in project)",
  config_optimizations: "config_set_id in (select id from config_sets where project_id in project)",
  build_runs: "project_id in project",
  deployments: "project_id in project",
};

/** All rows of all tables. */
export const allRows = (database: DatabaseSync): Sums => sums(database, () => "true", "");

/** All rows of all tables but those that belong to a project. */
export const rowsOfOthers = (database: DatabaseSync, project: string): Sums =>
  sums(database, (table) => `not (${BELONGS[table] ?? "false"})`, project);

/** Table by table, in the order of the database; a table that only one side has counts as empty on the other. */
export function compare(expected: Sums, found: Sums): readonly Check[] {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(found)])];
  return tables.map((table) => {
    const [should, is] = [expected[table] ?? NOTHING, found[table] ?? NOTHING];
    return {
      table,
      expected: should,
      found: is,
      same: should.rows === is.rows && should.checksum === is.checksum,
    };
  });
}

function sums(database: DatabaseSync, condition: (table: string) => string, project: string): Sums {
  return Object.fromEntries(
    tables(database).map((table) => {
      const query = `with project as (select ? as id) select * from "${table}" where ${condition(table)}`;
      return [table, sum(database, query, project)];
    }),
  );
}

const tables = (database: DatabaseSync): readonly string[] =>
  database
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite@_%' escape '@' and name not like 'ondelete@_%' escape '@'",
    )
    .all()
    .map(({ name }) => String(name));

function sum(database: DatabaseSync, query: string, project: string): Sum {
  const statement = database.prepare(query);
  // Integers as bigint: else the integer 5 and the real 5.0 would look alike.
  statement.setReadBigInts(true);
  const hashes: string[] = [];
  for (const row of statement.iterate(project)) hashes.push(hash("sha256", rowText(row)));
  return sumOf(hashes);
}

const rowText = (row: object) =>
  JSON.stringify(Object.entries(row).map(([column, value]) => [column, typed(value)]));

/** A value with its type, so that no two different values of SQLite have the same text. */
function typed(value: unknown): readonly [string, string] {
  if (value instanceof Uint8Array) return ["blob", Buffer.from(value).toString("hex")];
  return [value === null ? "null" : typeof value, String(value)];
}

const sumOf = (hashes: readonly string[]): Sum => ({
  rows: hashes.length,
  checksum: hash("sha256", [...hashes].sort().join("\n")),
});

const NOTHING = sumOf([]);
