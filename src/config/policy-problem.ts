import type { Model } from "../model/model.ts";
import type { Table } from "../model/table.ts";
import { didYouMean } from "../std/nearest.ts";
import type { ConfigProblem } from "./config-problem.ts";

export type PathPart = string | number;

/** What is wrong with a policy, and where in it. */
export type Problem = Pick<ConfigProblem, "message"> & { readonly path: readonly PathPart[] };

/** Checks what is said of a table, if there is one. */
export function withTable(
  model: Model,
  id: string,
  path: readonly PathPart[],
  check: (table: Table) => readonly Problem[],
): readonly Problem[] {
  const table = model.tables.find((t) => t.id === id);
  if (table) return check(table);
  const ids = model.tables.map((t) => t.id);
  return [
    { path, message: `the database has no table "${id}".${didYouMean(id, ids) || elsewhere(model, id)}` },
  ];
}

/** A table of that bare name in another namespace, which the configuration must write out. */
function elsewhere(model: Model, name: string): string {
  const found = model.tables.find((t) => t.name === name);
  return found ? ` Did you mean "${found.id}"?` : "";
}

/** The columns of a list that the table does not have. */
export function columnProblems(
  table: Table,
  columns: readonly string[],
  path: readonly PathPart[],
): readonly Problem[] {
  const known = table.columns.map((c) => c.name);
  return columns
    .map((name, index) => ({ name, index }))
    .filter(({ name }) => !known.includes(name))
    .map(({ name, index }) => ({ ...noColumn(table, name), path: [...path, index] }));
}

/** One column that the table does not have. */
export const columnProblem = (table: Table, name: string, path: readonly PathPart[]): readonly Problem[] =>
  table.columns.some((c) => c.name === name) ? [] : [{ ...noColumn(table, name), path }];

const noColumn = (table: Table, name: string): Pick<Problem, "message"> => {
  const known = table.columns.map((c) => c.name);
  return { message: `the table ${table.id} has no column "${name}".${didYouMean(name, known)}` };
};
