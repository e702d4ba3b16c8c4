import type { Engine, Row } from "../dialect/engine.ts";
import type { Sql } from "../dialect/sql.ts";
import { unreachable } from "../error.ts";
import { RelationGraph } from "../graph/relation-graph.ts";
import type { CheckSettings } from "../model/check-settings.ts";
import type { CheckedDocument } from "../model/document-check.ts";
import type { Migration } from "../model/migration.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import type { SourceSchema } from "../model/source.ts";
import type { Table, TableId } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";

/** The part of an engine that rules know; none of them asks for its name. */
export type CheckedEngine = Pick<Engine, "info" | "capabilities" | "syntax" | "native" | "constraints">;

/** What rules go by. */
export interface Facts {
  readonly engine: CheckedEngine;
  readonly model: Model;
  readonly policy: Policy;
  readonly settings: CheckSettings;
  /** What the application's code says, of each source that the configuration names. */
  readonly schemas: readonly SourceSchema[];
  /** The migrations that were asked for, in the order in which they run. */
  readonly migrations: readonly Migration[];
  /** The documents that the configuration names, compared with the database. */
  readonly documents: readonly CheckedDocument[];
  readonly now: Date;
  /** Ids of all rules. */
  readonly ruleIds: readonly string[];
  /** Whether rows may be looked at. */
  readonly data: boolean;
  /** Constraints as the database declares them. */
  readonly declared: RelationGraph;
  /** Relations as plans follow them: the policy laid over the constraints. */
  readonly followed: RelationGraph;
  /** Constraints on the same columns that disagree about the action. */
  readonly conflicting: ReturnType<typeof withPolicy>["conflicting"];
  /** Tables that are no partitions of others. */
  readonly tables: readonly Table[];
  table(id: TableId): Table;
  /** Runs a query in a transaction of its own; only where `data` is true. */
  ask(statement: Sql): Promise<readonly Row[]>;
}

export type FactsGiven = Omit<Facts, "declared" | "followed" | "conflicting" | "tables" | "table">;

export function factsOf(given: FactsGiven): Facts {
  const { model, policy } = given;
  const byId = new Map(model.tables.map((t) => [t.id, t]));
  const { followed, declared, conflicting } = withPolicy(model, policy);
  return {
    ...given,
    declared: new RelationGraph(declared),
    followed: new RelationGraph(followed),
    conflicting,
    tables: model.tables.filter((t) => t.partitionOf === null),
    table: (id) => byId.get(id) ?? unreachable(`no table ${id} in the model`),
  };
}
