import type { TestDatabase, Variant } from "../support/databases.ts";
import type { Scenario } from "./scenario.ts";

/** What is interrupted. */
export type Job =
  | {
      readonly verb: "delete" | "delete without archive" | "delete in batches";
      readonly root: Scenario["root"];
    }
  | { readonly verb: "restore"; readonly operation: string };

/** Where a run is interrupted and how. */
export interface Point {
  /** The n-th statement that the database is sent, from 1; 0 for none. */
  readonly n: number;
  readonly way: string;
}

export interface Attempt {
  /** The statement at which it was interrupted; null where the work ended before. */
  readonly reached: string | null;
  /** What it failed with; null where it was done. */
  readonly failure: string | null;
  /** How many statements it came to. */
  readonly statements: number;
}

/** What the tests of crashes need of an engine. No code of src/ decides what they see. */
export interface CrashEngine {
  readonly engine: Variant["engine"];
  /** Ways to interrupt a statement; a test run tries each at every `stride`-th statement, as long as that takes. */
  readonly ways: readonly { readonly name: string; readonly stride: number }[];
  /** How the database keeps its own log: statements that set it. */
  readonly settings: readonly { readonly name: string; readonly sql: readonly string[] }[];
  /** Runs the job in a process or on a handle that is interrupted at the point. */
  attempt(db: TestDatabase, job: Job, point: Point): Promise<Attempt>;
  /** Waits until nothing works on the database any more; returns what an interrupted job left behind beside rows. */
  leftBehind(db: TestDatabase): Promise<readonly string[]>;
  /** Whether a process other than this one is changing rows at this moment. */
  isChanging(db: TestDatabase): Promise<boolean>;
  /** A table of the journal, quoted. */
  journal(table: "operation" | "archive_part" | "archive_chunk" | "work_chunk" | "outbox"): string;
  /** Selects a row where all of the journal's tables exist. */
  readonly hasJournal: string;
  readonly dropJournal: readonly string[];
}
