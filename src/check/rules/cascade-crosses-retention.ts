import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Policy } from "../../model/policy.ts";
import { isLonger, printAge, type Retention } from "../../model/retention.ts";
import type { Table, TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { printWay } from "../words.ts";

/** The engine's cascades know of no hold and no retention. */
export const cascadeCrossesRetention: Rule = {
  id: "cascade-crosses-retention",
  severity: "error",
  confidence: "certain",
  title: "A cascade into a table under legal hold, or one whose rows are to be kept longer than those above",
  find(facts) {
    const cascades = new CascadeGraph(facts.declared.relations);
    return facts.tables.flatMap((table) => [
      ...held(facts, cascades, table),
      ...kept(facts, cascades, table),
    ]);
  },
};

function held({ policy }: Facts, cascades: CascadeGraph, table: Table): readonly Found[] {
  const hold = policy.tables[table.id]?.legalHold;
  if (!hold) return [];
  return cascades.taking(table.id).map((relation) => ({
    object: relation.id,
    part: "hold",
    table: table.id,
    columns: relation.columns,
    message: `${table.id} is under legal hold${hold === true ? "" : ` where ${hold}`}, and ${relation.id} cascades: a bare DELETE from ${relation.parent} takes rows that are held, because the database knows nothing of the hold.`,
    evidence: { hold },
    fix: {
      description: `Make ${relation.id} RESTRICT, so that the database refuses what ondelete refuses.`,
      sql: null,
    },
  }));
}

function kept({ policy }: Facts, cascades: CascadeGraph, table: Table): readonly Found[] {
  const own = longest(policy, table.id);
  if (!own) return [];
  const above = [...cascades.above(table.id)].find((t) => {
    const other = t === table.id ? null : longest(policy, t);
    return other !== null && isLonger(own.olderThan, other.olderThan);
  });
  const way = above === undefined ? null : cascades.way(above, table.id);
  const last = way?.at(-1);
  const other = above === undefined ? null : longest(policy, above);
  if (!way || !last || !other) return [];
  return [
    {
      object: last.id,
      part: "retention",
      table: table.id,
      columns: last.columns,
      message: `Rows of ${table.id} are to be kept for ${printAge(own.olderThan)}, and those of ${above} go after ${printAge(other.olderThan)} and take them along (${printWay(way)}).`,
      evidence: {
        keeps: printAge(own.olderThan),
        goes: printAge(other.olderThan),
        way: way.map((r) => r.id),
      },
      fix: {
        description: `Make ${last.id} SET NULL or RESTRICT, or keep rows of ${above} as long.`,
        sql: null,
      },
    },
  ];
}

/** The longest time after which rows of a table are deleted. */
function longest(policy: Policy, table: TableId): Retention | null {
  const hard = (policy.tables[table]?.retention ?? []).filter((r) => r.mode === "hard");
  return hard.toSorted((a, b) => (isLonger(a.olderThan, b.olderThan) ? -1 : 1))[0] ?? null;
}
