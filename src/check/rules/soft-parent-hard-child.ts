import type { Relation } from "../../model/relation.ts";
import { acts, cascades } from "../action.ts";
import { auditConfidence } from "../audit.ts";
import type { Facts } from "../facts.ts";
import { type LikelyMarker, likelyMarker } from "../markers.ts";
import type { Found, Rule } from "../rule.ts";

/** Marking a row runs no referential action. */
export const softParentHardChild: Rule = {
  id: "soft-parent-hard-child",
  severity: "error",
  confidence: "certain",
  title: "Rows below a table of soft deletes that have no marker of their own and rely on the constraint",
  find: (facts) =>
    facts.followed.relations
      .filter((r) => r.child !== r.parent && (cascades(r) || !acts(r)) && !isDecided(facts, r))
      .flatMap((relation) => {
        const marker = likelyMarker(facts, facts.table(relation.parent));
        const child = facts.table(relation.child);
        // A record is to outlive what it tells of.
        if (!marker || likelyMarker(facts, child) || auditConfidence(facts, child)) return [];
        return [told(relation, marker)];
      }),
};

/** Whether the configuration says what becomes of the child's rows. */
const isDecided = ({ policy }: Facts, { child, parent }: Relation): boolean =>
  policy.tables[child]?.onSoftDelete !== undefined ||
  policy.relations.some((r) => r.child === child && r.parent === parent && r.onSoftDelete !== undefined);

function told(relation: Relation, { column, confidence }: LikelyMarker): Found {
  const { id, child, parent, onDelete } = relation;
  const what = cascades(relation)
    ? `A soft delete of ${parent} (${column}) runs no cascade: the rows of ${child} stay as they are, live below a parent that is not, until the parent is purged, and then all of them go for good.`
    : `A soft delete of ${parent} (${column}) passes ${id} (${onDelete.toUpperCase()}) by: the rows of ${child} stay live below a parent that is not, and a purge of the parent is refused because of them.`;
  return {
    object: id,
    table: child,
    columns: relation.columns,
    confidence,
    ...(cascades(relation) ? {} : { severity: "warning" as const }),
    message: what,
    evidence: { marker: column, onDelete },
    fix: {
      description: `Give ${child} a marker too (tables.${child}.softDelete), or say what becomes of its rows (tables.${child}.onSoftDelete: "keep", "archive" or "block").`,
      sql: null,
    },
  };
}
