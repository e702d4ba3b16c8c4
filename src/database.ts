import type { AttemptsOptions } from "./attempts/attempts.ts";
import type { AttemptName } from "./attempts/finder.ts";
import type { CheckOptions } from "./check/check-options.ts";
import type { Grants } from "./dialect/engine.ts";
import type { InferredRelation } from "./dialect/inferred-relations.ts";
import type { Attempt, Attempts, LogEntry, Retry } from "./model/attempts.ts";
import type { Delivery } from "./model/delivery.ts";
import type { Diagnosis } from "./model/diagnosis.ts";
import type { DocumentCheck } from "./model/document-check.ts";
import type { Documentation, DocumentFormat } from "./model/documentation.ts";
import type { Findings } from "./model/finding.ts";
import type { EngineInfo, ModelDocument } from "./model/model.ts";
import type { ConflictChoice, OperationsDocument, Outcome, RestorePlan } from "./model/operation.ts";
import type { Orphans } from "./model/orphans.ts";
import type { Key, Path, Plan, Target } from "./model/plan.ts";
import type { Progress } from "./model/progress.ts";
import type { Purge } from "./model/purge.ts";
import type { TableId } from "./model/table.ts";
import type { Verification } from "./model/verification.ts";
import type { Bounds, Late } from "./model/work.ts";
import type { OrphansOptions } from "./orphans/orphans.ts";
import type { Running } from "./std/running.ts";

export interface PlanOptions {
  /** Whether RESTRICT also blocks where the referencing row goes too. */
  readonly strict?: boolean;
  /** Stops the closure above so many rows. */
  readonly maxRows?: number;
  /** Marks rows as deleted where their table has a marker, in place of deleting them; of a plan, as it was made. */
  readonly soft?: boolean;
  /** Keeps before-images so that the operation can be restored, true unless told otherwise; a plan's steps tell the way. */
  readonly archive?: boolean;
  readonly signal?: AbortSignal;
}

export interface DeleteOptions extends PlanOptions {
  /** Refuses with `plan-changed` where the plan under the locks has another digest. */
  readonly digest?: string;
  /** Refuses with `plan-changed` where the plan under the locks deletes another number of rows. */
  readonly expectRows?: number;
  /**
   * Deletes for good: no archive is kept, files are removed, and the journal says how many rows of which tables, and
   * nothing that tells which.
   */
  readonly erase?: boolean;
  /** Accepts that the plan changed since it was made. */
  readonly replan?: boolean;
  /**
   * Deletes in many small transactions, of at most so many rows each where a number is given, or with `false` in one;
   * unless given, what `limits.atomicRows` does not allow in one is deleted in many.
   */
  readonly batch?: boolean | number;
  /**
   * In batches, what becomes of rows that come in below rows that go after these were planned: they go too unless it is
   * `stop`.
   */
  readonly late?: Late;
  /** In batches, how far to go before the operation is paused; it goes on with {@link Database.resume}. */
  readonly bounds?: Bounds;
  readonly reason?: string;
  readonly actor?: string;
}

export interface ResumeOptions {
  /** As when the operation began unless given. */
  readonly late?: Late;
  /** How far to go before the operation is paused again. */
  readonly bounds?: Bounds;
  readonly signal?: AbortSignal;
}

export interface ConflictOptions {
  /** What to do about conflicts, one thing or several: `rename`, then `reparent`, then `skip`; `stop` unless given. */
  readonly onConflict?: ConflictChoice | readonly ConflictChoice[];
  /** What a taken unique text becomes, `{value}` standing for the old one; `{value} (restored)` unless given. */
  readonly rename?: string;
  /** By table, the key of the row that takes in those whose parent in it is gone; without, they lose the reference. */
  readonly parents?: Readonly<Record<TableId, string | readonly string[]>>;
}

export interface RestoreOptions extends ConflictOptions {
  /** Keeps user triggers from firing on the restored rows, where the role may do that. */
  readonly withoutTriggers?: boolean;
  readonly signal?: AbortSignal;
}

export interface PurgeOptions {
  /** Names of retentions; all of them unless given. */
  readonly policies?: readonly string[];
  /** Deletes; only says what would go unless true. */
  readonly execute?: boolean;
  readonly actor?: string;
  readonly signal?: AbortSignal;
}

export interface VerifyOptions {
  /** Ids of relations; all of them unless given. */
  readonly relations?: readonly string[];
  /** Only the engine's own DELETE, and not ondelete's. */
  readonly native?: boolean;
  /** In an empty copy of the schema, so that the tables themselves are not touched. */
  readonly scratch?: boolean;
  /** An earlier certificate to compare with. */
  readonly against?: Verification;
  readonly signal?: AbortSignal;
}

/** A database with the verbs bound to it. */
export interface Database {
  readonly engine: EngineInfo;
  inspect(): Promise<ModelDocument>;
  /**
   * What is wrong, or likely to go wrong, with deletes in this schema.
   * @throws OnDeleteError `usage` where `rules` names one that does not exist
   */
  check(options?: CheckOptions): Promise<Findings>;
  /** Tables, relations, and what deletes do by schema and policy; of the tables that the configuration shows. */
  document(): Promise<Documentation>;
  /** The same as one text, the same for as long as nobody changes the schema or the policy. */
  document(options: { readonly format: DocumentFormat }): Promise<string>;
  /** Compares what a Markdown text says about relations and deletes with the database and the policy. */
  checkDocument(markdown: string): Promise<DocumentCheck>;
  /** What deleting the target's rows would do; of a plan, made anew for its target. */
  plan(target: Target | Plan, options?: PlanOptions): Promise<Plan>;
  /** The paths by which one row is reached from the target's roots, shortest first; empty where it is not. */
  why(
    target: Target,
    row: { readonly table: string; readonly key: Key },
  ): Promise<readonly (readonly Path[])[]>;
  /** The plan as one SQL script that a person can review and run. */
  script(target: Target, options?: PlanOptions): Promise<string>;
  /** Deletes the target's rows; of a plan, only if it is still the same. */
  delete(target: Target | Plan, options?: DeleteOptions): Running<Outcome, Progress>;
  /**
   * Goes on with a delete in batches that was paused, that failed or was blocked, or whose process has ended.
   * @throws OnDeleteError `not-resumable` where nothing is left to be done; `locked` while somebody works on it
   */
  resume(operation: string, options?: ResumeOptions): Running<Outcome, Progress>;
  /** Stops a delete in batches, which can go on later. @throws OnDeleteError `not-resumable` */
  pause(operation: string): Promise<OperationsDocument>;
  /** Ends a delete in batches where it is; what it has deleted can be restored. @throws OnDeleteError `not-resumable` */
  cancel(operation: string): Promise<OperationsDocument>;
  planRestore(operation: string, options?: ConflictOptions): Promise<RestorePlan>;
  restore(operation: string, options?: RestoreOptions): Running<RestorePlan, Progress>;
  /** Deletes what the policy's retentions say is too old, batch by batch; without `execute` only says what it would. */
  purge(options?: PurgeOptions): Running<Purge, Progress>;
  /**
   * Does what was to be done after commits: moves files, calls hooks. Every verb that changes data does so before and
   * after its own work; after a delete in your own transaction call it when that is committed.
   */
  deliver(): Promise<Delivery>;
  /**
   * Proves by experiment that every relation does what the schema and the policy say: makes rows, deletes them by the
   * engine's own DELETE and by ondelete, looks, and takes everything back.
   */
  verify(options?: VerifyOptions): Running<Verification, Progress>;
  /** The rows whose references find no row, counted by relation; nothing is changed. */
  orphans(options?: OrphansOptions): Promise<Orphans>;
  /** Relations that nobody declares, and that the names of columns and their rows speak for; sorted by table and column. */
  inferRelations(): Promise<readonly InferredRelation[]>;
  /** The attempts that failed, by table and newest first; tables and columns as the configuration says. */
  attempts(options?: AttemptsOptions): Promise<Attempts>;
  /** One failed attempt, whose `target` a plan and a delete take. @throws OnDeleteError `not-found` */
  attempt(name: AttemptName): Promise<Attempt>;
  /** The whole log of a failed attempt, oldest entry first. @throws OnDeleteError `not-found`, `unsupported` */
  attemptLog(name: AttemptName): AsyncIterable<LogEntry>;
  /** Has the configuration's hook make a new attempt. @throws OnDeleteError `not-found`, `unsupported`, `hook-refused` */
  retry(name: AttemptName): Promise<Retry>;
  status(operation?: string): Promise<OperationsDocument>;
  doctor(): Promise<readonly Diagnosis[]>;
  /**
   * Makes ondelete's own tables where they are missing, which the first delete would do too, unless it joins a
   * transaction of yours. @throws OnDeleteError `journal-missing` in a transaction of yours, `privilege-missing`
   */
  makeJournal(): Promise<void>;
  /** The statements that give the connected role what it needs; empty on engines without roles. */
  grants(): Promise<Grants>;
  close(): Promise<void>;
}
