import { ruleInfos } from "./check/rule-info.ts";
import { checkPolicy } from "./config/check-policy.ts";
import type { Config } from "./config/config.ts";
import { parseConfig } from "./config/parse-config.ts";
import { resolveChecks } from "./config/resolve-checks.ts";
import { resolvePolicy } from "./config/resolve-policy.ts";
import { resolveSources } from "./config/resolve-sources.ts";
import { visibleModel } from "./config/visible-model.ts";
import { openEngine } from "./connect/open-engine.ts";
import type { Database } from "./database.ts";
import type { ModelDocument } from "./model/model.ts";
import { bind } from "./session.ts";

export type { AttemptsOptions } from "./attempts/attempts.ts";
export type { AttemptName } from "./attempts/finder.ts";
export type { CheckOptions } from "./check/check-options.ts";
export { ruleInfos } from "./check/rule-info.ts";
export {
  type AttemptsConfig,
  type ChecksConfig,
  type Config,
  defineConfig,
  type FilesConfig,
  type IgnoreConfig,
  type LimitsConfig,
  type RelationConfig,
  type RetentionConfig,
  type RuleConfig,
  type SourceConfig,
  type SourceFileConfig,
  type TableConfig,
} from "./config/config.ts";
export { databaseUrl, type UrlSources } from "./config/environment.ts";
export { type LoadedConfig, loadConfig } from "./config/load-config.ts";
export { visibleModel } from "./config/visible-model.ts";
export type {
  ConflictOptions,
  Database,
  DeleteOptions,
  PlanOptions,
  PurgeOptions,
  RestoreOptions,
  VerifyOptions,
} from "./database.ts";
export type { Grants } from "./dialect/engine.ts";
export type { InferredRelation } from "./dialect/inferred-relations.ts";
export { type ErrorCode, type ErrorDetails, OnDeleteError } from "./error.ts";
export type { Attempt, Attempts, LogEntry, Retry, RetryHook } from "./model/attempts.ts";
export type { Level } from "./model/check-settings.ts";
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
export type {
  BaselineEntry,
  Confidence,
  Finding,
  Findings,
  FindingsSummary,
  Fix,
  Json,
  RuleInfo,
  RuleOption,
  Severity,
  SkippedRule,
  SourceLocation,
  Standing,
} from "./model/finding.ts";
export { looksLikeAudit } from "./model/guessed-audit.ts";
export { guessedMarkers } from "./model/guessed-markers.ts";
export type { HookEvent, HookPair, Hooks, RowsEvent } from "./model/hook.ts";
export type { Marker, MarkerKind, Unmarked } from "./model/marker.ts";
export type { Cell, CellEffect, Matrix, MatrixDocument } from "./model/matrix.ts";
export type { EngineInfo, EngineName, Model, ModelDocument } from "./model/model.ts";
export type {
  Conflict,
  ConflictChoice,
  ConflictKind,
  Lease,
  Operation,
  OperationState,
  OperationsDocument,
  Outcome,
  Renamed,
  Reparented,
  RestorePlan,
  RowCounts,
} from "./model/operation.ts";
export type { Evidence, OrphanedRelation, Orphans, UnknownType } from "./model/orphans.ts";
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
export type {
  DeleteHook,
  OrmCascade,
  SourceColumn,
  SourceName,
  SourceRelation,
  SourceSchema,
  SourceTable,
} from "./model/source.ts";
export type { Column, Table, TableId } from "./model/table.ts";
export type { Comparison, Observed, Proof, ProofVerdict, Verification } from "./model/verification.ts";
export type { Bounds, Late } from "./model/work.ts";
export type { OrphansOptions } from "./orphans/orphans.ts";
export type { SchemaSource, SourceEngine } from "./source/source.ts";
export { sql } from "./source/sql/sql.ts";
export { printable } from "./std/printable.ts";
export { redact } from "./std/redact.ts";
export type { Running } from "./std/running.ts";
export { certificateText } from "./verify/certificate-text.ts";

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
  const checks = resolveChecks(parsed.checks, ruleInfos);
  const policy = resolvePolicy(parsed);
  const sources = resolveSources(parsed.source);
  const visible = (model: ModelDocument) => visibleModel(model, parsed);
  return bind(await openEngine(source), { policy, check: checkPolicy, checks, sources, visible });
}
