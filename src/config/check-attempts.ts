import type { AttemptsPolicy } from "../model/attempts.ts";
import { logRelation } from "../model/log-relation.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Table } from "../model/table.ts";
import { didYouMean } from "../std/nearest.ts";
import { columnProblem, columnProblems, type PathPart, type Problem, withTable } from "./policy-problem.ts";

interface Checked {
  readonly policy: Policy;
  readonly model: Model;
  readonly table: Table;
  /** The relations that the policy comes to; null where it cannot be told, because some entry is wrong. */
  readonly relations: readonly Relation[] | null;
}

/** What is wrong with a table's `attempts`. */
export function attemptsProblems(
  checked: Checked,
  attempts: AttemptsPolicy,
  path: readonly PathPart[],
): readonly Problem[] {
  const { table } = checked;
  const { status, newest, errors } = attempts;
  const missing = columnProblem(table, status, [...path, "status"]);
  return [
    ...missing,
    ...(missing.length === 0 ? valueProblems(table, attempts, [...path, "failed"]) : []),
    ...columnProblem(table, newest, [...path, "newest"]),
    ...columnProblems(table, errors, [...path, "errors"]),
    ...logProblems(checked, attempts, [...path, "logs"]),
  ];
}

/** Values that an enumeration does not have. */
function valueProblems(
  table: Table,
  { status, failed }: AttemptsPolicy,
  path: readonly PathPart[],
): readonly Problem[] {
  const { enumValues } = columnOf(table, status);
  if (!enumValues) return [];
  return failed.flatMap((value, index) =>
    enumValues.includes(value)
      ? []
      : [
          {
            path: [...path, index],
            message: `column ${status} of ${table.id} has no value "${value}".${didYouMean(value, enumValues)}`,
          },
        ],
  );
}

function logProblems(
  { policy, model, table, relations }: Checked,
  { logs }: AttemptsPolicy,
  path: readonly PathPart[],
): readonly Problem[] {
  if (logs === null) return [];
  if (logs.kind === "file") {
    const known = (policy.tables[table.id]?.files ?? []).map((f) => f.column);
    if (known.includes(logs.column)) return [];
    const message = `"files" of ${table.id} does not say where the files of column "${logs.column}" are.`;
    return [{ path: [...path, "file"], message }];
  }
  return withTable(model, logs.table, [...path, "table"], (log) => [
    ...columnProblem(log, logs.order, [...path, "order"]),
    ...(relations === null || logRelation(relations, table, log.id)
      ? []
      : [
          {
            path: [...path, "table"],
            message: `${log.id} does not reference ${table.id} by exactly one relation; "relations" can say by which.`,
          },
        ]),
  ]);
}
