import { childFrom, references } from "../../dialect/edge.ts";
import { isLive } from "../../dialect/marker.ts";
import { sql } from "../../dialect/sql.ts";
import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { type LikelyMarker, likelyMarker } from "../markers.ts";
import type { Found, Rule } from "../rule.ts";

/** Rows with a marker of their own are meant to go with their parent; those without are hidden behind it. */
export const softLiveChildOfDeadParent: Rule = {
  id: "soft-live-child-of-dead-parent",
  severity: "warning",
  confidence: "data",
  title: "Live rows whose parent is deleted softly",
  wants: "data",
  async find(facts) {
    const found: Found[] = [];
    for (const relation of facts.followed.relations.filter((r) => !r.onDelete.startsWith("set "))) {
      const marked = markersOf(facts, relation);
      const rows = marked ? await liveBelowDead(facts, relation, marked) : 0;
      if (rows === 0) continue;
      const isGuess = marked?.own.confidence === "inferred" || marked?.above.confidence === "inferred";
      const { id: object, child, columns, parent } = relation;
      found.push({
        object,
        table: child,
        columns,
        ...(isGuess ? { confidence: "inferred" as const } : {}),
        message: `${rows === 1 ? `1 row of ${child} is` : `${rows} rows of ${child} are`} live below rows of ${parent} that are deleted softly: queries that start from ${child} show what should be hidden, and a purge of ${parent} is held back by them.`,
        evidence: { rows },
        fix: {
          description: `Delete them softly too, or restore their parents${relation.onDelete === "cascade" ? "; delete with ondelete delete --soft, which takes both" : ""}.`,
          sql: null,
        },
      });
    }
    return found;
  },
};

interface Marked {
  readonly own: LikelyMarker;
  readonly above: LikelyMarker;
}

/** The markers of both sides; null where one has none. */
function markersOf(facts: Facts, { child, parent }: Relation): Marked | null {
  const [own, above] = [child, parent].map((t) => likelyMarker(facts, facts.table(t)));
  return own && above ? { own, above } : null;
}

async function liveBelowDead(facts: Facts, relation: Relation, { own, above }: Marked): Promise<number> {
  const { engine, model, table } = facts;
  const [child, parent] = [table(relation.child), table(relation.parent)];
  const { syntax } = engine;
  const on = references(syntax, model, relation, { child: "c", parent: "p" });
  const [row] = await facts.ask(
    sql`select count(*) as n from ${childFrom(syntax, model, relation)} as c join ${syntax.rows(parent)} as p on ${on} where ${isLive("c", child, own)} and not (${isLive("p", parent, above)})`,
  );
  return Number(row?.n ?? 0);
}
