import type { PolicyRelation } from "../../model/policy.ts";
import { type Relation, relationId } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";

/** The engine took the words and did not keep them: MyISAM (E20), SET DEFAULT on MariaDB (E10), inline REFERENCES. */
export const fkIgnoredByEngine: Rule = {
  id: "fk-ignored-by-engine",
  severity: "error",
  confidence: "certain",
  title: "A relation that the database is said to enforce, and does not have or has otherwise",
  find: (facts) =>
    facts.policy.relations
      .filter((entry) => entry.enforcedBy === "database" && !entry.when)
      .flatMap((entry) => ignored(facts, entry)),
};

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
  if (!declared) {
    const loose = [entry.child, entry.parent].find((t) => facts.table(t).nonTransactional);
    return loose ? `, because the storage engine of ${loose} keeps none` : "";
  }
  const dropped = entry.onDelete === "set default" && !facts.engine.constraints.setsDefaults;
  return dropped ? ", because the engine drops SET DEFAULT without a word" : "";
}

const isSame = (r: Relation, entry: PolicyRelation): boolean =>
  r.parent === entry.parent && pairs(r) === pairs(entry);

const pairs = (r: Pick<Relation, "columns" | "parentColumns">): string =>
  JSON.stringify(r.columns.map((c, i) => [c, r.parentColumns[i]]).sort());

/** Both of them refuse. */
const isLike = (r: Relation, entry: PolicyRelation): boolean => action(r.onDelete) === action(entry.onDelete);

const action = (name: Relation["onDelete"]) => (name === "restrict" ? "no action" : name);
