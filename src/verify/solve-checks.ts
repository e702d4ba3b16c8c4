import type { Transaction } from "../dialect/engine.ts";
import { allOf, id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import { mentions } from "../model/guards.ts";
import { type Check, type Column, columnOf, type Table } from "../model/table.ts";

/** Values that each column may get, best first. */
export type Candidates = ReadonlyMap<string, readonly (string | null)[]>;

interface Search {
  readonly tx: Transaction;
  readonly syntax: Syntax;
  readonly table: Table;
}

/** How many combinations the engine looks through for one set of checks. */
const COMBINATIONS = 20_000;

/**
 * Of the candidates of each column one, so that together they satisfy the CHECKs of the table: the engine is asked. What
 * no combination satisfies gets the first candidates, and the engine will say why it refuses them.
 */
export async function solveChecks(
  search: Search,
  candidates: Candidates,
): Promise<ReadonlyMap<string, string | null>> {
  const chosen = new Map([...candidates].map(([name, values]) => [name, values[0] ?? null]));
  for (const group of groupsOf(search.table, candidates)) {
    const found = await satisfying(search, group, candidates);
    for (const [name, value] of found) chosen.set(name, value);
  }
  return chosen;
}

interface Group {
  readonly checks: readonly Check[];
  readonly columns: readonly string[];
}

/** Checks that share columns belong together. */
function groupsOf(table: Table, candidates: Candidates): readonly Group[] {
  const groups: { checks: Check[]; columns: Set<string> }[] = [];
  for (const check of table.checks.filter((c) => c.enforced)) {
    const columns = new Set([...candidates.keys()].filter((name) => mentions(check.expression, name)));
    const sharing = groups.filter((g) => [...g.columns].some((c) => columns.has(c)));
    for (const group of sharing) groups.splice(groups.indexOf(group), 1);
    groups.push({
      checks: [...sharing.flatMap((g) => g.checks), check],
      columns: new Set([...columns, ...sharing.flatMap((g) => [...g.columns])]),
    });
  }
  return groups.map((g) => ({ checks: g.checks, columns: [...g.columns].sort() }));
}

async function satisfying(
  search: Search,
  { checks, columns }: Group,
  candidates: Candidates,
): Promise<readonly (readonly [string, string | null])[]> {
  const { tx, syntax, table } = search;
  if (columns.length === 0) return [];
  const most = Math.max(2, Math.floor(COMBINATIONS ** (1 / columns.length)));
  const choices: (readonly (string | null)[])[] = [];
  for (const name of columns) {
    const own = candidates.get(name) ?? [];
    // A column whose value stands already has no choice.
    const more = own.length === 1 ? [] : await literals(search, columnOf(table, name), checks);
    choices.push(
      [...new Set([...own.slice(0, most - Math.min(more.length, most - 1)), ...more])].slice(0, most),
    );
  }
  const places = columns.map((_, i) => id(`ondelete:${i}`));
  const from = columns.map((name, i) =>
    choiceTable(search, columnOf(table, name), choices[i] ?? [], places[i] as Sql),
  );
  const holds = checks.map((c) => sql`not ${syntax.isFalse(sql`(${raw(c.expression)})`)}`);
  const aliased = from.map((rows, i) => sql`(${rows}) as ${id(`ondelete:c${i}`)}`);
  const select = sql`select ${list(places)} from ${join(aliased, " cross join ")} where ${allOf(holds)} order by ${list(places)} limit 1`;
  const found = await tx.attempt(() => tx.rows(select));
  const row = found instanceof OnDeleteError ? undefined : found[0];
  if (!row) return [];
  return columns.map((name, i) => [name, choices[i]?.[Number(row[`ondelete:${i}`])] ?? null] as const);
}

/** A row for each choice, under the column's name and with its place among them. */
function choiceTable(
  { syntax, table }: Search,
  column: Column,
  choices: readonly (string | null)[],
  place: Sql,
): Sql {
  // A bare null has no type; one that the table itself could give has.
  const untyped = sql`(select ${id("t", column.name)} from ${syntax.rows(table)} as t where 1 = 0)`;
  const rows = choices.map(
    (text, i) =>
      sql`select ${raw(String(i))} as ${place}, ${text === null ? untyped : syntax.value(text, column)} as ${id(column.name)}`,
  );
  return join(rows, " union all ");
}

const LITERAL = /'((?:[^']|'')*)'|(?<![\w.'])(\d+(?:\.\d+)?)(?![\w.'])/g;

/** What the checks compare with, and integers beside it, as far as the column takes them. */
async function literals(
  { tx, syntax }: Search,
  column: Column,
  checks: readonly Check[],
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { expression } of checks.filter((c) => mentions(c.expression, column.name))) {
    for (const [, text, number] of expression.matchAll(LITERAL)) {
      if (text !== undefined) found.add(text.replaceAll("''", "'"));
      else if (number !== undefined) for (const n of around(number)) found.add(n);
    }
  }
  const taken: string[] = [];
  for (const text of found) {
    const read = await tx
      .attempt(async () => tx.rows(sql`select ${syntax.value(text, column)} as v`))
      .catch(badKey);
    if (!(read instanceof OnDeleteError)) taken.push(text);
  }
  return taken;
}

const around = (number: string): readonly string[] =>
  number.includes(".") ? [number] : [number, String(BigInt(number) + 1n), String(BigInt(number) - 1n)];

function badKey(error: unknown): OnDeleteError {
  if (error instanceof OnDeleteError && error.code === "bad-key") return error;
  throw error;
}
