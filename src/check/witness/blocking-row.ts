import { childFrom, references } from "../../dialect/edge.ts";
import { allOf, id, list, raw, type Sql, sql } from "../../dialect/sql.ts";
import type { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Json } from "../../model/finding.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf, identityOf, type TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";

/** A constraint, and a cascade that takes rows of its parent. */
export interface Held {
  readonly relation: Relation;
  /** How the cascade comes from its root to the parent; at least one relation. */
  readonly toParent: readonly Relation[];
  /** All ways by which it takes rows of the child; none where it takes none. */
  readonly toChild: readonly (readonly Relation[])[];
}

/** How many ways a row can go are looked at: one that was left out would make a row look as if it stayed. */
const MOST_WAYS = 12;

/** Every way of a cascade from a table to another that comes to no table twice; null where there are too many. */
export function allWays(
  cascades: CascadeGraph,
  root: TableId,
  table: TableId,
): readonly (readonly Relation[])[] | null {
  const found: (readonly Relation[])[] = [];
  const open: { readonly top: TableId; readonly way: readonly Relation[] }[] = [{ top: table, way: [] }];
  for (const { top, way } of open) {
    if (top === root && way.length > 0) found.push(way);
    else {
      const on = new Set([table, ...way.map((r) => r.parent)]);
      for (const last of cascades.taking(top)) {
        const isDown = last.parent === root || cascades.below(root).has(last.parent);
        if (isDown && !on.has(last.parent)) open.push({ top: last.parent, way: [last, ...way] });
      }
    }
    if (open.length > MOST_WAYS * 8 || found.length > MOST_WAYS) return null;
  }
  return found;
}

/**
 * The columns of the table at the end of a way that equal the root's row in each row that goes this way, parallel to the
 * columns by which the first relation references it; null where they are not carried along.
 */
function carried(way: readonly Relation[]): readonly string[] | null {
  const [first, ...others] = way;
  let columns: readonly string[] | null = first?.columns ?? null;
  for (const relation of others) {
    const down: (string | undefined)[] | undefined = columns?.map(
      (c) => relation.columns[relation.parentColumns.indexOf(c)],
    );
    columns = down?.every((c) => c !== undefined) ? (down as string[]) : null;
  }
  return columns;
}

/** Whether both rows of the constraint go with the same row of the root, because it says so itself: a tenant in every key. */
export const isTied = ({ relation, toParent, toChild }: Held): boolean =>
  toChild.some((way) => {
    const [up, down] = [carried(toParent), carried(way)];
    const [first, other] = [toParent[0], way[0]];
    if (!up || !down || first?.parentColumns.join() !== other?.parentColumns.join()) return false;
    return down.every((c, i) => relation.parentColumns[relation.columns.indexOf(c)] === up[i]);
  });

/** The key of a row of the child that stays and holds on to one that goes; null where there is none. Without secret columns. */
export async function blockingRow(facts: Facts, held: Held): Promise<Json> {
  const { engine, model, policy, table: byId } = facts;
  const { relation, toParent, toChild } = held;
  const { syntax } = engine;
  const table = byId(relation.child);
  const secret = policy.tables[table.id]?.secret ?? [];
  const key = identityOf(table).filter((c) => !secret.includes(c));
  const texts = key.map((c) => sql`${syntax.text(id("c", c), columnOf(table, c))} as ${id(c)}`);
  const what = texts.length > 0 ? list(texts) : raw("1 as found");
  const parent = byId(relation.parent);
  const root = byId(toParent[0]?.parent ?? relation.parent);
  const up = climb(facts, toParent, { bottom: "p", name: "u" });
  const from = [
    sql`${childFrom(syntax, model, relation)} as c`,
    sql`${syntax.rows(parent)} as p`,
    ...up.from,
    sql`${syntax.rows(root)} as r`,
  ];
  const stays = toChild.map((way) => {
    const { from: between, where } = climb(facts, way, { bottom: "c", name: "d" });
    const some = between.length > 0 ? sql` from ${list(between)}` : raw("");
    return sql`not exists (select 1${some} where ${allOf(where)})`;
  });
  const edge = references(syntax, model, relation, { child: "c", parent: "p" });
  const where = allOf([edge, ...up.where, ...stays]);
  const [row] = await facts.ask(sql`select ${what} from ${list(from)} where ${where} limit 1`);
  if (!row) return null;
  return texts.length > 0 ? { ...row } : {};
}

/** The tables between the ends of a way, and what joins them up to the root's row, `r`. */
function climb(
  { engine: { syntax }, model, table }: Facts,
  way: readonly Relation[],
  { bottom, name }: { readonly bottom: string; readonly name: string },
): { readonly from: readonly Sql[]; readonly where: readonly Sql[] } {
  const aliasOf = (i: number): string => (i < 0 ? "r" : i === way.length - 1 ? bottom : `${name}${i}`);
  return {
    from: way.slice(0, -1).map((r, i) => sql`${syntax.rows(table(r.child))} as ${id(aliasOf(i))}`),
    where: way.map((r, i) => references(syntax, model, r, { child: aliasOf(i), parent: aliasOf(i - 1) })),
  };
}
