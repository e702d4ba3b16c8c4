import type { SourceSchema, SourceTable } from "../../model/source.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { isWhole } from "../source-relations.ts";

/** What the application does when a row goes, it does only for rows that it deletes itself. */
export const dbCascadeSkipsHooks: Rule = {
  id: "db-cascade-skips-hooks",
  severity: "warning",
  confidence: "certain",
  title: "ON DELETE CASCADE into a table whose deletes the ORM listens to, or marks",
  wants: "source",
  find: (facts) =>
    facts.schemas.flatMap((schema) =>
      schema.tables
        .filter((table) => table.hooks.length > 0 || table.softDelete !== null)
        .flatMap((table) => cascadesInto(table, schema, facts)),
    ),
};

function cascadesInto(table: SourceTable, { source }: SourceSchema, { declared }: Facts): readonly Found[] {
  const names = table.hooks.map((hook) => hook.name);
  const location = table.hooks[0]?.location ?? table.location;
  const calls = names.length > 0 ? `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not called` : "";
  const marks =
    table.softDelete === null ? "" : `the rows are gone in place of being marked in ${table.softDelete}`;
  return declared.relations
    .filter((r) => isWhole(r) && r.child === table.id && r.onDelete === "cascade" && r.enforced)
    .map((relation) => ({
      object: relation.id,
      table: relation.child,
      columns: relation.columns,
      part: source,
      ...(location ? { location } : {}),
      message: `A delete from ${relation.parent} takes rows of ${table.id} by the database's own cascade: ${[calls, marks].filter((t) => t !== "").join(", and ")}.`,
      evidence: { hooks: names, softDelete: table.softDelete },
      fix: {
        description: `Delete rows of ${relation.parent} by way of ondelete with a hook for ${table.id}, or make the constraint RESTRICT and delete the children first.`,
        sql: null,
      },
    }));
}
