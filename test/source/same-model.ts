import { expect } from "vitest";
import { openEngine } from "../../src/connect/open-engine.ts";
import type { Engine } from "../../src/dialect/engine.ts";
import { type Findings, open } from "../../src/index.ts";
import type { Model } from "../../src/model/model.ts";
import type { ReferentialAction } from "../../src/model/relation.ts";
import type { SourceSchema } from "../../src/model/source.ts";
import type { SchemaSource } from "../../src/source/source.ts";
import type { TestDatabase } from "../support/databases.ts";

/** What a source and a database say of one schema. */
export interface Both {
  readonly engine: Engine;
  readonly model: Model;
  readonly schema: SourceSchema;
}

/** Reads the database that an ORM made, and the source that it made it from. */
export async function readBoth({ handle }: TestDatabase, source: SchemaSource): Promise<Both> {
  const engine = await openEngine(handle);
  const model = await engine.readModel({ journal: { schema: "ondelete", prefix: "ondelete_" } });
  const { capabilities, lexicon } = engine;
  const { defaultNamespace } = model;
  const schema = await source.read({ capabilities, lexicon, defaultNamespace });
  await engine.close();
  return { engine, model, schema };
}

/** Both say the same of every table and every relation that the database is asked to enforce. */
export function expectSame({ engine, model, schema }: Both): void {
  expect(told(schema, engine)).toEqual(told(asSource(model), engine));
}

/** The findings of some rules on a database and its source: severity, rule and object of each. */
export async function findingsOf(
  { handle }: TestDatabase,
  source: SchemaSource,
  rules: readonly string[],
): Promise<Findings["findings"]> {
  const db = await open(handle, { source });
  try {
    return (await db.check({ rules })).findings;
  } finally {
    await db.close();
  }
}

/** A database that an ORM just made is as the ORM says. */
export async function expectNoDrift(stage: TestDatabase, source: SchemaSource): Promise<void> {
  expect(await findingsOf(stage, source, ["policy-drift-orm", "orm-nullability-mismatch"])).toEqual([]);
}

interface Told {
  readonly tables: readonly {
    readonly id: string;
    readonly columns: readonly { readonly name: string; readonly nullable: boolean }[];
    readonly primaryKey: readonly string[];
    readonly uniqueKeys: readonly (readonly string[])[];
  }[];
  readonly relations: readonly {
    readonly id: string;
    readonly onDelete: ReferentialAction;
    readonly onUpdate: ReferentialAction;
    readonly enforcement: string;
  }[];
}

const asSource = ({ tables, relations }: Model): Told => ({
  tables: tables.map((t) => ({ ...t, uniqueKeys: t.uniqueKeys.map((key) => key.columns) })),
  relations: relations.map((r) => ({ ...r, enforcement: "database" })),
});

/** One line for each column, key and relation. */
function told({ tables, relations }: Told, { capabilities }: Engine): readonly string[] {
  const action = (one: ReferentialAction) => {
    if (one === "set default" && !capabilities.keepsSetDefault) return "no action";
    return one === "restrict" && capabilities.restrictIsNoAction ? "no action" : one;
  };
  return [
    ...tables.flatMap((t) => [
      ...t.columns.map((c) => `${t.id}.${c.name} ${c.nullable ? "null" : "not null"}`),
      `${t.id} primary key (${t.primaryKey.join(", ")})`,
      ...t.uniqueKeys.map((key) => `${t.id} unique (${key.join(", ")})`),
    ]),
    ...relations
      .filter((r) => r.enforcement === "database")
      .map((r) => `${r.id} on delete ${action(r.onDelete)} on update ${action(r.onUpdate)}`),
  ].sort();
}
