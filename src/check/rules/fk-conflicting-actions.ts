import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { dropSql } from "../fixes.ts";
import type { Found, Rule } from "../rule.ts";
import { type End, endOf, endsOf, inOrder } from "../witness/witness.ts";
import { listed } from "../words.ts";

/** Which of them wins is a matter of names (E3 to E5), so that a copy of the database may do something else. */
export const fkConflictingActions: Rule = {
  id: "fk-conflicting-actions",
  severity: "error",
  confidence: "certain",
  title: "Two foreign keys on the same columns with different actions",
  find: (facts) => [...facts.conflicting, ...overlapping(facts)].map((group) => told(facts, group)),
};

function told(facts: Facts, group: readonly Relation[]): Found {
  const ordered = inOrder(group);
  const [first] = ordered as readonly [Relation];
  const witness = { root: first.parent, relations: ordered };
  const isSimulated = group.every((r) => r.enforced && r.child !== r.parent);
  const ends = isSimulated ? endsOf(facts, witness) : null;
  const now = isSimulated ? endOf(facts, witness, ordered) : null;
  const isSettled = ends !== null && new Set(ends.map(text)).size === 1;
  const named = ordered.map((r) => `${r.name ?? "one without a name"} (${r.onDelete})`);
  const does = now ? ` Now a delete ${outcome(now, first)}` : "";
  const order = isSettled
    ? ", whichever of them runs first."
    : `${does === "" ? " Which" : "; which"} of them runs first decides. ${facts.engine.native.decidedBy}`;
  const weakest = ordered.toSorted((a, b) => strength(a) - strength(b))[0] ?? first;
  const [id] = group.map((r) => r.id).sort();
  return {
    object: id ?? first.id,
    part: group
      .map((r) => r.id)
      .sort()
      .join(),
    table: first.child,
    columns: first.columns,
    message: `${listed(named)} disagree about what a delete from ${first.parent} does to ${first.child}.${does}${order}`,
    evidence: {
      constraints: ordered.map((r) => ({ id: r.id, name: r.name, onDelete: r.onDelete })),
      now: now && text(now),
    },
    ...(isSettled ? { severity: "warning" as const } : {}),
    fix: {
      description: `Keep the one that is meant and drop the other; to keep rows, drop ${weakest.name ?? weakest.id}.`,
      sql: dropSql(facts, weakest),
    },
  };
}

/** Foreign keys of which one has some of the other's columns, on the same parent, with another action. */
function overlapping({ declared }: Facts): readonly (readonly Relation[])[] {
  const groups = Map.groupBy(declared.relations, (r) => JSON.stringify([r.child, r.parent]));
  return [...groups.values()].flatMap((group) =>
    group.flatMap((a) =>
      group
        .filter((b) => a.columns.length < b.columns.length && isPart(a, b) && action(a) !== action(b))
        .map((b) => [a, b]),
    ),
  );
}

const isPart = (a: Relation, b: Relation): boolean =>
  a.columns.every((c, i) => b.parentColumns[b.columns.indexOf(c)] === a.parentColumns[i]);

const action = (r: Relation) => (r.onDelete === "restrict" ? "no action" : r.onDelete);

const strength = (r: Relation): number =>
  ["cascade", "set null", "set default", "no action", "restrict"].indexOf(r.onDelete);

const text = (end: End): string => (end.kind === "refused" ? "refused" : end.left);

function outcome(end: End, { child }: Relation): string {
  if (end.kind === "refused") return "is refused";
  const gone = end.left.split("; ")[0]?.split(",") ?? [];
  return gone.includes(child)
    ? `takes the rows of ${child} along`
    : `leaves the rows of ${child} without their reference`;
}
