import { deletedNow, isLive } from "../dialect/marker.ts";
import type { DeletedRows, Mark, References } from "../dialect/planned.ts";
import { rowsReferencing } from "../dialect/referencing.ts";
import { columnsOf, type RowSet, type RowSets, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { id, list, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import type { Marker, Unmarked } from "../model/marker.ts";
import { tableOf } from "../model/model.ts";
import { markerOf, unmarkedOf } from "../model/policy.ts";
import { columnOf, type Table } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import { count, keysOfSet, type Reader } from "./sample.ts";
import type { Scope } from "./scope.ts";

/** What a soft delete does with the rows of a table: it marks them, or what the policy says of rows without a marker. */
export type Handling = { readonly kind: "mark"; readonly marker: Marker } | { readonly kind: Unmarked };

export function handlingOf({ policy }: Pick<Scope, "policy">, table: Table): Handling {
  const marker = markerOf(table, policy);
  return marker ? { kind: "mark", marker } : { kind: unmarkedOf(table, policy) };
}

/**
 * Checks that a soft delete can do something about at least one table that it reaches.
 * @throws `no-marker`
 */
export function checkMarkers(scope: Scope): void {
  if (scope.mode === "hard") return;
  const tables = scope.reached.map((t) => tableOf(scope.model, t));
  if (tables.some((t) => handlingOf(scope, t).kind !== "keep")) return;
  const { id: table } = scope.root;
  throw new OnDeleteError(
    "no-marker",
    `No table that this delete reaches has a soft-delete marker, so that a soft delete of ${table} would change nothing.`,
    {
      hint: `Name the column that marks deleted rows in the configuration: tables: { ${JSON.stringify(table)}: { softDelete: "deleted_at" } }.`,
      details: { table },
    },
  );
}

/** The part of a closure whose rows are handled in one way. */
export function handled(scope: Scope, closure: Closure, kind: Handling["kind"]): readonly DeletedRows[] {
  return [...closure.tables.values()].filter((t) => handlingOf(scope, t.table).kind === kind);
}

/** The rows of a closure that leave their tables. */
export function removedOf(scope: Scope, closure: Closure): Closure {
  if (scope.mode === "hard") return closure;
  const archived = handled(scope, closure, "archive");
  return { ...closure, tables: new Map(archived.map((t) => [t.table.id, t])) };
}

interface MarkTask {
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  /** Whether the rows are about to be marked, all with one time. */
  readonly execute: boolean;
}

/** The live rows of a closure, as a soft delete marks them; those that are deleted already keep their mark. */
export async function marksOf({ scope, reader, closure, execute }: MarkTask): Promise<readonly Mark[]> {
  if (scope.mode === "hard") return [];
  const values = await markerValues(scope, reader, execute);
  const out: Mark[] = [];
  for (const { table, set, by } of handled(scope, closure, "mark")) {
    const marker = markerOf(table, scope.policy);
    const value = values(table);
    if (!marker || value === undefined) continue;
    // A trigger may take a mark back, which is only seen where the rows are kept.
    const only = by?.length === 1 && table.triggers.length === 0 ? by[0] : undefined;
    const rows = await liveRows(scope, reader.sets, { set, marker, only });
    const live = await count(reader, keysOfSet(rows), [rows]);
    const assignments = new Map([[marker.column, { kind: "marker", ...value } as const]]);
    const mark = { table, marker, rows, count: live, assignments };
    if (live > 0) out.push(only ? { ...mark, by: only } : mark);
  }
  return out;
}

async function liveRows(
  scope: Scope,
  sets: RowSets,
  {
    set,
    marker,
    only,
  }: { readonly set: RowSet; readonly marker: Marker; readonly only: References | undefined },
): Promise<RowSet> {
  const { syntax } = scope.engine;
  const name = `ondelete_m_${scope.reached.indexOf(set.table.id)}`;
  const made = { name, source: set.table, columns: set.columns, key: set.key };
  const live = isLive("t", set.table, marker);
  if (only && sets instanceof ScratchRowSets) {
    const columns = list([...columnsOf("t", set.columns), sql`${id("s", DEPTH)} + 1 as ${id(DEPTH)}`]);
    return sets.derive(
      made,
      sql`select ${columns} from ${rowsReferencing(syntax, set.table, only)} where ${live}`,
    );
  }
  const columns = list([...columnsOf("s", set.columns), id("s", DEPTH)]);
  const select = sql`select ${columns} from ${set.from} as s ${syntax.drivenJoin} ${syntax.rows(set.table)} as t on ${sameKey("t", "s", set.key)} where ${live}`;
  return sets.define(made, select, [set]);
}

/** What each table's marker gets, as SQL: the same moment everywhere where it is about to be written. */
async function markerValues(
  scope: Scope,
  { tx, syntax }: Reader,
  execute: boolean,
): Promise<(table: Table) => MarkerValue | undefined> {
  const marked = scope.model.tables.flatMap((table) => {
    const marker = scope.reached.includes(table.id) ? markerOf(table, scope.policy) : null;
    return marker ? [{ table, marker, now: deletedNow(syntax, table, marker) }] : [];
  });
  if (!execute || marked.length === 0)
    return (table) => {
      const now = marked.find((m) => m.table === table)?.now;
      return now && { expression: syntax.print(now), text: null };
    };
  const texts = marked.map(
    ({ table, marker, now }, i) => sql`${syntax.text(now, columnOf(table, marker.column))} as ${id(`v${i}`)}`,
  );
  const [row] = await tx.rows(sql`select ${list(texts)}`);
  return (table) => {
    const at = marked.findIndex((m) => m.table === table);
    const found = marked[at];
    const text = row?.[`v${at}`];
    if (!found || text == null) return undefined;
    return { expression: syntax.print(syntax.value(text, columnOf(table, found.marker.column))), text };
  };
}

type MarkerValue = { readonly expression: string; readonly text: string | null };
