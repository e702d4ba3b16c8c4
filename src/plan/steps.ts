import {
  changeTogether,
  deleteStatement,
  type Over,
  updateGroups,
  updateStatement,
} from "../dialect/change.ts";
import type { DeleteGroup } from "../dialect/planned.ts";
import { ScratchRowSets } from "../dialect/row-set.ts";
import type { PlanStep } from "../model/plan.ts";
import { type Analysis, plannedRows } from "./analysis.ts";

/** The statements that carry a plan out, in order, as a person can review and run them. */
export function stepsOf(analysis: Analysis): readonly PlanStep[] {
  const { scope, reader } = analysis;
  const { syntax } = scope.engine;
  const rows = plannedRows(analysis);
  const over: Over = (uses, select) => reader.sets.over(uses, select);
  const selects = reader.sets instanceof ScratchRowSets ? reader.sets.statements : [];
  return [
    ...selects.map(
      (s): PlanStep => ({ table: scope.root.id, kind: "select", rows: 0, sql: syntax.print(s) }),
    ),
    ...updateGroups(rows.updates).map((group): PlanStep => {
      const count = group.reduce((n, e) => n + e.count, 0);
      const statement = updateStatement(syntax, group, over);
      return { table: group[0]?.table.id ?? "", kind: "update", rows: count, sql: syntax.print(statement) };
    }),
    ...rows.deletes.flatMap((group) => deleteSteps(analysis, group)),
  ];
}

function deleteSteps(analysis: Analysis, group: DeleteGroup): readonly PlanStep[] {
  const { engine } = analysis.scope;
  const over: Over = (uses, select) => analysis.reader.sets.over(uses, select);
  if (group.tables.length > 1 && engine.capabilities.changesTablesTogether) {
    const rows = group.tables.reduce((n, t) => n + t.rows, 0);
    return [
      {
        table: group.tables[0]?.table.id ?? "",
        kind: "delete",
        rows,
        sql: engine.syntax.print(
          over(
            group.tables.map((t) => t.set),
            changeTogether(engine.syntax, group.tables),
          ),
        ),
      },
    ];
  }
  return group.tables.map((t) => ({
    table: t.table.id,
    kind: "delete",
    rows: t.rows,
    sql: engine.syntax.print(deleteStatement(engine.syntax, t.set, { over })),
  }));
}
