import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import type { Engine } from "../../../src/dialect/engine.ts";
import { fromPglite, fromPool } from "../../../src/dialect/postgres/connection.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import { type TestDatabase, type Variant, variants } from "../../support/databases.ts";

export const postgresVariants: readonly Variant[] = variants.filter((v) => v.engine !== "sqlite");

export const journal = { schema: "ondelete", prefix: "ondelete_" };

/** The engine over the database's own handle. */
export function openEngine(variant: Variant, db: TestDatabase): Promise<Engine> {
  if (variant.engine === "pglite") {
    return postgresEngine(fromPglite(db.handle as PGlite, { owned: false }), { variant: "pglite" });
  }
  return postgresEngine(fromPool(db.handle as Pool, { owned: false }));
}
