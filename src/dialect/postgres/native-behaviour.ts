import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import type { NativeBehaviour, Relaxation } from "../native.ts";
import { id, sql } from "../sql.ts";
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

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * pg_dump makes foreign keys last, by namespace and name, and the restored triggers get their numbers in that order
 * (measured with pg_dump 15 and 18).
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/bin/pg_dump/pg_dump_sort.c (DOTypeNameCompare)
 */
function restored(relations: readonly Relation[]): readonly Relation[] {
  const namespace = (r: Relation) => (r.child.includes(".") ? r.child.slice(0, r.child.indexOf(".")) : "");
  return relations.toSorted(
    (a, b) => compare(namespace(a), namespace(b)) || compare(a.name ?? "", b.name ?? ""),
  );
}

export const native: NativeBehaviour = {
  simulate,
  restored,
  decidedBy:
    "PostgreSQL runs them by the names of their triggers, which end in a number that is given when the constraint is made and compared as text.",
  relaxation,
  renaming: null,
};
