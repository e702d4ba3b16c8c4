import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Json, Severity } from "../../model/finding.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import { acts } from "../action.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { allWays, blockingRow, type Held, isTied } from "../witness/blocking-row.ts";
import { innerEdges, isOpen, isRefused } from "../witness/inner-edges.ts";
import { listed, printWay } from "../words.ts";

/** A cascade that ends at rows which others hold on to. */
export const cascadeBlocked: Rule = {
  id: "cascade-blocked",
  severity: "error",
  confidence: "certain",
  title: "A cascade that fails because rows it does not take keep those it does",
  async find(facts) {
    const cascades = new CascadeGraph(facts.followed.relations);
    const refusing = facts.followed.relations.filter((r) => !acts(r) && r.child !== r.parent);
    const found: Found[] = [];
    for (const relation of refusing) {
      const roots = blockedRoots(cascades, relation);
      if (roots.length > 0) found.push(await toldOutside(facts, cascades, { relation, roots }));
    }
    const known = new Set(found.map((f) => f.object));
    found.push(...refusedInside(facts).filter((f) => !known.has(f.object)));
    const told = new Set(found.map((f) => f.object));
    for (const relation of refusing.filter((r) => !told.has(r.id)))
      found.push(...(await toldBeside(facts, cascades, relation)));
    return found;
  },
};

/** Tables from which a cascade takes rows of the parent and none of the child. */
function blockedRoots(cascades: CascadeGraph, { child, parent }: Relation): readonly TableId[] {
  const over = new Set(cascades.taking(parent).map((r) => r.parent));
  return [...over].filter((root) => root !== child && !cascades.below(root).has(child)).sort();
}

/** Who wrote RESTRICT meant it; NO ACTION is what a constraint gets where nobody thought of deletes. */
async function toldOutside(
  facts: Facts,
  cascades: CascadeGraph,
  { relation, roots }: { readonly relation: Relation; readonly roots: readonly TableId[] },
): Promise<Found> {
  const { id, child, parent, onDelete } = relation;
  const held = cascades
    .taking(parent)
    .filter((r) => roots.includes(r.parent))
    .map((r) => ({ relation, toParent: [r], toChild: [] }));
  const witness = await firstRow(facts, held);
  return {
    object: id,
    table: child,
    columns: relation.columns,
    message: `A delete from ${listed(roots)} cascades to ${parent}, and fails as soon as one of these rows is referenced by ${child}: ${id} is ${onDelete.toUpperCase()}, and the cascade does not take rows of ${child}.${saying(witness)}`,
    evidence: { roots, onDelete, case: "always", witness },
    ...(witness === null ? {} : { confidence: "data" as const }),
    ...(onDelete === "restrict" ? { severity: "warning" as const } : {}),
    fix: {
      description: `Decide who owns the rows of ${child}: make ${id} CASCADE or SET NULL, or make the relation from ${parent} to ${listed(roots)} RESTRICT too.`,
      sql: null,
    },
  };
}

/** A row that holds on to one that goes, where rows may be looked at. */
async function firstRow(facts: Facts, all: readonly Held[]): Promise<Json> {
  if (!facts.data) return null;
  for (const held of all) {
    const row = await blockingRow(facts, held);
    if (row !== null) return row;
  }
  return null;
}

const saying = (witness: Json): string => {
  if (witness === null) return "";
  const key = Object.entries(witness).map(([name, value]) => `${name} ${value}`);
  return key.length > 0 ? ` The row ${key.join(", ")} does now.` : " A row does now.";
};

/** The cascade takes rows of the child too, but nothing says that it takes those which hold on to what it takes. */
async function toldBeside(
  facts: Facts,
  cascades: CascadeGraph,
  relation: Relation,
): Promise<readonly Found[]> {
  const { id, child, parent, onDelete } = relation;
  const held = besides(cascades, relation);
  const [first] = held;
  if (!first) return [];
  const witness = await firstRow(
    facts,
    held.filter((one) => isForeseen(facts, cascades, one)),
  );
  // Without a row, that the order decides is all there is to tell.
  if (witness === null && openInside(facts).has(id)) return [];
  const root = first.toParent[0]?.parent ?? "";
  const ways = first.toChild.map((way) => printWay(way));
  return [
    {
      object: id,
      table: child,
      columns: relation.columns,
      ...(witness === null ? {} : { confidence: "data" as const }),
      severity: severityOf(relation, witness),
      message: `A delete from ${root} takes rows of ${parent} (${printWay(first.toParent)}) and rows of ${child} (${listed(ways)}), and fails where a row of ${child} that it does not take references one of ${parent} that it does: ${id} is ${onDelete.toUpperCase()}, and nothing says that both go with the same row of ${root}.${saying(witness)}`,
      evidence: { root, onDelete, case: "by the rows", witness },
      fix: {
        description: `Make ${id} CASCADE or SET NULL, or have the constraints say that both belong together: what they reference in ${root} as a part of ${id}.`,
        sql: null,
      },
    },
  ];
}

/** Without a row it is only something that can be. */
const severityOf = ({ onDelete }: Relation, witness: Json): Severity =>
  witness === null ? "info" : onDelete === "restrict" ? "warning" : "error";

/** The lowest tables whose delete takes rows of both sides, where a row of the child may stay. */
function besides(cascades: CascadeGraph, relation: Relation): readonly Held[] {
  const { child, parent } = relation;
  const above = (table: TableId) => [...cascades.above(table)].filter((t) => t !== child && t !== parent);
  return cascades.forks(above(parent), above(child)).flatMap((root) => {
    const toParent = cascades.way(root, parent);
    const toChild = allWays(cascades, root, child);
    if (!toParent || !toChild || toChild.length === 0) return [];
    const held = { relation, toParent, toChild };
    // By way of the parent itself a row goes with the one that it references, whatever the other way says.
    return isTied(held) || toChild.some((way) => isSame(way.at(-1), relation)) ? [] : [held];
  });
}

const isSame = (one: Relation | undefined, other: Relation): boolean =>
  one?.parent === other.parent && one.columns.join() === other.columns.join();

/** Trees and circles take rows by ways that are longer than any that was looked at. */
function isForeseen({ followed }: Facts, cascades: CascadeGraph, { toChild }: Held): boolean {
  const tables = new Set(toChild.flat().flatMap((r) => [r.parent, r.child]));
  const isTree = (t: TableId) => followed.from(t).some((r) => r.parent === t && r.onDelete === "cascade");
  return [...tables].every((t) => !isTree(t) && !cascades.below(t).has(t));
}

/** Of these the order of constraints decides. */
const openInside = (facts: Facts): ReadonlySet<string> =>
  new Set(
    innerEdges(facts)
      .filter(isOpen)
      .map(({ relation }) => relation.id),
  );

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
