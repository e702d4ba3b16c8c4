import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import { acts } from "../action.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { innerEdges, isRefused } from "../witness/inner-edges.ts";
import { listed, printWay } from "../words.ts";

/** A cascade that ends at rows which others hold on to. */
export const cascadeBlocked: Rule = {
  id: "cascade-blocked",
  severity: "error",
  confidence: "certain",
  title: "A cascade that fails because rows it does not take keep those it does",
  find(facts) {
    const cascades = new CascadeGraph(facts.followed.relations);
    const outside = facts.followed.relations
      .filter((r) => !acts(r) && r.child !== r.parent)
      .flatMap((relation) => {
        const roots = blockedRoots(cascades, relation);
        return roots.length > 0 ? [toldOutside(relation, roots)] : [];
      });
    const known = new Set(outside.map((f) => f.object));
    return [...outside, ...refusedInside(facts).filter((f) => !known.has(f.object))];
  },
};

/** Tables from which a cascade takes rows of the parent and none of the child. */
function blockedRoots(cascades: CascadeGraph, { child, parent }: Relation): readonly TableId[] {
  const over = new Set(cascades.taking(parent).map((r) => r.parent));
  return [...over].filter((root) => root !== child && !cascades.below(root).has(child)).sort();
}

/** Who wrote RESTRICT meant it; NO ACTION is what a constraint gets where nobody thought of deletes. */
function toldOutside(relation: Relation, roots: readonly TableId[]): Found {
  const { id, child, parent, onDelete } = relation;
  return {
    object: id,
    table: child,
    columns: relation.columns,
    message: `A delete from ${listed(roots)} cascades to ${parent}, and fails as soon as one of these rows is referenced by ${child}: ${id} is ${onDelete.toUpperCase()}, and the cascade does not take rows of ${child}.`,
    evidence: { roots, onDelete, case: "always" },
    ...(onDelete === "restrict" ? { severity: "warning" as const } : {}),
    fix: {
      description: `Decide who owns the rows of ${child}: make ${id} CASCADE or SET NULL, or make the relation from ${parent} to ${listed(roots)} RESTRICT too.`,
      sql: null,
    },
  };
}

/** Rows that the same delete takes, but too late, whatever the order of constraints. */
function refusedInside(facts: Facts): readonly Found[] {
  return innerEdges(facts)
    .filter(isRefused)
    .map(({ relation, root, toParent, toChild }) => ({
      object: relation.id,
      table: relation.child,
      columns: relation.columns,
      message: `A delete from ${root} takes rows of ${relation.parent}${toParent.length > 0 ? ` (${printWay(toParent)})` : ""} before the rows of ${relation.child} that reference them (${printWay(toChild)}), and ${relation.id} is ${relation.onDelete.toUpperCase()}: where one row is reached both ways, a bare DELETE fails, in whatever order constraints were made.`,
      evidence: {
        root,
        toParent: toParent.map((r) => r.id),
        toChild: toChild.map((r) => r.id),
        case: "rows reached both ways",
      },
      fix: {
        description: `Make ${relation.id} CASCADE, or let \`ondelete delete\` do it, which deletes rows of ${relation.child} first.`,
        sql: null,
      },
    }));
}
