import {
  changeTogether,
  deleteStatement,
  matching,
  type Over,
  type UpdateGroup,
  updateGroups,
  updateStatement,
} from "../dialect/change.ts";
import { type DeletedRows, type DeleteGroup, deletesComeFirst } from "../dialect/planned.ts";
import { releasable } from "../dialect/release.ts";
import { ScratchRowSets } from "../dialect/row-set.ts";
import { id, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import type { PlanStep } from "../model/plan.ts";
import { type Analysis, plannedRows } from "./analysis.ts";
import { doesAll, mayCount } from "./cascade.ts";
import { leafTables } from "./leaves.ts";

/**
 * The statements that carry a plan out, in order, as a person can review and run them, each with the reason why it is
 * there and what ondelete itself does about it.
 */
export async function stepsOf(analysis: Analysis, archive: boolean): Promise<readonly PlanStep[]> {
  const { scope, reader } = analysis;
  const { capabilities, syntax } = scope.engine;
  const selects = reader.sets instanceof ScratchRowSets ? reader.sets.statements : [];
  const finding = selects.map(
    (s): PlanStep => ({
      table: scope.root.id,
      kind: "select",
      rows: 0,
      sql: syntax.print(s),
      why: "Finds the rows, level by level.",
    }),
  );
  const kept = archive && analysis.effects.length > 0;
  if (!kept && mayCount(scope) && doesAll(analysis)) return [...finding, ...delegated(analysis)];
  const rows = plannedRows(analysis);
  const groups = updateGroups(rows.updates);
  const marks = rows.marks.map((m) => updateStep(analysis, [m], "Marks the rows that are not deleted yet."));
  const before = [...finding, ...marks];
  const deletes: PlanStep[] = [];
  for (const group of rows.deletes) deletes.push(...(await deleteSteps(analysis, group)));
  if (!deletesComeFirst(rows)) {
    const why = "Before the deletes, so that no constraint acts on these rows by itself.";
    return [...before, ...groups.map((g) => updateStep(analysis, g, why)), ...deletes];
  }
  const takesOver = "A row that stays takes over a unique value of one that goes.";
  if (!capabilities.changesTablesTogether)
    return [
      ...before,
      ...deletes,
      ...groups.map((g) => updateStep(analysis, g, `After the deletes: ${lower(takesOver)}`)),
    ];
  const caused = groups.filter((g) => g.every((e) => e.cause === null));
  const spread = groups.filter((g) => !caused.includes(g));
  const tables = rows.deletes.flatMap((g) => g.tables);
  return [
    ...before,
    togetherStep(
      analysis,
      tables,
      `${takesOver} Deletes and updates are one statement, and checks run at its end.`,
      caused,
    ),
    ...spread.map((g) => updateStep(analysis, g, "Follows from the updates before it.")),
  ];
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);

const over =
  ({ reader }: Analysis): Over =>
  (uses, select) =>
    reader.sets.over(uses, select);

const step = (
  { scope }: Analysis,
  { statement, ...rest }: Omit<PlanStep, "sql"> & { readonly statement: Sql },
): PlanStep => ({ ...rest, sql: scope.engine.syntax.print(statement) });

/** One statement for the roots: the engine's own actions do the rest. */
function delegated(analysis: Analysis): readonly PlanStep[] {
  const { scope, closure, effects } = analysis;
  const root = closure.tables.get(scope.root.id);
  if (!root) return [];
  const total = [...closure.tables.values()].reduce((n, t) => n + t.rows, 0);
  const nulled = effects.reduce((n, e) => n + e.count, 0);
  const work = `delete ${total - root.rows} rows more${nulled > 0 ? ` and update ${nulled}` : ""}`;
  return [
    step(analysis, {
      table: root.table.id,
      kind: "delete",
      rows: root.rows,
      statement: deleteStatement(scope.engine.syntax, root.set, { over: over(analysis) }),
      why: `The engine's own referential actions ${work}, and nothing else can come of it. ondelete locks every referenced row and counts before, compares with what the engine says that it changed, and rolls back where that differs; where the engine does not say, it deletes table by table.`,
    }),
  ];
}

function updateStep(analysis: Analysis, group: UpdateGroup, why: string): PlanStep {
  return step(analysis, {
    table: group[0]?.table.id ?? "",
    kind: "update",
    rows: group.reduce((n, e) => n + e.count, 0),
    statement: updateStatement(analysis.scope.engine.syntax, group, over(analysis)),
    why,
  });
}

function togetherStep(
  analysis: Analysis,
  tables: readonly DeletedRows[],
  why: string,
  updates: readonly UpdateGroup[] = [],
): PlanStep {
  const { syntax } = analysis.scope.engine;
  const uses = [...tables.map((t) => t.set), ...updates.flatMap((g) => g.map((e) => e.rows))];
  return step(analysis, {
    table: tables[0]?.table.id ?? "",
    kind: "delete",
    rows: tables.reduce((n, t) => n + t.rows, 0),
    statement: over(analysis)(uses, changeTogether(syntax, tables, updates)),
    why,
  });
}

async function deleteSteps(analysis: Analysis, group: DeleteGroup): Promise<readonly PlanStep[]> {
  const { scope } = analysis;
  const { changesTablesTogether, checksAtOnce } = scope.engine.capabilities;
  if (group.within.length > 0 && !changesTablesTogether) {
    const why = "These rows reference each other: the deepest go first.";
    if (!checksAtOnce) return byLevel(analysis, group, `${why} Checks wait for the commit.`);
    const itself =
      "ondelete itself deletes each row after those that reference it, which in a tree is the same.";
    return [...releases(analysis, group), ...(await byLevel(analysis, group, `${why} ${itself}`))];
  }
  if (group.tables.length > 1) {
    const why = "These tables reference each other: one statement for all, and checks run at its end.";
    return [togetherStep(analysis, group.tables, why)];
  }
  const leaves = scope.mode === "soft" ? [] : leafTables(scope);
  return group.tables.map((t) =>
    step(analysis, {
      table: t.table.id,
      kind: "delete",
      rows: t.rows,
      statement: deleteStatement(scope.engine.syntax, t.set, { over: over(analysis) }),
      why: whyAlone(analysis, t, leaves.includes(t.table.id)),
    }),
  );
}

function whyAlone({ scope, closure }: Analysis, { table, rows }: DeletedRows, leaf: boolean): string {
  const { rowsPerDelete } = scope.engine.syntax;
  const slices =
    rowsPerDelete !== null && rows > rowsPerDelete
      ? ` ondelete does it in slices of about ${rowsPerDelete} rows.`
      : "";
  const referencing = scope.declared.some((r) => r.parent === table.id && closure.tables.has(r.child));
  const order = referencing
    ? "After the tables that reference it, so that no constraint acts or refuses."
    : "Nothing that goes references it any more.";
  const how = leaf ? " ondelete deletes these rows by what they reference, and keeps no list of them." : "";
  return `${order}${how}${slices}`;
}

/** Rows of the group let go of each other where they may, so that no order refuses. */
function releases(analysis: Analysis, group: DeleteGroup): readonly PlanStep[] {
  const { scope, closure, inner } = analysis;
  const why =
    "The engine checks each row at once: references between these rows are undone first. ondelete itself does this only where rows reference each other in a circle.";
  return inner.flatMap(({ relation, rows }) => {
    const column = releasable(scope.model, relation);
    const child = closure.tables.get(relation.child);
    if (!child || column === null || !group.within.some((r) => r.id === relation.id)) return [];
    const nulls = new Map([[column, raw("null")]]);
    const statement = scope.engine.syntax.updateRows(matching([child.set], over(analysis)), nulls);
    return [step(analysis, { table: relation.child, kind: "update", rows, statement, why })];
  });
}

async function byLevel(analysis: Analysis, group: DeleteGroup, why: string): Promise<readonly PlanStep[]> {
  const { reader, scope } = analysis;
  const levels: { readonly level: number; readonly step: PlanStep }[] = [];
  for (const { set } of group.tables) {
    const depth = id("s", DEPTH);
    const query = sql`select ${depth} as level, count(*) as n from ${set.from} as s group by ${depth}`;
    for (const { level, n } of await reader.tx.rows(reader.sets.over([set], query))) {
      const statement = deleteStatement(scope.engine.syntax, set, {
        level: Number(level),
        over: over(analysis),
      });
      const made = step(analysis, { table: set.table.id, kind: "delete", rows: Number(n), statement, why });
      levels.push({ level: Number(level), step: made });
    }
  }
  return levels.sort((a, b) => b.level - a.level).map((l) => l.step);
}
