import { type Model, tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import type { NativeBehaviour, Relaxation } from "../native.ts";
import { id, raw, sql } from "../sql.ts";
import { simulate } from "./simulate.ts";

/** NO ACTION that is looked at in the end does not depend on any order; RESTRICT cannot be deferred. */
const relaxation: Relaxation = {
  kind: "deferrable",
  relaxed: (r) =>
    r.initiallyDeferred && r.onDelete === "no action"
      ? null
      : { ...r, onDelete: "no action", deferrable: true, initiallyDeferred: true },
  statement(relation, syntax, model) {
    const { name } = relation;
    if (name === null) return null;
    const table = syntax.table(tableOf(model, relation.childPartition ?? relation.child));
    const deferred = sql`deferrable initially deferred`;
    if (relation.onDelete === "no action")
      return syntax.print(sql`alter table ${table} alter constraint ${id(name)} ${deferred}`);
    const clause = foreignKeyClause(syntax, model, { ...relation, onDelete: "no action" }, name);
    return syntax.print(sql`alter table ${table} drop constraint ${id(name)}, add ${clause} ${deferred}`);
  },
  message: ({ id: relation, onDelete }) =>
    onDelete === "restrict"
      ? `Make ${relation} NO ACTION DEFERRABLE INITIALLY DEFERRED: it is then looked at on commit. RESTRICT cannot wait.`
      : `Make ${relation} DEFERRABLE INITIALLY DEFERRED: it is then looked at on commit.`,
};

/**
 * pg_dump makes foreign keys last, by namespace, name and table, and the restored triggers get their numbers in that
 * order (measured with pg_dump 15.20).
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/bin/pg_dump/pg_dump_sort.c (DOTypeNameCompare)
 */
function restored(relations: readonly Relation[], model: Model): readonly Relation[] {
  const place = (r: Relation) => {
    const { namespace, name } = tableOf(model, r.childPartition ?? r.child);
    return [namespace, r.name ?? "", name].map((part) => Buffer.from(part));
  };
  return relations
    .map((relation) => ({ relation, place: place(relation) }))
    .toSorted((a, b) => compare(a.place, b.place))
    .map(({ relation }) => relation);
}

function compare(left: readonly Buffer[], right: readonly Buffer[]): number {
  for (const [i, part] of left.entries()) {
    const order = Buffer.compare(part, right[i] ?? part);
    if (order !== 0) return order;
  }
  return 0;
}

export const native: NativeBehaviour = {
  simulate,
  asBare: { before: [], after: [raw("set constraints all immediate")], dangling: null },
  restored,
  decidedBy:
    "PostgreSQL runs them by the names of their triggers, which end in a number that is given when the constraint is made and compared as text.",
  relaxation,
  renaming: null,
};
