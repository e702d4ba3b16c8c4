import type { PolicyRelation } from "../../model/policy.ts";
import { type Relation, relationId } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { droppedBy, ignoredBecause, keptByNone } from "../ignored-by-engine.ts";
import type { Found, Rule } from "../rule.ts";
import { at, type Compared, comparedRelations, SOURCES, upper } from "../source-relations.ts";

/** The engine took the words and did not keep them: MyISAM (E20), SET DEFAULT on MariaDB (E10), inline REFERENCES. */
export const fkIgnoredByEngine: Rule = {
  id: "fk-ignored-by-engine",
  severity: "error",
  confidence: "certain",
  title: "A relation that the database is said to enforce, and does not have or has otherwise",
  find: (facts) => [
    ...facts.policy.relations
      .filter((entry) => entry.enforcedBy === "database" && !entry.when)
      .flatMap((entry) => ignored(facts, entry)),
    ...comparedRelations(facts).flatMap((compared) => ignoredOfCode(facts, compared)),
  ],
};

/** What code asks for in vain; what is different for another reason is policy-drift-orm's. */
function ignoredOfCode(facts: Facts, compared: Compared): readonly Found[] {
  const reason = ignoredBecause(facts, compared);
  if (reason === null) return [];
  const { schema, relation, constraints } = compared;
  const declared = constraints[0]?.onDelete ?? null;
  const has =
    declared === null ? "the database has no such constraint" : `the constraint there says ${declared}`;
  return [
    {
      object: constraints[0]?.id ?? relation.id,
      table: relation.child,
      columns: relation.columns,
      part: schema.source,
      ...at(relation),
      message: `${SOURCES[schema.source]} says ${upper(relation.onDelete)} for ${relation.id}, and ${has}, because ${reason}. A bare DELETE does not do what the code says.`,
      evidence: { said: relation.onDelete, declared },
      fix: {
        description:
          "Say in the code what the engine can do, or let ondelete do it by a policy for the relation.",
        sql: null,
      },
    },
  ];
}

function ignored(facts: Facts, entry: PolicyRelation): readonly Found[] {
  const there = facts.declared.from(entry.child).filter((r) => isSame(r, entry));
  if (there.some((r) => isLike(r, entry))) return [];
  const [declared] = there;
  const id = relationId(entry);
  const has = declared
    ? `the constraint ${declared.name ?? ""} there says ${declared.onDelete}`
    : "it has no such constraint";
  return [
    {
      object: id,
      table: entry.child,
      columns: entry.columns,
      message: `The configuration says that the database enforces ${id} with ${entry.onDelete}, and ${has}${because(facts, entry, declared)}. A bare DELETE does not do what the configuration says.`,
      evidence: { said: entry.onDelete, declared: declared?.onDelete ?? null },
      fix: {
        description: declared
          ? "Change the constraint, or let the application enforce the relation."
          : "Add the constraint, where the engine keeps one, or let the application enforce the relation.",
        sql: null,
      },
    },
  ];
}

function because(facts: Facts, entry: PolicyRelation, declared: Relation | undefined): string {
  const reason = declared ? droppedBy(facts, entry) : keptByNone(facts, entry);
  return reason === null ? "" : `, because ${reason}`;
}

const isSame = (r: Relation, entry: PolicyRelation): boolean =>
  r.parent === entry.parent && pairs(r) === pairs(entry);

const pairs = (r: Pick<Relation, "columns" | "parentColumns">): string =>
  JSON.stringify(r.columns.map((c, i) => [c, r.parentColumns[i]]).sort());

/** Both of them refuse. */
const isLike = (r: Relation, entry: PolicyRelation): boolean => action(r.onDelete) === action(entry.onDelete);

const action = (name: Relation["onDelete"]) => (name === "restrict" ? "no action" : name);
