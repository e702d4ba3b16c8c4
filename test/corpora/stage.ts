import { type Database, open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import type { Action, Catalog } from "./catalog.ts";
import { Reference } from "./changes.ts";
import { type Corpus, scriptOf, variantOf } from "./corpora.ts";
import { indexReferences, type References } from "./oracle.ts";
import { alteredActions, catalogUnder, configOf, type Pass } from "./passes.ts";

/** A loaded corpus under one pass, with all that its deletes are compared with. */
export interface Stage {
  readonly corpus: Corpus;
  readonly pass: Pass;
  readonly db: TestDatabase;
  /** What the relations do in this pass. */
  readonly catalog: Catalog;
  /** What the constraints alone do, which is all that the engine knows. */
  readonly constraints: Catalog;
  readonly reference: Reference;
  readonly references: References;
  readonly ondelete: Database;
}

const AS_SHIPPED: ReadonlyMap<string, Action> = new Map();

/** Loads a corpus into a database of its own and reads its catalog. */
export async function shipped(corpus: Corpus): Promise<Catalog> {
  const db = await loaded(corpus, AS_SHIPPED);
  try {
    return await corpus.on.catalog(db);
  } finally {
    await db.drop();
  }
}

export async function stageOf(corpus: Corpus, pass: Pass, catalog: Catalog): Promise<Stage> {
  const db = await loaded(corpus, alteredActions(pass, catalog));
  if (pass.indexed) await addIndexes(corpus, catalog, db);
  const under = catalogUnder(pass, catalog);
  const reference = await Reference.take(corpus.on, under, db);
  const references = indexReferences(under, reference.rows);
  const ondelete = await open(db.handle, configOf(pass, catalog));
  const constraints = pass.by === "database" ? under : catalog;
  return { corpus, pass, db, catalog: under, constraints, reference, references, ondelete };
}

async function addIndexes({ on }: Corpus, { edges }: Catalog, db: TestDatabase): Promise<void> {
  const columns = (names: readonly string[]) => names.map(on.quote).join(", ");
  for (const [i, e] of edges.entries())
    await db.exec(`create index corpus_${i} on ${on.quote(e.child)} (${columns(e.columns)})`);
}

async function loaded(corpus: Corpus, actions: ReadonlyMap<string, Action>): Promise<TestDatabase> {
  const db = await variantOf(corpus).create();
  await corpus.on.load(db, scriptOf(corpus), actions);
  return db;
}
