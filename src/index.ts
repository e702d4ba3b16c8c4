import { checkPolicy } from "./config/check-policy.ts";
import type { Config } from "./config/config.ts";
import { parseConfig } from "./config/parse-config.ts";
import { resolvePolicy } from "./config/resolve-policy.ts";
import { visibleModel } from "./config/visible-model.ts";
import { openEngine } from "./connect/open-engine.ts";
import type { ModelDocument } from "./model/model.ts";
import { bind, type Database } from "./session.ts";

export {
  type Config,
  defineConfig,
  type FilesConfig,
  type LimitsConfig,
  type RelationConfig,
  type RetentionConfig,
  type TableConfig,
} from "./config/config.ts";
export { databaseUrl, type UrlSources } from "./config/environment.ts";
export { type LoadedConfig, loadConfig } from "./config/load-config.ts";
export { visibleModel } from "./config/visible-model.ts";
export type { Grants } from "./dialect/engine.ts";
export { type ErrorCode, type ErrorDetails, OnDeleteError } from "./error.ts";
export type { Delivery, DeliveryFailure } from "./model/delivery.ts";
export type { Diagnosis } from "./model/diagnosis.ts";
export type {
  Discrepancy,
  DocumentCheck,
  NotJudged,
  Omission,
  Remark,
} from "./model/document-check.ts";
export {
  type Consequence,
  type Deletion,
  DOCUMENT_FORMATS,
  type Documentation,
  type DocumentedRelation,
  type DocumentedTable,
  type DocumentFormat,
  type Note,
  type NoteKind,
} from "./model/documentation.ts";
export type { FileFound, FileStore } from "./model/file-store.ts";
export type { HookEvent, HookPair, Hooks, RowsEvent } from "./model/hook.ts";
export type { Marker, MarkerKind, Unmarked } from "./model/marker.ts";
export type { Cell, CellEffect, Matrix, MatrixDocument } from "./model/matrix.ts";
export type { EngineInfo, EngineName, Model, ModelDocument } from "./model/model.ts";
export type {
  Conflict,
  ConflictChoice,
  ConflictKind,
  Operation,
  OperationState,
  OperationsDocument,
  Outcome,
  Renamed,
  Reparented,
  RestorePlan,
  RowCounts,
} from "./model/operation.ts";
export type {
  Blocker,
  BlockReason,
  InnerEdge,
  Key,
  NativeDelete,
  NativeOutcome,
  NativeReason,
  NativeRemedy,
  NativeVerdict,
  Path,
  Plan,
  PlannedDelete,
  PlannedUpdate,
  PlanStep,
  Selection,
  Target,
  Verdict,
  Warning,
} from "./model/plan.ts";
export type { Progress } from "./model/progress.ts";
export type { ExpiredArchives, Purge, PurgedRetention } from "./model/purge.ts";
export type { ReferentialAction, Relation, When } from "./model/relation.ts";
export type { Column, Table, TableId } from "./model/table.ts";
export type {
  ConflictOptions,
  Database,
  DeleteOptions,
  PlanOptions,
  PurgeOptions,
  RestoreOptions,
} from "./session.ts";
export { printable } from "./std/printable.ts";
export { redact } from "./std/redact.ts";
export type { Running } from "./std/running.ts";

/**
 * Opens a database by its address, or on a live handle of the application's: a pg Pool, Client or PoolClient, a
 * `node:sqlite` DatabaseSync, a PGlite or its transaction. A transaction that is open on a handle is joined.
 *
 * @throws OnDeleteError `usage`, `unsupported`, `unreachable`, `config-invalid`
 * @example
 * const db = await open("sqlite:shop.db");
 * const plan = await db.plan({ table: "customers", select: { kind: "key", values: ["42"] } });
 */
export async function open(source: string | object, config: Config = {}): Promise<Database> {
  const parsed = parseConfig(config, null);
  const visible = (model: ModelDocument) => visibleModel(model, parsed);
  return bind(await openEngine(source), { policy: resolvePolicy(parsed), check: checkPolicy, visible });
}
