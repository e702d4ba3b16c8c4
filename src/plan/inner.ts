import { childFrom, references } from "../dialect/edge.ts";
import type { InnerFacts } from "../dialect/engine.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { identityOf } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Reader } from "./sample.ts";
import type { Scope } from "./scope.ts";

/** A relation between rows that go together, other than the CASCADE that brought them in. */
export interface Inner extends InnerFacts {
  readonly rows: number;
}

/**
 * Constraints with one of the given actions whose child and parent rows are both in the closure, rows by depth
 * difference; by relation id, relations with rows only.
 */
export async function innerOf(
  reader: Reader,
  scope: Scope,
  closure: Closure,
  actions: readonly string[],
): Promise<readonly Inner[]> {
  const out: Inner[] = [];
  for (const relation of scope.declared.filter((r) => actions.includes(r.onDelete))) {
    const inner = await innerEdge(reader, scope, closure, relation);
    if (inner) out.push(inner);
  }
  return out;
}

async function innerEdge(
  reader: Reader,
  scope: Scope,
  closure: Closure,
  relation: Relation,
): Promise<Inner | null> {
  const child = closure.tables.get(relation.child)?.set;
  const parent = closure.tables.get(relation.parent)?.set;
  if (!child || !parent) return null;
  const { syntax } = scope.engine;
  const refs = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  const query = sql`select ${id("d", DEPTH)} - ${id("p", DEPTH)} as difference, ${selfFlag(scope, relation)} as self, count(*) as n
    from ${child.from} as d join ${childFrom(syntax, scope.model, relation)} as c on ${sameKey("d", "c", child.key)}
    join ${parent.from} as p on ${refs} group by 1, 2`;
  const rows = await reader.tx.rows(reader.sets.over([child, parent], query));
  const byDifference = new Map<number, number>();
  let selfReferences = 0;
  for (const row of rows) {
    const n = Number(row.n);
    if (row.self === "1") selfReferences += n;
    byDifference.set(Number(row.difference), (byDifference.get(Number(row.difference)) ?? 0) + n);
  }
  const total = [...byDifference.values()].reduce((a, b) => a + b, 0);
  return total === 0 ? null : { relation, byDifference, selfReferences, rows: total };
}

/** Keys of the rows of `child` that reference a row of `parent`. */
export function rowsWithin(scope: Scope, relation: Relation, child: RowSet, parent: RowSet): Sql {
  const { syntax } = scope.engine;
  const refs = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  const key = list(child.key.map((name) => id("d", name)));
  return sql`select ${key} from ${child.from} as d join ${childFrom(syntax, scope.model, relation)} as c on ${sameKey("d", "c", child.key)} join ${parent.from} as p on ${refs}`;
}

function selfFlag(scope: Scope, relation: Relation): Sql {
  if (relation.child !== relation.parent) return raw("0");
  const key = identityOf(tableOf(scope.model, relation.child));
  return sql`case when ${sameKey("c", "p", key)} then 1 else 0 end`;
}
