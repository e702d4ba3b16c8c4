import { childFrom, references } from "../dialect/edge.ts";
import { allOf, id, list, raw, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { tableOf } from "../model/model.ts";
import type { Key, Path } from "../model/plan.ts";
import { columnOf, identityOf, type TableId } from "../model/table.ts";
import type { Analysis } from "./analysis.ts";
import { cascades } from "./scope.ts";

/** How many paths are listed, and how long one may get. */
const MOST_PATHS = 50;
const LONGEST_PATH = 100;

/** The ways by which one row of the closure is reached from a root, shortest first; empty where it is not in the closure. */
export async function pathsTo(
  analysis: Analysis,
  row: { readonly table: TableId; readonly key: Key },
): Promise<readonly (readonly Path[])[]> {
  const start: Path = { relation: "", table: row.table, key: row.key };
  if (!(await isPlanned(analysis, start, false))) return [];
  const done: Path[][] = [];
  let open: Path[][] = [[start]];
  while (open.length > 0 && done.length < MOST_PATHS) {
    const longer: Path[][] = [];
    for (const path of open) {
      const [top] = path;
      if (!top || path.length > LONGEST_PATH) continue;
      if (await isPlanned(analysis, top, true)) done.push(path);
      for (const parent of await parentsOf(analysis, top)) {
        if (!path.some((p) => same(p, parent.row)))
          longer.push([parent.row, { ...top, relation: parent.relation }, ...path.slice(1)]);
      }
    }
    open = longer.slice(0, MOST_PATHS);
  }
  return done.slice(0, MOST_PATHS);
}

const same = (a: Path, b: Path): boolean =>
  a.table === b.table && JSON.stringify(a.key) === JSON.stringify(b.key);

async function isPlanned(analysis: Analysis, row: Path, asRoot: boolean): Promise<boolean> {
  const planned = analysis.closure.tables.get(row.table);
  if (!planned) return false;
  const { sets, tx, syntax } = analysis.reader;
  const depth = asRoot ? sql` and ${id("d", DEPTH)} = 0` : raw("");
  const query = sql`select 1 as found from ${planned.set.from} as d where ${keyIs(analysis, row, "d", syntax)}${depth} limit 1`;
  return (await tx.rows(sets.over([planned.set], query))).length > 0;
}

async function parentsOf(
  analysis: Analysis,
  row: Path,
): Promise<readonly { readonly relation: string; readonly row: Path }[]> {
  const { scope, reader, closure } = analysis;
  const { syntax } = scope.engine;
  const out: { relation: string; row: Path }[] = [];
  for (const relation of cascades(scope.followed).filter((r) => r.child === row.table)) {
    const parent = closure.tables.get(relation.parent);
    if (!parent) continue;
    const texts = parent.set.key.map(
      (c, i) => sql`${syntax.text(id("p", c), columnOf(parent.table, c))} as ${id(`k${i}`)}`,
    );
    const query = sql`select ${list(texts)} from ${childFrom(syntax, scope.model, relation)} as c join ${parent.set.from} as p on ${references(syntax, scope.model, relation, { child: "c", parent: "p" })} where ${keyIs(analysis, row, "c", syntax)}`;
    for (const found of await reader.tx.rows(reader.sets.over([parent.set], query))) {
      const key = Object.fromEntries(parent.set.key.map((c, i) => [c, found[`k${i}`] ?? ""]));
      out.push({ relation: relation.id, row: { relation: "", table: relation.parent, key } });
    }
  }
  return out;
}

function keyIs(analysis: Analysis, row: Path, alias: string, syntax: Analysis["reader"]["syntax"]) {
  const table = tableOf(analysis.scope.model, row.table);
  return allOf(
    identityOf(table).map(
      (c) => sql`${id(alias, c)} = ${syntax.value(row.key[c] ?? "", columnOf(table, c))}`,
    ),
  );
}
