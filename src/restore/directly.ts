import type { ArchivePart } from "../journal/archive.ts";
import { hasOutbox } from "../model/policy.ts";
import type { Table } from "../model/table.ts";
import { needsRanks } from "./insert-by-rank.ts";
import { changedColumns } from "./misfit.ts";
import { insertGroups } from "./put-back.ts";
import type { RestoreSubject } from "./task.ts";

/**
 * Whether the rows can be inserted straight from the archive, so that they are read once: the constraints refuse every
 * row that is in conflict, at the latest when it is committed, and nothing but the constraints has a say in it. What they
 * refuse is looked at from all sides when it is tried again.
 */
export function goesDirectly(task: RestoreSubject): boolean {
  const { engine, model, policy, parts, place } = task;
  if (engine.capabilities.defersChecks || place.tx.joined || hasOutbox(policy)) return false;
  if (parts.some((p) => p.kind !== "deleted")) return false;
  if (
    parts.some(
      (p) =>
        !takes(
          model.tables.find((t) => t.id === p.table),
          p,
        ),
    )
  )
    return false;
  const tables = new Set(parts.map((p) => p.table));
  const watched = model.relations.filter((r) => tables.has(r.child)).every((r) => r.enforced);
  return (
    watched &&
    !(engine.capabilities.checksAtOnce && insertGroups(task, parts).some((g) => needsRanks(task, g)))
  );
}

/** Whether the table takes the rows of a part as they are: no trigger changes them, and its columns are the same. */
function takes(table: Table | undefined, part: ArchivePart): boolean {
  if (table?.kind !== "table" || table.triggers.length > 0) return false;
  const names = table.columns.filter((c) => c.generated === null).map((c) => c.name);
  return (
    names.length === part.columns.length &&
    part.columns.every((c) => names.includes(c)) &&
    changedColumns(part, table).length === 0
  );
}
