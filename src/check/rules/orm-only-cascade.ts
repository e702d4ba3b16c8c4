import type { Policy } from "../../model/policy.ts";
import { pairsOf, type Relation } from "../../model/relation.ts";
import type { OrmCascade, SourceSchema } from "../../model/source.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { at, comparedRelations, isWhole, SOURCES, upper } from "../source-relations.ts";

/** It happens where the ORM loads and removes entities, and nowhere else. */
export const ormOnlyCascade: Rule = {
  id: "orm-only-cascade",
  severity: "warning",
  confidence: "certain",
  title: "A cascade that the ORM does and the database does not",
  wants: "source",
  find: (facts) => [
    ...facts.schemas.flatMap((schema) => schema.cascades.flatMap((c) => ofOrm(schema, c, facts))),
    ...emulated(facts),
  ],
};

function ofOrm(
  schema: SourceSchema,
  cascade: OrmCascade,
  { declared, model, policy }: Facts,
): readonly Found[] {
  const { relation, deletes, text } = cascade;
  const constraints = declared.relations.filter((r) => isWhole(r) && pairsOf(r) === pairsOf(relation));
  const done = constraints.some((c) => c.onDelete === "cascade" && c.enforced);
  if (deletes === "child" && (done || isDecided(policy, { ...relation, onDelete: "cascade" }))) return [];
  const [gone, along] =
    deletes === "child" ? [relation.parent, relation.child] : [relation.child, relation.parent];
  const now = constraints[0] ? `has ${upper(constraints[0].onDelete)} there` : "has no constraint there";
  return [
    {
      object: relation.id,
      table: model.tables.some((t) => t.id === relation.child) ? relation.child : null,
      columns: relation.columns,
      part: `${schema.source} ${deletes}`,
      ...at(cascade),
      message: `${SOURCES[schema.source]} deletes rows of ${along} with those of ${gone} (${text}); the database ${now}. Raw SQL, bulk deletes and other programs do not take the rows along.`,
      evidence: { code: text, database: constraints[0]?.onDelete ?? null, deletes: along },
      fix: {
        description:
          deletes === "child"
            ? "Make the constraint ON DELETE CASCADE, or delete by way of ondelete with a policy for the relation."
            : "No constraint can do that; delete by way of a function that does both, or take the cascade out.",
        sql: null,
      },
    },
  ];
}

/** Actions that Prisma carries out itself with `relationMode = "prisma"`, and others that no constraint does. */
function emulated(facts: Facts): readonly Found[] {
  return comparedRelations(facts)
    .filter(({ relation, constraints }) => relation.enforcement === "application" && constraints.length === 0)
    .filter(({ relation: { onDelete } }) => onDelete !== "no action" && onDelete !== "restrict")
    .filter(({ relation }) => !isDecided(facts.policy, relation))
    .map(({ schema, relation }) => ({
      object: relation.id,
      table: facts.model.tables.some((t) => t.id === relation.child) ? relation.child : null,
      columns: relation.columns,
      part: `${schema.source} emulated`,
      ...at(relation),
      message: `${SOURCES[schema.source]} says ${upper(relation.onDelete)} for ${relation.id}, and asks for no constraint: only deletes by the ORM do it, and raw SQL leaves orphans.`,
      evidence: { code: relation.onDelete, database: null },
      fix: {
        description: "Let the database have the constraint, or give ondelete a policy for the relation.",
        sql: null,
      },
    }));
}

type Edge = Pick<Relation, "child" | "columns" | "parent" | "parentColumns">;

/** Whether the policy knows that the application does this, so that ondelete does it too. */
const isDecided = ({ relations }: Policy, relation: Edge & Pick<Relation, "onDelete">): boolean =>
  relations.some(
    (entry) =>
      !entry.when &&
      entry.enforcedBy === "application" &&
      entry.onDelete === relation.onDelete &&
      pairsOf(entry) === pairsOf(relation),
  );
