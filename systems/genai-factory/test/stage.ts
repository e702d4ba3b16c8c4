import type { PGlite } from "@electric-sql/pglite";
import { onTestFinished } from "vitest";
import type { TestDatabase } from "../../../test/support/databases.ts";
import { eachVariant, type Fresh } from "../../../test/support/stages.ts";
import { connect, type Factory } from "../database.ts";

/** The tables in an empty database, and a MikroORM on it. */
export interface Stage {
  readonly orm: Factory;
  readonly db: TestDatabase;
}

/** Runs a suite on the embedded engine and on PostgreSQL. */
export const eachEngine = (suite: (stage: () => Promise<Stage>) => void): void =>
  eachVariant((_, fresh) => suite(() => staged(fresh)), {
    engines: ["pglite", "postgres"],
    because: "the system runs on PostgreSQL",
  });

async function staged(fresh: Fresh): Promise<Stage> {
  const db = await fresh();
  const orm = connect(db.url === "" ? (db.handle as PGlite) : db.url);
  onTestFinished(() => orm.close());
  await orm.schema.create();
  return { orm, db };
}
