import { createHash } from "node:crypto";
import type { Effect } from "../dialect/planned.ts";
import type { RowSet } from "../dialect/row-set.ts";
import { id, join, raw, type Sql, sql } from "../dialect/sql.ts";
import { columnOf } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Reader } from "./sample.ts";
import { type Scope, touchedTables } from "./scope.ts";

export interface Digest {
  readonly digest: string;
  readonly digestOf: "keys" | "counts";
}

/** Sums up which rows are deleted and updated; the same rows give the same digest on every engine and by every way. */
export async function digestOf(
  reader: Reader,
  scope: Scope,
  closure: Closure,
  effects: readonly Effect[],
): Promise<Digest> {
  const sets = [
    ...[...closure.tables.values()].map((t) => ({ name: `delete ${t.table.id}`, set: t.set, rows: t.rows })),
    ...effects.map((e) => ({ name: `update ${e.relation.id} ${e.set}`, set: e.rows, rows: e.count })),
  ];
  const all =
    closure.stoppedAt === null && sets.reduce((n, s) => n + s.rows, 0) <= scope.policy.limits.digestRows;
  const lines: string[] = [];
  for (const { name, set, rows } of sets) {
    lines.push(
      JSON.stringify([
        name,
        rows,
        ...(all
          ? await sums(reader, scope, set)
          : closure.stoppedAt === null
            ? await bounds(reader, set)
            : ["incomplete"]),
      ]),
    );
  }
  return { digest: hash(lines.sort().join("\n")), digestOf: all ? "keys" : "counts" };
}

/** Sums up the tables, relations and policy entries that a plan depends on; names and order of constraints do not matter. */
export function fingerprintOf(scope: Scope): string {
  const tables = touchedTables(scope).map((t) => ({
    name: [t.namespace, t.name],
    columns: t.columns.map((c) => [c.name, c.type, c.nullable, c.default, c.generated]),
    primaryKey: t.primaryKey,
    uniqueKeys: t.uniqueKeys.map((k) => [...k.columns].sort().join()).sort(),
    checks: t.checks.map((c) => c.expression).sort(),
    protected: scope.policy.tables[t.id]?.protected ?? false,
  }));
  const relations = [...scope.followed, ...scope.declared]
    .filter((r) => scope.reached.includes(r.parent))
    .map((r) =>
      [
        r.child,
        r.columns,
        r.parent,
        r.parentColumns,
        r.onDelete,
        r.onUpdate,
        r.enforced,
        r.setColumns,
        r.when,
      ]
        .map((x) => JSON.stringify(x))
        .join(),
    )
    .sort();
  return hash(JSON.stringify({ tables, relations: [...new Set(relations)] }));
}

async function sums(reader: Reader, scope: Scope, set: RowSet): Promise<readonly string[]> {
  const query = sql`select ${keyText(reader, set)} as ${id("key")} from ${set.from} as s`;
  const { rows, sums: both } = await scope.engine.sumKeys(reader.tx, reader.sets.over([set], query));
  return [String(rows), ...both];
}

async function bounds(reader: Reader, set: RowSet): Promise<readonly (string | null | undefined)[]> {
  const column = columnOf(set.table, set.key[0] ?? "");
  const text = reader.syntax.text(id("s", column.name), column);
  const [row] = await reader.tx.rows(
    reader.sets.over([set], sql`select min(${text}) as lo, max(${text}) as hi from ${set.from} as s`),
  );
  return [row?.lo, row?.hi];
}

/** All key columns as one text; lengths keep ('a', 'bc') and ('ab', 'c') apart. */
function keyText(reader: Reader, set: RowSet): Sql {
  const parts = set.key.map((name) => {
    const text = reader.syntax.text(id("s", name), columnOf(set.table, name));
    return sql`length(${text}) || ${raw("':'")} || ${text}`;
  });
  return join(parts, " || ',' || ");
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
