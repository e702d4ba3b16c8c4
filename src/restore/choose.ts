import { type RowSet, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { allOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import type { ConflictChoice, Renamed, Reparented, RowCounts } from "../model/operation.ts";
import type { Key } from "../model/plan.ts";
import { columnsSetBy, type Relation } from "../model/relation.ts";
import { type Column, columnOf, identityOf, type Table, type TableId } from "../model/table.ts";
import { conflictsOf } from "./conflicts.ts";
import type { ConflictFound } from "./found.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** What to do about conflicts, in the order in which it is tried: rename, reparent, skip. */
export interface Choices {
  readonly onConflict: readonly ConflictChoice[];
  /** What a renamed value becomes, `{value}` standing for the old one. */
  readonly rename: string;
  /** Keys of the rows that take in those whose parent in that table is gone. */
  readonly parents: ReadonlyMap<TableId, readonly string[]>;
}

/** Whatever is in conflict stops the restore. */
export const stop: Choices = { onConflict: [], rename: "{value}", parents: new Map() };

/** A task as the choices leave it, and what they did. */
export interface Chosen {
  readonly task: RestoreTask;
  /** What no choice helped. */
  readonly conflicts: readonly ConflictFound[];
  readonly skipped: RowCounts;
  readonly renamed: readonly Renamed[];
  readonly reparented: readonly Reparented[];
}

/**
 * Looks for conflicts and does about them what was chosen, to fixpoint; only scratch tables change.
 * @throws `not-found` where a row that is to take in others does not exist
 */
export async function choose(task: RestoreTask, choices: Choices): Promise<Chosen> {
  const sets = new ScratchRowSets(task.place.tx, task.engine.syntax);
  const skipped: Record<string, number> = {};
  const renamed: Renamed[] = [];
  const reparented: Reparented[] = [];
  const tried = new Set<string>();
  let chosen = task;
  const named = { count: 0 };
  for (;;) {
    const conflicts = await conflictsOf(chosen);
    const step = { task: chosen, sets, named, choices };
    const once = (found: ConflictFound) => !tried.has(nameOf(found));
    const rename = conflicts.find(
      (f) => choices.onConflict.includes("rename") && once(f) && renameable(task, f) !== null,
    );
    const reparent = conflicts.find((f) => choices.onConflict.includes("reparent") && once(f) && f.relation);
    const found = rename ?? reparent;
    if (found) tried.add(nameOf(found));
    if (rename) {
      chosen = await renamedTask(step, rename, renamed);
    } else if (reparent) {
      chosen = await reparentedTask(step, reparent, reparented);
    } else if (conflicts.length > 0 && choices.onConflict.includes("skip")) {
      chosen = await skippedTask(step, conflicts, skipped);
    } else {
      return { task: chosen, conflicts, skipped, renamed, reparented };
    }
  }
}

const nameOf = ({ conflict, part }: ConflictFound): string =>
  JSON.stringify([conflict.kind, part.part, conflict.object]);

interface Step {
  readonly task: RestoreTask;
  readonly sets: ScratchRowSets;
  /** How many sets were made: each has a name of its own. */
  readonly named: { count: number };
  readonly choices: Choices;
}

/** The task with another set in the place of a part's. */
function withRows(task: RestoreTask, part: ArchivePart, set: RowSet, rows = part.rows): RestoreTask {
  return {
    ...task,
    parts: task.parts.map((p) => (p.part === part.part ? { ...p, rows } : p)),
    rows: new Map([...task.rows, [part.part, set]]),
  };
}

/** A copy of a part's set, columns as `value` has them, of the rows that `where` leaves. */
async function copied(
  { task, sets, named }: Step,
  part: ArchivePart,
  { value, where }: { readonly value?: (column: string) => Sql | null; readonly where?: Sql },
): Promise<RowSet> {
  const from = rowsOf(task, part);
  const columns = part.columns.map((c) => sql`${value?.(c) ?? id("d", c)} as ${id(c)}`);
  const set = {
    name: `ondelete_c_${named.count++}`,
    source: from.table,
    columns: part.columns,
    key: part.key,
  };
  const select = sql`select ${list([...columns, sql`0 as ${id(DEPTH)}`])} from ${from.from} as d where ${where ?? raw("1 = 1")}`;
  return sets.define(set, select, []);
}

const among = (rows: Sql, part: ArchivePart): Sql =>
  sql`exists (select 1 from (${rows}) as x where ${sameKey("x", "d", part.key)})`;

/** Leaves out the rows in conflict; what hangs off them is in conflict the next time. */
async function skippedTask(
  step: Step,
  conflicts: readonly ConflictFound[],
  skipped: Record<string, number>,
): Promise<RestoreTask> {
  let { task } = step;
  for (const [number, found] of Map.groupBy(conflicts, (f) => f.part.part)) {
    const part = found[0]?.part;
    if (!part) continue;
    const selects = found.flatMap((f) => f.rows ?? []);
    const whole = selects.length < found.length || !task.rows.has(number);
    const set = whole ? null : await copied({ ...step, task }, part, { where: notAmong(selects, part) });
    const rows = set ? await countOf(task, set) : 0;
    skipped[part.table] = (skipped[part.table] ?? 0) + part.rows - rows;
    task = set ? withRows(task, part, set, rows) : without(task, part);
  }
  return task;
}

const notAmong = (selects: readonly Sql[], part: ArchivePart): Sql =>
  sql.join(
    selects.map((s) => sql`not ${among(s, part)}`),
    sql` and `,
  );

const without = (task: RestoreTask, part: ArchivePart): RestoreTask => ({
  ...task,
  parts: task.parts.filter((p) => p.part !== part.part),
  rows: new Map([...task.rows].filter(([number]) => number !== part.part)),
});

async function countOf({ place }: RestoreTask, set: RowSet): Promise<number> {
  const [row] = await place.tx.rows(sql`select count(*) as n from ${set.from} as s`);
  return Number(row?.n);
}

/** Whether a taken value can be written another way: it is text, and nothing follows a reference by it. */
const renameable = (task: RestoreTask, found: ConflictFound): string | null => {
  const { index, part, conflict } = found;
  if (conflict.kind !== "unique-taken" || !index || !found.rows) return null;
  const table = tableOf(task.model, part.table);
  const bound = new Set(
    task.model.relations.flatMap((r) => [
      ...(r.child === table.id ? r.columns : []),
      ...(r.parent === table.id ? r.parentColumns : []),
    ]),
  );
  const free = index.columns.filter(
    (c): c is string =>
      c !== null &&
      part.columns.includes(c) &&
      part.kind === "deleted" &&
      !part.key.includes(c) &&
      !bound.has(c),
  );
  return free.find((c) => isText(columnOf(table, c))) ?? null;
};

const isText = ({ type, baseType }: Column): boolean => /char|text|clob/i.test(baseType ?? type);

/** Rows in conflict get their value by the template. */
async function renamedTask(step: Step, found: ConflictFound, renamed: Renamed[]): Promise<RestoreTask> {
  const { task, choices } = step;
  const { part, conflict } = found;
  const column = renameable(task, found);
  if (column === null || !found.rows) return task;
  const mine = among(found.rows, part);
  const { syntax } = task.engine;
  const value = sql`case when ${mine} then ${syntax.concat(templated(choices.rename, id("d", column)))} else ${id("d", column)} end`;
  const set = await copied(step, part, { value: (c) => (c === column ? value : null) });
  renamed.push({ table: part.table, column, index: conflict.object ?? "", rows: conflict.rows });
  return withRows(task, part, set);
}

/** The parts of a template, values in the place of `{value}`. */
const templated = (template: string, value: Sql): readonly Sql[] =>
  template
    .split("{value}")
    .flatMap((text, i) => [...(i > 0 ? [value] : []), ...(text === "" ? [] : [sql`${text}`])]);

/** Rows whose parent is gone get the parent that was named for its table, or none where they need none. */
async function reparentedTask(
  step: Step,
  found: ConflictFound,
  reparented: Reparented[],
): Promise<RestoreTask> {
  const { task, choices } = step;
  const { part, relation, conflict } = found;
  if (!relation || !found.rows) return task;
  const key = choices.parents.get(relation.parent);
  const values = key ? await parentValues(task, relation, key) : lost(task, relation);
  if (!values || relation.columns.some((c) => part.key.includes(c))) return task;
  const mine = among(found.rows, part);
  const value = (c: string) => {
    const to = values.get(c);
    return to ? sql`case when ${mine} then ${to} else ${id("d", c)} end` : null;
  };
  const parent = key ? keyOf(tableOf(task.model, relation.parent), key) : null;
  reparented.push({ table: part.table, relation: relation.id, rows: conflict.rows, parent });
  return withRows(task, part, await copied(step, part, { value }));
}

/** What the columns of a relation get so that they reference one row. */
async function parentValues(
  { model, engine, place }: RestoreTask,
  relation: Relation,
  key: readonly string[],
): Promise<ReadonlyMap<string, Sql>> {
  const { syntax } = engine;
  const parent = tableOf(model, relation.parent);
  const names = identityOf(parent);
  const equal = names.map((c, i) => sql`${id("p", c)} = ${syntax.value(key[i] ?? "", columnOf(parent, c))}`);
  const columns = relation.parentColumns.map(
    (c, i) => sql`${syntax.text(id("p", c), columnOf(parent, c))} as ${id(`v${i}`)}`,
  );
  const [row] = await place.tx.rows(
    sql`select ${list(columns)} from ${syntax.rows(parent)} as p where ${allOf(equal)}`,
  );
  if (!row || key.length !== names.length) {
    throw new OnDeleteError(
      "not-found",
      `No row of ${parent.id} has the key ${key.join(", ")} to take in others.`,
      {
        hint: `The key of ${parent.id} is (${names.join(", ")}).`,
        details: { table: parent.id, key },
      },
    );
  }
  const child = tableOf(model, relation.child);
  return new Map(relation.columns.map((c, i) => [c, syntax.value(row[`v${i}`] ?? "", columnOf(child, c))]));
}

/** Nulls for the columns of a relation; null where they cannot be. */
function lost({ model }: RestoreTask, relation: Relation): ReadonlyMap<string, Sql> | null {
  const child = tableOf(model, relation.child);
  const columns = columnsSetBy(relation);
  return columns.every((c) => columnOf(child, c).nullable)
    ? new Map(columns.map((c) => [c, raw("null")]))
    : null;
}

const keyOf = (table: Table, values: readonly string[]): Key =>
  Object.fromEntries(identityOf(table).map((c, i) => [c, values[i] ?? ""]));
