import type { SourceRelation, SourceSchema } from "../../model/source.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { SOURCES } from "../source-relations.ts";

/** Whether a reference can be null decides what SET NULL does, and what queries have to expect. */
export const ormNullabilityMismatch: Rule = {
  id: "orm-nullability-mismatch",
  severity: "warning",
  confidence: "certain",
  title: "A reference that is optional in code and required in the database, or the other way round",
  wants: "source",
  find: (facts) =>
    facts.schemas.flatMap((schema) => {
      const seen = new Set<string>();
      return schema.relations
        .flatMap((relation) => mismatches(schema, relation, facts))
        .filter(({ object }) => !seen.has(object) && seen.add(object));
    }),
};

function mismatches(
  schema: SourceSchema,
  { id, child, columns }: SourceRelation,
  { model }: Facts,
): readonly Found[] {
  const known = schema.tables.find((t) => t.id === child);
  const table = model.tables.find((t) => t.id === child);
  if (!known || !table) return [];
  return columns.flatMap((name) => {
    const inCode = known.columns.find((c) => c.name === name);
    const column = table.columns.find((c) => c.name === name);
    if (!inCode || !column || inCode.nullable === column.nullable) return [];
    const [code, database] = inCode.nullable ? ["optional", "NOT NULL"] : ["required", "nullable"];
    const follows = inCode.nullable
      ? "Setting it to null, by code or by ON DELETE SET NULL, fails"
      : "Rows without it exist or may come, and code does not expect them";
    return [
      {
        object: `${child}.${name}`,
        table: child,
        columns: [name],
        part: schema.source,
        ...(inCode.location ? { location: inCode.location } : {}),
        message: `${SOURCES[schema.source]} has ${child}.${name} as ${code}, and in the database it is ${database}. ${follows}.`,
        evidence: { relation: id, code: inCode.nullable, database: column.nullable },
        fix: {
          description: `Make both agree: ${code} in a migration, or ${database} in the code.`,
          sql: null,
        },
      },
    ];
  });
}
