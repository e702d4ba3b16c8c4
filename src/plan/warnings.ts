import { tableOf } from "../model/model.ts";
import type { Warning } from "../model/plan.ts";
import { columnsSetBy } from "../model/relation.ts";
import type { Analysis } from "./analysis.ts";
import { skippedTriggers } from "./cascade.ts";
import type { Judgement } from "./native/verdict.ts";
import { handlingOf } from "./soft.ts";
import { notTransactional } from "./transactional.ts";

/** What a person should know before the delete runs, though it keeps nothing from running. */
export function warningsOf(analysis: Analysis, native: Judgement): readonly Warning[] {
  return [
    ...snapshot(analysis),
    ...conflicts(analysis),
    ...widened(analysis),
    ...swallowing(analysis),
    ...acting(analysis),
    ...(analysis.scope.mode === "hard" ? skipped(analysis) : []),
    ...unindexed(analysis),
    ...unenforced(analysis),
    ...visible(analysis),
    ...external(analysis),
    ...notTransactional(analysis),
    ...native.warnings,
  ];
}

function visible({ scope }: Analysis): readonly Warning[] {
  const { root } = scope;
  if (scope.mode === "hard" || handlingOf(scope, root).kind !== "keep") return [];
  const message = `${root.id} has no soft-delete marker: its own rows stay as they are, and nothing hides them.`;
  return [{ code: "root-kept", message, table: root.id }];
}

function external({ scope, closure }: Analysis): readonly Warning[] {
  return scope.policy.external.flatMap(({ id, parent }) => {
    const rows = closure.tables.get(parent)?.rows;
    if (rows === undefined) return [];
    const message = `${id} leads out of this database and was not looked at: ${rows === 1 ? "1 row" : `${rows} rows`} of ${parent} may be referenced from there. A hook for the rows of ${parent} is told which go.`;
    return [{ code: "external-not-looked-at", message, relation: id, table: parent }];
  });
}

function snapshot({ reader }: Analysis): readonly Warning[] {
  if (reader.tx.snapshot) return [];
  const message =
    "The plan was made in an open READ COMMITTED transaction, where each statement sees other rows: counts may not fit together. Execution locks the rows and looks again.";
  return [{ code: "no-snapshot", message }];
}

function conflicts({ scope, closure }: Analysis): readonly Warning[] {
  return scope.conflicting
    .filter(([first]) => first && closure.tables.has(first.parent))
    .map((group) => {
      const [first] = group;
      const actions = group.map((r) => `${r.name ?? r.id} says ${r.onDelete}`).join(", ");
      const message = `Constraints on the same columns disagree: ${actions}. The plan follows the most destructive; what a bare DELETE does depends on which the engine runs first.`;
      return { code: "fk-conflicting-actions", message, relation: first?.id ?? "" };
    });
}

function widened({ scope, effects }: Analysis): readonly Warning[] {
  return effects.flatMap(({ relation, set }) => {
    const others = columnsSetBy(relation).filter((c) =>
      scope.followed.some((r) => r.id !== relation.id && r.child === relation.child && r.columns.includes(c)),
    );
    if (set === "cascade" || relation.columns.length < 2 || others.length === 0) return [];
    const message = `Setting ${relation.id} to ${set} also writes ${others.join(", ")}, by which another relation goes.`;
    return [{ code: "set-null-widens", message, relation: relation.id }];
  });
}

/** What stands in for every statement is a refusal, and not here. */
function swallowing(analysis: Analysis): readonly Warning[] {
  return changed(analysis).flatMap(({ table, event }) =>
    table.triggers
      .filter((t) => t.enabled && t.events.includes(event) && t.timing === "before" && t.level === "row")
      .map((t) => ({
        code: "trigger-may-swallow",
        message: `Trigger ${t.name} runs before every ${event} of a row of ${table.id} and may keep or refuse it. Execution checks the number of rows and rolls back where one is kept.`,
        table: table.id,
      })),
  );
}

/** The statements that the plan runs, each once for a table. */
function changed({ removed, effects, marks }: Analysis) {
  const deleted = [...removed.tables.values()].map(({ table }) => ({ table, event: "delete" }));
  const updated = [...new Set([...effects, ...marks].map((c) => c.table))].map((table) => ({
    table,
    event: "update",
  }));
  return [...deleted, ...updated];
}

function skipped(analysis: Analysis): readonly Warning[] {
  return skippedTriggers(analysis).map((table) => ({
    code: "cascade-skips-triggers",
    message: `A bare DELETE would not fire the triggers of ${table}: this engine's referential actions fire none. ondelete changes the rows itself, and they fire.`,
    table,
  }));
}

/** What triggers do elsewhere is the application's, and only it can take that back. */
function acting(analysis: Analysis): readonly Warning[] {
  return changed(analysis).flatMap(({ table, event }) =>
    table.triggers
      .filter((t) => t.enabled && t.events.includes(event))
      .map((t) => ({
        code: "trigger-fires",
        message: `Trigger ${t.name} fires on every ${event} on ${table.id}. What it changes elsewhere is no part of this plan, and a restore does not take it back.`,
        table: table.id,
      })),
  );
}

function unindexed({ scope, removed: closure }: Analysis): readonly Warning[] {
  return scope.declared
    .filter((r) => !r.indexed && closure.tables.has(r.parent))
    .map((r) => ({
      code: "no-index",
      message: `${r.child} has no index on ${r.columns.join(", ")}: every deleted row of ${r.parent} costs a scan of ${r.child}.`,
      relation: r.id,
    }));
}

function unenforced({ scope, closure }: Analysis): readonly Warning[] {
  return scope.declared
    .filter((r) => !r.enforced && closure.tables.has(r.parent))
    .map((r) => ({
      code: "not-enforced",
      message: `Constraint ${r.name ?? r.id} is not enforced by the database now: a bare DELETE ignores it. The plan follows its declared action on ${tableOf(scope.model, r.child).id}.`,
      relation: r.id,
    }));
}
