import { orphansFrom } from "../../dialect/orphaned.ts";
import { id, list, raw, sql } from "../../dialect/sql.ts";
import type { Json } from "../../model/finding.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf, identityOf } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import { inferredIn } from "../inferred.ts";
import type { Found, Rule } from "../rule.ts";

/** How many are looked for: that there are some is enough, `orphans` counts them. */
const LOOKED_FOR = 5;

/** A constraint can have been switched off, or added without a look at the rows that were there. */
export const orphanRows: Rule = {
  id: "orphan-rows",
  severity: "error",
  confidence: "data",
  title: "Rows whose reference finds no row",
  wants: "data",
  async find(facts) {
    const found: Found[] = [];
    for (const relation of facts.followed.relations)
      found.push(...told(relation, await orphansOf(facts, relation), "data"));
    // Of a relation that is guessed about, so are its orphans.
    for (const { relation, evidence } of await inferredIn(facts))
      if (evidence.matched < evidence.looked)
        found.push(...told(relation, await orphansOf(facts, relation), "inferred"));
    return found;
  },
};

function told(
  relation: Relation,
  sample: readonly Json[],
  confidence: "data" | "inferred",
): readonly Found[] {
  if (sample.length === 0) return [];
  const { id: object, child, columns, parent } = relation;
  const many = sample.length === LOOKED_FOR ? `At least ${LOOKED_FOR} rows` : rowsOf(sample.length);
  const [verb, sure] =
    confidence === "data"
      ? [sample.length === 1 ? "references" : "reference", ""]
      : [
          sample.length === 1 ? "looks as if it referenced" : "look as if they referenced",
          `, if ${child}.${columns.join()} is such a reference`,
        ];
  return [
    {
      object,
      table: child,
      columns,
      confidence,
      message: `${many} of ${child} ${verb} rows of ${parent} that are not there: no delete finds them, and joins lose them${sure}.`,
      evidence: { sample, atLeast: sample.length },
      fix: {
        description: `Count them with ondelete orphans --relation "${object}"; then delete them, or point them at a row that is there.`,
        sql: null,
      },
    },
  ];
}

const rowsOf = (n: number): string => (n === 1 ? "1 row" : `${n} rows`);

/** Keys of some, without the columns that the configuration keeps secret. */
async function orphansOf(facts: Facts, relation: Relation): Promise<readonly Json[]> {
  const { engine, model, policy, table: byId } = facts;
  const table = byId(relation.child);
  const secret = policy.tables[table.id]?.secret ?? [];
  const key = identityOf(table).filter((c) => !secret.includes(c));
  const texts = key.map((c) => sql`${engine.syntax.text(id("c", c), columnOf(table, c))} as ${id(c)}`);
  const columns = texts.length > 0 ? list(texts) : raw("1 as found");
  const from = orphansFrom({ syntax: engine.syntax, model }, relation);
  const rows = await facts.ask(sql`select ${columns} ${from} limit ${raw(String(LOOKED_FOR))}`);
  return rows.map((row): Json => (texts.length > 0 ? { ...row } : {}));
}
