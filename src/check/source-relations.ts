import type { Capabilities } from "../dialect/capabilities.ts";
import { pairsOf, type ReferentialAction, type Relation } from "../model/relation.ts";
import type { SourceRelation, SourceSchema } from "../model/source.ts";
import type { Facts } from "./facts.ts";

/** A relation as code declares it, with the constraints that the database has on the same columns. */
export interface Compared {
  readonly schema: SourceSchema;
  readonly relation: SourceRelation;
  readonly constraints: readonly Relation[];
}

/** Every relation of every source. */
export function comparedRelations({ schemas, declared }: Facts): readonly Compared[] {
  // Code may declare the constraints of partitions one by one, as a dump does.
  const byPairs = Map.groupBy(declared.relations, (r) =>
    pairsOf({ ...r, parent: r.parentPartition ?? r.parent }),
  );
  return schemas.flatMap((schema) =>
    schema.relations.map((relation) => ({
      schema,
      relation,
      constraints: byPairs.get(pairsOf(relation)) ?? [],
    })),
  );
}

/** Constraints of single partitions are no relation that code knows. */
export const isWhole = ({ childPartition, parentPartition }: Relation): boolean =>
  childPartition === null && parentPartition === null;

/** The action that the engine carries out where this one is declared: what it takes for another counts as that. */
export function actionOn(capabilities: Capabilities, action: ReferentialAction): ReferentialAction {
  if (action === "set default" && !capabilities.keepsSetDefault) return "no action";
  return action === "restrict" && capabilities.restrictIsNoAction ? "no action" : action;
}

/** How a source is called in messages. */
export const SOURCES: Readonly<Record<SourceSchema["source"], string>> = {
  drizzle: "The Drizzle schema",
  prisma: "The Prisma schema",
  typeorm: "TypeORM's metadata",
  mikroorm: "MikroORM's metadata",
  sql: "The SQL",
};

/** As DDL has it. */
export const upper = (action: ReferentialAction): string => `ON DELETE ${action.toUpperCase()}`;

export const onUpdate = (action: ReferentialAction): string => `ON UPDATE ${action.toUpperCase()}`;

/** Where a finding about code points to. */
export const at = ({ location }: Pick<SourceRelation, "location">) => (location ? { location } : {});
