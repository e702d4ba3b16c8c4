import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import type { Engine } from "../../../src/dialect/engine.ts";
import { fromClient, fromPglite, fromPool } from "../../../src/dialect/postgres/connection.ts";
import { postgresEngine } from "../../../src/dialect/postgres/engine.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Relation } from "../../../src/model/relation.ts";
import type { Table } from "../../../src/model/table.ts";
import { type TestDatabase, type Variant, variants } from "../../support/databases.ts";

/** The variants of PostgreSQL that run here; the run itself says which are left out, and why. */
export const postgresVariants: readonly Variant[] = variants.filter(
  (v) => (v.engine === "postgres" || v.engine === "pglite") && !v.skip,
);

export const journal = { schema: "ondelete", prefix: "ondelete_" };

/** The engine over the database's own handle. */
export function openEngine(variant: Variant, db: TestDatabase): Promise<Engine> {
  if (variant.engine === "pglite") {
    return postgresEngine(fromPglite(db.handle as PGlite, { owned: false }), { variant: "pglite" });
  }
  return postgresEngine(fromPool(db.handle as Pool, { owned: false }));
}

/** Runs work on an engine with one session, in which `setup` (a role, settings) ran before. */
export async function onOneSession<T>(
  db: TestDatabase,
  setup: string,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const reset = "reset role; reset all";
  if ("waitReady" in db.handle) {
    const handle = db.handle as PGlite;
    await handle.exec(setup);
    const engine = await postgresEngine(fromPglite(handle, { owned: false }), { variant: "pglite" });
    return work(engine).finally(() => handle.exec(reset));
  }
  const client = await (db.handle as Pool).connect();
  await client.query(setup);
  try {
    return await work(await postgresEngine(fromClient(client)));
  } finally {
    await client.query(reset);
    client.release();
  }
}

export const pick = <T extends object, K extends keyof T>(of: T, ...keys: K[]) =>
  Object.fromEntries(keys.map((key) => [key, of[key]]));

export function tableIn(model: Model, id: string): Table {
  const found = model.tables.find((table) => table.id === id);
  if (!found) throw new Error(`no table ${id} among ${model.tables.map((table) => table.id)}`);
  return found;
}

export function relationIn(model: Model, id: string): Relation {
  const found = model.relations.find((relation) => relation.id === id);
  if (!found) throw new Error(`no relation ${id} among ${model.relations.map((relation) => relation.id)}`);
  return found;
}
