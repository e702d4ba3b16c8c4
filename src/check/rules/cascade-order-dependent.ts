import type { Fix } from "../../model/finding.ts";
import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { type InnerEdge, innerEdges, isOpen } from "../witness/inner-edges.ts";
import { type End, endOf, endsOf, inOrder } from "../witness/witness.ts";
import { printWay } from "../words.ts";

/** The same DELETE works in one database and fails in its copy (E1, E2, E5, E6). */
export const cascadeOrderDependent: Rule = {
  id: "cascade-order-dependent",
  severity: "error",
  confidence: "certain",
  title: "A delete that works or fails by the order in which constraints were made, or by their names",
  find: (facts) =>
    innerEdges(facts)
      .filter(isOpen)
      .map((edge) => told(facts, edge)),
};

function told(facts: Facts, edge: InnerEdge): Found {
  const { relation, root, toParent, toChild, now, restored } = edge;
  const both = toParent.length === 0 ? printWay(toChild) : `${printWay(toParent)} and ${printWay(toChild)}`;
  const later = now.kind === restored.kind ? "and in another order it" : "and in a copy made from a dump it";
  const other = now.kind === "refused" ? "goes through" : "is refused";
  return {
    object: relation.id,
    table: relation.child,
    columns: relation.columns,
    message: `A delete from ${root} cascades over ${both}, and meets ${relation.id} (${relation.onDelete}) on the way. Now it ${says(now)}, ${later} ${other}. ${facts.engine.native.decidedBy}`,
    evidence: {
      root,
      toParent: toParent.map((r) => r.id),
      toChild: toChild.map((r) => r.id),
      now: says(now),
      afterRestore: says(restored),
      constraints: edge.witness.relations.map((r) => r.name),
    },
    fix: fixOf(facts, edge),
  };
}

const says = (end: End): string => (end.kind === "refused" ? "is refused" : "goes through");

/** Only what the same simulation proves. */
function fixOf(facts: Facts, edge: InnerEdge): Fix {
  return (
    relaxed(facts, edge) ??
    renamed(facts, edge) ?? {
      description:
        "Make the relation CASCADE too, or let `ondelete delete` do it, whose order does not depend on constraints.",
      sql: null,
    }
  );
}

function relaxed(facts: Facts, { relation, witness }: InnerEdge): Fix | null {
  const { native, syntax } = facts.engine;
  const later = native.relaxation?.relaxed(relation);
  if (!native.relaxation || !later) return null;
  const relations = witness.relations.map((r) => (r.id === relation.id ? later : r));
  const ends = endsOf(facts, { ...witness, relations });
  if (!ends?.every((end) => end.kind === "done")) return null;
  return {
    description: native.relaxation.message(relation),
    sql: native.relaxation.statement(relation, syntax, facts.model),
  };
}

/** Another name for one constraint, by which the engine comes to it first or last. */
function renamed(facts: Facts, { witness }: InnerEdge): Fix | null {
  const { renaming } = facts.engine.native;
  if (!renaming) return null;
  const groups = [...Map.groupBy(witness.relations, (r) => r.parent).values()].filter((g) => g.length > 1);
  for (const relation of groups.flat()) {
    const others = facts.declared.into(relation.parent).filter((r) => r.id !== relation.id);
    for (const place of ["last", "first"] as const) {
      const moved = { ...relation, order: place === "first" ? -1 : facts.declared.relations.length };
      const relations = inOrder(witness.relations.map((r) => (r.id === relation.id ? moved : r)));
      if (!goesThrough(facts, { ...witness, relations })) continue;
      const name = renaming.name(relation, place, others);
      return {
        description: `Name ${relation.id} ${name} instead of ${relation.name ?? ""}: it then acts ${place} of the constraints on ${relation.parent}.`,
        sql: renaming.statement(relation, name, facts.engine.syntax, facts.model),
      };
    }
  }
  return null;
}

function goesThrough(
  facts: Facts,
  witness: { readonly root: string; readonly relations: readonly Relation[] },
) {
  return endOf(facts, witness, witness.relations)?.kind === "done";
}
