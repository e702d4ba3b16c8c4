import type { DeclaredStatement } from "../read/statement.ts";
import type { Judge, Judgement } from "./verdict.ts";

/** Whether constraints declare all relations, or none of them. */
export function judgeDeclared({ declared }: DeclaredStatement, { documentation }: Judge): Judgement {
  const { relations } = documentation;
  const wrong = relations.filter((r) => (r.constraint !== null) !== declared);
  const ids = wrong.map((r) => r.id);
  if (declared && relations.length === 0)
    return { kind: "contradicted", message: "the database has no foreign key", relations: [] };
  if (wrong.length === 0) return { kind: "right", relations: relations.map((r) => r.id) };
  const some = wrong.length === 1 ? "1 relation" : `${wrong.length} relations`;
  const how = declared
    ? `${wrong.length === 1 ? "has" : "have"} no constraint`
    : `${wrong.length === 1 ? "is" : "are"} declared by ${wrong.length === 1 ? "a constraint" : "constraints"}`;
  return { kind: "contradicted", message: `${some} ${how}`, relations: ids };
}
