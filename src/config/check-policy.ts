import { holds, markerKind } from "../model/marker.ts";
import type { Model } from "../model/model.ts";
import type { ExternalRelation, Policy, PolicyRelation, TablePolicy } from "../model/policy.ts";
import type { Retention } from "../model/retention.ts";
import type { Table } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";
import { attemptsProblems } from "./check-attempts.ts";
import { entryAt, invalidConfig, printPath } from "./config-problem.ts";
import { columnProblem, columnProblems, type PathPart, type Problem, withTable } from "./policy-problem.ts";

/**
 * Checks that every table and column that a policy names exists.
 *
 * @param file the name of the configuration, null where the application gave it
 * @throws OnDeleteError `config-invalid`, showing each entry and the nearest right name
 */
export function checkPolicy(policy: Policy, model: Model, file: string | null = null): void {
  const ofRelations = [
    ...policy.relations.flatMap((entry, index) => relationProblems(entry, ["relations", index], model)),
    ...repeated(policy.relations),
  ];
  const relations = ofRelations.length === 0 ? withPolicy(model, policy).followed : null;
  const problems = [
    ...ofRelations,
    ...policy.external.flatMap((entry, index) => externalProblems(entry, ["external", index], model)),
    ...Object.keys(policy.hooks.rows ?? {}).flatMap((name) =>
      withTable(model, name, ["hooks", "rows", name], () => []),
    ),
    ...Object.entries(policy.tables).flatMap(([name, entry]) => {
      const path = ["tables", name];
      return withTable(model, name, path, (table) => [
        ...columnProblems(table, entry.secret ?? [], [...path, "secret"]),
        ...markerProblems(table, entry, path),
        ...(entry.files ?? []).flatMap((f) => columnProblem(table, f.column, [...path, "files", "column"])),
        ...(entry.attempts
          ? attemptsProblems({ policy, model, table, relations }, entry.attempts, [...path, "attempts"])
          : []),
        ...(entry.retention ?? []).flatMap((r) => retentionProblems(table, r, [...path, "retention"])),
      ]);
    }),
  ];
  if (problems.length === 0) return;
  throw invalidConfig(
    file,
    problems.map(({ path, message }) => ({
      path: printPath(inConfig(policy, path)),
      message,
      entry: entryAt(policy, path),
    })),
  );
}

/** Relations and external relations are one list in the configuration. */
function inConfig({ external }: Policy, [list, index, ...rest]: readonly PathPart[]): readonly PathPart[] {
  if (list === "external") return ["relations", external[Number(index)]?.position ?? 0, ...rest];
  if (list !== "relations") return [list, index, ...rest].filter((part) => part !== undefined);
  const shifted = external.reduce((at, { position }) => (position <= at ? at + 1 : at), Number(index));
  return ["relations", shifted, ...rest];
}

/** Two entries for one relation could say two different actions. */
function repeated(relations: readonly PolicyRelation[]): readonly Problem[] {
  const key = ({ child, columns, parent, parentColumns, when }: PolicyRelation) =>
    JSON.stringify([child, parent, columns.map((c, i) => `${c}=${parentColumns[i]}`).sort(), when ?? null]);
  return relations.flatMap((entry, index) => {
    const first = relations.findIndex((other) => key(other) === key(entry));
    return first === index
      ? []
      : [{ path: ["relations", index], message: `names the same relation as relations[${first}].` }];
  });
}

function relationProblems(
  entry: PolicyRelation,
  path: readonly PathPart[],
  model: Model,
): readonly Problem[] {
  const { child, columns, parent, parentColumns, when } = entry;
  const sameLength = columns.length === parentColumns.length;
  return [
    ...withTable(model, child, [...path, "child"], (table) => [
      ...columnProblems(table, columns, [...path, "columns"]),
      ...(when ? columnProblem(table, when.column, [...path, "when", "column"]) : []),
    ]),
    ...withTable(model, parent, [...path, "parent"], (table) =>
      columnProblems(table, parentColumns, [...path, "parentColumns"]),
    ),
    ...(sameLength
      ? []
      : [
          {
            path: [...path, "parentColumns"],
            message: `has ${parentColumns.length} of them where "columns" has ${columns.length}; each column needs its own.`,
          },
        ]),
  ];
}

/** Of an external relation only the parent is here. */
function externalProblems(
  { parent, parentColumns }: ExternalRelation,
  path: readonly PathPart[],
  model: Model,
): readonly Problem[] {
  return withTable(model, parent, [...path, "parent"], (table) =>
    columnProblems(table, parentColumns, [...path, "parentColumns"]),
  );
}

/** A marker that is never empty would say of every row that it is deleted. */
function markerProblems(
  table: Table,
  { softDelete, onSoftDelete }: TablePolicy,
  path: readonly PathPart[],
): readonly Problem[] {
  if (!softDelete) return [];
  const column = table.columns.find((c) => c.name === softDelete.column);
  const here = [...path, "softDelete"];
  if (!column) return columnProblem(table, softDelete.column, [...here, "column"]);
  const kind = softDelete.kind ?? markerKind(column);
  const problem = (message: string) => [{ path: here, message }];
  if (onSoftDelete)
    return problem(
      `a soft delete marks the rows of ${table.id}, so that "onSoftDelete" has no meaning for it.`,
    );
  if (kind === null || !holds(column, kind))
    return problem(
      `column ${column.name} of ${table.id} is ${column.type}, which holds ${kind === null ? "neither a time nor a truth value" : `no ${kind}`}.`,
    );
  if (column.generated)
    return problem(`column ${column.name} of ${table.id} is computed and cannot be written.`);
  if (kind !== "boolean" && !column.nullable)
    return problem(`column ${column.name} of ${table.id} is NOT NULL, so that no row of it could be live.`);
  return [];
}

/** The age of a row is told by a time, or by a number that counts since 1970. */
function retentionProblems(
  table: Table,
  { column: name }: Retention,
  path: readonly PathPart[],
): readonly Problem[] {
  if (name === "")
    return [
      { path, message: `says no "column", and ${table.id} has no "softDelete" whose time could serve.` },
    ];
  const column = table.columns.find((c) => c.name === name);
  if (!column) return columnProblem(table, name, [...path, "column"]);
  const kind = markerKind(column);
  if (kind !== null && kind !== "boolean") return [];
  return [
    {
      path,
      message: `column ${name} of ${table.id} is ${column.type}, which tells no age; name another "column".`,
    },
  ];
}
