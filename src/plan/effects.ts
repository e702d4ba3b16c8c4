import { childFrom, references } from "../dialect/edge.ts";
import type { Transaction } from "../dialect/engine.ts";
import { type Assignment, type Effect, type References, writtenBy } from "../dialect/planned.ts";
import { columnsOf, type RowSet, type RowSets, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH, type ScratchTable } from "../dialect/syntax.ts";
import { noKey } from "../dialect/target.ts";
import { OnDeleteError } from "../error.ts";
import { changes } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import { columnsSetBy, type ReferentialAction, type Relation } from "../model/relation.ts";
import { columnOf, identityOf, type Table, type TableId } from "../model/table.ts";
import { boundsOf, type Closure, edgeFrom, parentIsUnique } from "./closure.ts";
import { isPlain, isReferenced } from "./leaves.ts";
import { namingColumns } from "./sample.ts";
import { keptColumns, relationsInto, type Scope } from "./scope.ts";

/** ON UPDATE that refuses: rows that reference a value which an effect would change. */
export interface RefusedSpread {
  readonly relation: Relation;
  readonly cause: Effect;
  /** The rows that refuse, each once. */
  readonly rows: Sql;
  readonly uses: readonly RowSet[];
}

export interface Effects {
  readonly effects: readonly Effect[];
  readonly refused: readonly RefusedSpread[];
}

export interface EffectTask {
  readonly scope: Scope;
  readonly tx: Transaction;
  readonly sets: RowSets;
  readonly closure: Closure;
  readonly lock: boolean;
  /** Whether rows that nothing references need not be kept, because no image of them is. */
  readonly parentsOnly: boolean;
}

/** All updates that a complete closure brings about, to fixpoint. */
export async function effectsOf(task: EffectTask): Promise<Effects> {
  const effects: Effect[] = [];
  const named = { count: 0 };
  const refused: RefusedSpread[] = [];
  for (const relation of relationsInto(task.scope, "set null", "set default")) {
    const parent = task.closure.tables.get(relation.parent)?.set;
    if (!parent) continue;
    const effect = await define(task, named, {
      relation,
      set: relation.onDelete === "set null" ? "null" : "default",
      assignments: assigned(
        tableOf(task.scope.model, relation.child),
        columnsSetBy(relation),
        relation.onDelete,
      ),
      cause: null,
      from: parent,
      seen: [],
    });
    if (effect) effects.push(effect);
  }
  // The list grows while it is walked: what an effect changes may be referenced in turn.
  for (const cause of effects) {
    for (const relation of changedReferences(task.scope, cause)) {
      const next = await spread(task, named, effects, { relation, cause });
      if (next?.kind === "refused") refused.push(next.refused);
      if (next?.kind === "effect") effects.push(next.effect);
    }
  }
  return { effects, refused };
}

/** How many sets were made: each has a name of its own. */
interface Named {
  count: number;
}

interface Draft {
  readonly relation: Relation;
  readonly set: Effect["set"];
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly cause: Effect | null;
  /** The rows whose reference is lost. */
  readonly from: RowSet;
  /** Sets of rows that already have these values from an earlier round. */
  readonly seen: readonly RowSet[];
}

/** Makes the set of rows outside the closure that reference `from`; null where there are none. */
async function define(task: EffectTask, named: Named, draft: Draft): Promise<Effect | null> {
  const { scope, tx, sets } = task;
  const { relation, from } = draft;
  const table = tableOf(scope.model, relation.child);
  const { uses, select } = outside(task, relation, from, draft.seen);
  if (identityOf(table).length === 0) {
    const found = await tx.rows(
      sets.over(uses, sql`select 1 as found from (${select([raw("1 as one")])}) as o limit 1`),
    );
    if (found.length > 0) throw noKey(table);
    return null;
  }
  const columns = keptColumns(scope, table);
  const set: ScratchTable = {
    name: `ondelete_u_${named.count++}`,
    source: table,
    columns,
    key: identityOf(table),
  };
  const lock = task.lock && scope.engine.syntax.forUpdate;
  const query = select([...columnsOf("c", columns), sql`0 as ${id(DEPTH)}`]);
  const by = referenceOf(task, draft);
  const rows =
    by && sets instanceof ScratchRowSets
      ? sets.derive(set, query)
      : await sets.define(set, lock ? sql`${query} ${lock("c")}` : query, uses);
  const [counted] = await tx.rows(
    sets.over([rows], sql`select count(*) as n, ${boundsOf(scope, rows, "u")} from ${rows.from} as u`),
  );
  const count = Number(counted?.n);
  if (count === 0) return null;
  checkFollowable(table, draft);
  return {
    ...draft,
    table,
    rows,
    count,
    ...(by ? { by } : {}),
    bounds: [counted?.first ?? null, counted?.last ?? null],
  };
}

/**
 * Rows that need not be kept: the only ones of their table that change, all of which reference deleted rows by columns
 * of the same type.
 */
function referenceOf(
  { scope, closure, parentsOnly }: EffectTask,
  { relation, cause }: Draft,
): References | null {
  const parents = closure.tables.get(relation.parent);
  if (!parentsOnly || !parents || parents.by || cause || closure.tables.has(relation.child)) return null;
  const changing = relationsInto(scope, "set null", "set default").filter((r) => r.child === relation.child);
  if (changing.length > 1 || !isPlain(scope, relation) || isReferenced(scope, relation.child)) return null;
  return { relation, parents: parents.set, parentRows: parents.rows };
}

/** @throws `unsupported` where the update would change the key by which rows are followed, or the new value is not known before it */
function checkFollowable(table: Table, { relation, assignments, cause }: Draft): void {
  // A null in a key that may not be null is refused by the engine, and a blocker.
  const lost = identityOf(table).find(
    (name) =>
      assignments.has(name) && (assignments.get(name)?.kind === "default" || columnOf(table, name).nullable),
  );
  const changing = [...assignments].find(([, a]) => a.kind === "default" && changes(a.expression))?.[0];
  const computed = relation.columns.find(
    (name) =>
      cause !== null &&
      assignments.size > 0 &&
      !assignments.has(name) &&
      columnOf(cause.table, relation.parentColumns[relation.columns.indexOf(name)] ?? "").generated !== null,
  );
  const column = lost ?? changing ?? computed;
  if (column === undefined) return;
  const value = assignments.get(column)?.kind === "null" ? "null" : "its default";
  const what = lost
    ? `${value}, and rows are followed by that key`
    : changing
      ? `its default ${columnOf(table, column).default}, which is another value each time, so that what the rows will reference is not known`
      : "a value that the database computes";
  throw new OnDeleteError("unsupported", `${relation.id} would change ${table.id}.${column} to ${what}.`, {
    hint: "Give the relation another action, or re-point these rows first.",
    details: { relation: relation.id, table: table.id, column },
  });
}

/** Null for the failure that updates cannot be followed; passes any other on. */
export function orNotFollowable(error: unknown): null {
  if (error instanceof OnDeleteError && error.code === "unsupported") return null;
  throw error;
}

/** Rows of the child that reference `from` and are not deleted themselves, each once. */
export function outside(
  task: Pick<EffectTask, "scope" | "closure">,
  relation: Relation,
  from: RowSet,
  seen: readonly RowSet[] = [],
  more: readonly Sql[] = [],
) {
  const { scope, closure } = task;
  const gone = closure.tables.get(relation.child)?.set;
  const excluded = [...(gone ? [gone] : []), ...seen];
  const stays = excluded.map(
    (set) => sql` and not exists (select 1 from ${set.from} as gone where ${sameKey("gone", "c", set.key)})`,
  );
  const conditions = [...stays, ...more.map((c) => sql` and ${c}`)].reduce(
    (sum, part) => sql`${sum}${part}`,
    raw(""),
  );
  const refs = references(scope.engine.syntax, scope.model, relation, { child: "c", parent: "p" });
  const select = (columns: readonly Sql[]): Sql =>
    parentIsUnique(scope, relation)
      ? sql`select ${list(columns)} ${edgeFrom(scope, relation, from)} where 1 = 1${conditions}`
      : sql`select ${list(columns)} from ${childFrom(scope.engine.syntax, scope.model, relation)} as c where exists (select 1 from ${from.from} as p where ${refs})${conditions}`;
  return { select, uses: [from, ...excluded] };
}

type Spread =
  | { readonly kind: "effect"; readonly effect: Effect }
  | { readonly kind: "refused"; readonly refused: RefusedSpread };

async function spread(
  task: EffectTask,
  named: Named,
  effects: readonly Effect[],
  { relation, cause }: { readonly relation: Relation; readonly cause: Effect },
): Promise<Spread | null> {
  if (relation.onUpdate === "no action" || relation.onUpdate === "restrict") {
    const { select, uses } = outside(task, relation, cause.rows);
    return {
      kind: "refused",
      refused: {
        relation,
        cause,
        rows: select(columnsOf("c", namingColumns(tableOf(task.scope.model, relation.child)))),
        uses,
      },
    };
  }
  const child = tableOf(task.scope.model, relation.child);
  const assignments =
    relation.onUpdate === "cascade"
      ? passedOn(relation, cause)
      : assigned(child, relation.columns, relation.onUpdate);
  const signature = signatureOf(relation, assignments);
  const seen = effects.filter((e) => signatureOf(e.relation, e.assignments) === signature).map((e) => e.rows);
  const set =
    relation.onUpdate === "cascade" ? "cascade" : relation.onUpdate === "set null" ? "null" : "default";
  const effect = await define(task, named, { relation, set, assignments, cause, from: cause.rows, seen });
  return effect && { kind: "effect", effect };
}

function changedReferences(scope: Scope, effect: Effect): readonly Relation[] {
  const written = writtenBy(effect).map((w) => w.name);
  // The policy may say another action on delete; on update it is always the constraint's.
  const declared = new Set(scope.declared.map((r) => r.id));
  return scope.followed.filter(
    (r) =>
      r.parent === effect.table.id && declared.has(r.id) && r.parentColumns.some((c) => written.includes(c)),
  );
}

function assigned(
  table: Table,
  columns: readonly string[],
  action: ReferentialAction,
): ReadonlyMap<string, Assignment> {
  const value = (name: string): Assignment => {
    const expression = columnOf(table, name).default;
    return action === "set null" || expression === null ? { kind: "null" } : { kind: "default", expression };
  };
  return new Map(columns.map((name) => [name, value(name)]));
}

/** ON UPDATE CASCADE: the child's columns get what the parent's got. */
function passedOn(relation: Relation, cause: Effect): ReadonlyMap<string, Assignment> {
  return new Map(
    relation.columns.flatMap((name, i) => {
      const assignment = cause.assignments.get(relation.parentColumns[i] ?? "");
      return assignment ? [[name, assignment] as const] : [];
    }),
  );
}

const signatureOf = (relation: Relation, assignments: ReadonlyMap<string, Assignment>): string =>
  JSON.stringify([relation.id, [...assignments]]);

/** Tables that lose values, each with its effects. */
export function byTable(effects: readonly Effect[]): ReadonlyMap<TableId, readonly Effect[]> {
  return Map.groupBy(effects, (e) => e.table.id);
}
