import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import { type End, endOf, endsOf, inOrder, type Witness } from "./witness.ts";

/** A RESTRICT or NO ACTION constraint both of whose rows a cascade from one root takes. */
export interface InnerEdge {
  readonly relation: Relation;
  readonly root: TableId;
  /** How the cascade comes to the parent, and to the child. */
  readonly toParent: readonly Relation[];
  readonly toChild: readonly Relation[];
  readonly witness: Witness;
  readonly now: End;
  /** In a copy that was made from a dump. */
  readonly restored: End;
  readonly ends: readonly End[];
}

/** How many roots, and for each how many ways, are tried for one constraint. */
const TRIED = 3;

const known = new WeakMap<Facts, readonly InnerEdge[]>();

/** What was found out about every such constraint, for the rules that ask. */
export function innerEdges(facts: Facts): readonly InnerEdge[] {
  const found = known.get(facts) ?? explore(facts);
  known.set(facts, found);
  return found;
}

function explore(facts: Facts): readonly InnerEdge[] {
  const enforced = facts.declared.relations.filter((r) => r.enforced);
  const cascades = new CascadeGraph(enforced);
  return enforced
    .filter((r) => (r.onDelete === "restrict" || r.onDelete === "no action") && r.child !== r.parent)
    .flatMap((relation) => worstOf(facts, cascades, relation) ?? []);
}

/** The first way on which the order decides, else the first that is always refused, else any. */
function worstOf(facts: Facts, cascades: CascadeGraph, relation: Relation): InnerEdge | null {
  let worst: InnerEdge | null = null;
  for (const root of rootsOf(cascades, relation)) {
    for (const ways of waysOf(cascades, relation, root)) {
      const edge = tried(facts, { relation, root, ...ways });
      if (edge && isOpen(edge)) return edge;
      worst = edge && (worst === null || isRefused(edge)) ? edge : worst;
    }
  }
  return worst;
}

/** Whether the order of constraints decides. */
export const isOpen = ({ ends }: InnerEdge): boolean => new Set(ends.map((end) => end.kind)).size > 1;

export const isRefused = ({ ends }: InnerEdge): boolean => ends.every((end) => end.kind === "refused");

/** The lowest tables whose delete takes rows of both sides. */
function rootsOf(cascades: CascadeGraph, { child, parent }: Relation): readonly TableId[] {
  const overParent = [parent, ...cascades.above(parent)].filter((t) => t !== child);
  return cascades.forks(overParent, [...cascades.above(child)]).slice(0, TRIED);
}

/** A way to the child by each cascade that takes its rows, with the shortest one to the parent and by each that takes its. */
function waysOf(
  cascades: CascadeGraph,
  { child, parent }: Relation,
  root: TableId,
): readonly Pick<InnerEdge, "toParent" | "toChild">[] {
  const toParent = root === parent ? [[]] : waysTo(cascades, root, parent);
  const toChild = waysTo(cascades, root, child);
  return toChild.flatMap((c) => toParent.map((p) => ({ toChild: c, toParent: p }))).slice(0, TRIED);
}

function waysTo(cascades: CascadeGraph, root: TableId, table: TableId): readonly (readonly Relation[])[] {
  return cascades.taking(table).flatMap((last) => {
    const way = cascades.way(root, last.parent);
    return way && !way.some((r) => r.child === table) ? [[...way, last]] : [];
  });
}

function tried(
  facts: Facts,
  { relation, root, toParent, toChild }: Pick<InnerEdge, "relation" | "root" | "toParent" | "toChild">,
): InnerEdge | null {
  const relations = inOrder([...new Set([...toParent, ...toChild, relation])]);
  const witness = { root, relations };
  const ends = endsOf(facts, witness);
  const now = endOf(facts, witness, relations);
  const restored = endOf(facts, witness, facts.engine.native.restored(relations, facts.model));
  return ends && now && restored ? { relation, root, toParent, toChild, witness, now, restored, ends } : null;
}
