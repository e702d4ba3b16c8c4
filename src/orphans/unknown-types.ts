import type { Engine, Transaction } from "../dialect/engine.ts";
import { allOf, id, list, raw, sql } from "../dialect/sql.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { UnknownType } from "../model/orphans.ts";
import type { Policy, PolicyRelation } from "../model/policy.ts";
import { columnOf } from "../model/table.ts";

interface Place {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
}

/** How many different values of a column are told. */
const TOLD = 20;

/** Values of the type columns of polymorphic relations that the policy says nothing of, where the rows reference something. */
export async function unknownTypes(
  tx: Transaction,
  { engine, model, policy }: Place,
): Promise<readonly UnknownType[]> {
  const polymorphic = policy.relations.filter((r) => r.when);
  const groups = Map.groupBy(polymorphic, (r) => JSON.stringify([r.child, r.when?.column, r.columns]));
  const out: UnknownType[] = [];
  for (const [, group] of [...groups].sort()) out.push(...(await unknownIn(tx, { engine, model }, group)));
  return out;
}

async function unknownIn(
  tx: Transaction,
  { engine: { syntax }, model }: Omit<Place, "policy">,
  group: readonly PolicyRelation[],
): Promise<readonly UnknownType[]> {
  const [first] = group;
  if (!first?.when) return [];
  const table = tableOf(model, first.child);
  const column = columnOf(table, first.when.column);
  const values = group.flatMap((r) => r.when?.values ?? []).map((v) => syntax.value(v, column));
  const type = id("c", column.name);
  const other = sql`(${type} is null or ${type} not in (${list(values)}))`;
  const filled = first.columns.map((c) => sql`${id("c", c)} is not null`);
  const rows = await tx.rows(
    sql`select ${syntax.text(type, column)} as v, count(*) as n from ${syntax.rows(table)} as c where ${allOf([other, ...filled])} group by ${type} order by 1 limit ${raw(String(TOLD))}`,
  );
  return rows.map((row) => ({
    child: table.id,
    column: column.name,
    value: row.v ?? null,
    rows: Number(row.n ?? 0),
  }));
}
