import { createHash } from "node:crypto";
import type { KeySum } from "../dialect/engine.ts";
import type { Effect } from "../dialect/planned.ts";
import { type RowSet, ScratchRowSets } from "../dialect/row-set.ts";
import { id, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { unreachable } from "../error.ts";
import { columnOf } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Reader } from "./sample.ts";
import { type Scope, touchedTables } from "./scope.ts";
import { handlingOf } from "./soft.ts";

export interface Digest {
  readonly digest: string;
  readonly digestOf: "keys" | "counts";
}

/** Sums up which rows are deleted and updated, by their keys up to a limit of rows; the same rows give the same digest on every engine and by every way. */
export async function digestOf(
  reader: Reader,
  scope: Scope,
  {
    closure,
    effects,
    limit,
  }: { readonly closure: Closure; readonly effects: readonly Effect[]; readonly limit: number },
): Promise<Digest> {
  const sets = [
    ...[...closure.tables.values()].map((t) => ({ name: `delete ${t.table.id}`, ...t })),
    ...effects.map((e) => ({
      name: `update ${e.relation.id} ${e.set}`,
      set: e.rows,
      rows: e.count,
      bounds: e.bounds,
    })),
  ];
  const all = closure.stoppedAt === null && sets.reduce((n, s) => n + s.rows, 0) <= limit;
  const sums = all ? await keySums(reader, scope, sets) : null;
  const lines = sets.map(({ name, set, rows, bounds }) => {
    const sum = sums?.get(set);
    const known = sum
      ? [String(sum.rows), ...sum.sums]
      : closure.stoppedAt === null
        ? bounds
        : ["incomplete"];
    return JSON.stringify([name, rows, ...known]);
  });
  const mode = scope.mode === "soft" ? ["soft"] : [];
  return { digest: hash([...mode, ...lines.sort()].join("\n")), digestOf: all ? "keys" : "counts" };
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
    legalHold: scope.policy.tables[t.id]?.legalHold,
    ...(scope.mode === "soft" ? { soft: handlingOf(scope, t) } : {}),
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

interface Counted {
  readonly set: RowSet;
  readonly rows: number;
}

/** How many row sets are summed up by one statement: few round trips, and no more than an engine's parser takes. */
const TOGETHER = 100;
/** From how many rows on a set has a statement of its own, planned for it alone: a round trip is nothing beside it. */
const LARGE = 1_000;

async function keySums({ tx, sets, syntax }: Reader, { engine }: Scope, all: readonly Counted[]) {
  const sums = new Map<RowSet, KeySum>();
  const sumUp = async (some: readonly RowSet[]) => {
    const selects = some.map((s) => sql`select ${keyText(syntax, s)} as ${id("key")} from ${s.from} as s`);
    const over = (statement: Sql) => sets.over(some, statement);
    const found = await engine.sumKeys(tx, { selects, over });
    for (const [i, set] of some.entries()) sums.set(set, found[i] ?? unreachable("every select has its sum"));
  };
  const limited = engine.capabilities.setsPerStatement !== null && !(sets instanceof ScratchRowSets);
  const small = all.filter((s) => !limited && s.rows < LARGE).map((s) => s.set);
  for (let i = 0; i < small.length; i += TOGETHER) await sumUp(small.slice(i, i + TOGETHER));
  for (const { set } of all) if (!sums.has(set)) await sumUp([set]);
  return sums;
}

/** All key columns as one text; one alone is as it is. */
function keyText(syntax: Syntax, set: RowSet): Sql {
  const texts = set.key.map((name) => syntax.text(id("s", name), columnOf(set.table, name)));
  const [first] = texts;
  return first && texts.length === 1 ? first : syntax.keyText(texts);
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 32);
