import type { TestDatabase, TextRow, Variant } from "../support/databases.ts";
import type { Action, Catalog, CorpusTable } from "./catalog.ts";

/** A connection, all values as text. */
export interface Reader {
  rows(query: string): Promise<readonly TextRow[]>;
}

/** What the proof needs of an engine, beside a variant to make databases of. No code of src/ is behind it. */
export interface CorpusEngine {
  readonly engine: Variant["engine"];
  /** Whether rows that reference each other by required columns can be deleted without CASCADE. */
  readonly deletesCycles: boolean;
  /** How the script's bytes become characters: a dump of MariaDB has those of a picture in it as they are. */
  readonly encoding: "utf8" | "latin1";
  /** Runs the corpus's script; `actions`, by edge, replace what its foreign keys do on delete. */
  load(db: TestDatabase, script: string, actions: ReadonlyMap<string, Action>): Promise<void>;
  catalog(db: Reader): Promise<Catalog>;
  quote(name: string): string;
  literal(value: string): string;
  /** One text for each table, in order, that is another where a row of the table is. */
  checksums(db: Reader, tables: readonly CorpusTable[]): Promise<readonly string[]>;
  /** Runs a statement in a transaction that is rolled back, with all checks due; null where the engine refuses it. */
  attempt<T>(db: TestDatabase, statement: string, look: (session: Reader) => Promise<T>): Promise<T | null>;
}
