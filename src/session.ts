import { findAttempt, listAttempts } from "./attempts/attempts.ts";
import { attemptLog } from "./attempts/log.ts";
import { retryAttempt } from "./attempts/retry.ts";
import { check } from "./check/check.ts";
import type { ConflictOptions, Database, DeleteOptions, PlanOptions } from "./database.ts";
import { atOnceOrInBatches, batchExecutor, carryOut } from "./deletes.ts";
import { deliver, deliverIfPossible } from "./deliver/deliver.ts";
import type { Deliverer } from "./deliver/deliverer.ts";
import type { Engine } from "./dialect/engine.ts";
import { inferredRelations } from "./dialect/inferred-relations.ts";
import { describeDatabase } from "./document/describe.ts";
import { formatted } from "./document/format.ts";
import { judgeDocument } from "./document/judge/judge.ts";
import { readDocument } from "./document/read/read.ts";
import { OnDeleteError } from "./error.ts";
import { resumeOperation } from "./execute/batched/batched.ts";
import { diagnose } from "./inspect/doctor.ts";
import { describeModel } from "./inspect/inspect.ts";
import { stop } from "./journal/hold.ts";
import { makeJournal, operationById, operations } from "./journal/journal.ts";
import { removeLists } from "./journal/work.ts";
import type { CheckSettings } from "./model/check-settings.ts";
import type { Delivery } from "./model/delivery.ts";
import type { CheckedDocument } from "./model/document-check.ts";
import type { Documentation, DocumentFormat } from "./model/documentation.ts";
import type { Model, ModelDocument } from "./model/model.ts";
import type { OperationsDocument } from "./model/operation.ts";
import type { Plan, Target } from "./model/plan.ts";
import { hasOutbox, type Policy } from "./model/policy.ts";
import type { SourceSchema } from "./model/source.ts";
import { findOrphans } from "./orphans/orphans.ts";
import { explainRow, planDelete } from "./plan/plan.ts";
import { scriptOf } from "./plan/script.ts";
import { purge } from "./purge/purge.ts";
import type { Purger } from "./purge/purger.ts";
import type { Choices } from "./restore/choose.ts";
import { planRestore, restore } from "./restore/restore.ts";
import { readTexts } from "./source/definitions.ts";
import type { SchemaSource, SourceEngine } from "./source/source.ts";
import { readMigrations } from "./source/sql/migrations.ts";
import { running } from "./std/running.ts";
import { certify } from "./verify/certify.ts";

/** What a session is made of beside its engine. */
export interface SessionSettings {
  readonly policy: Policy;
  /** @throws `config-invalid` where the policy names what the database does not have */
  readonly check: (policy: Policy, model: Model) => void;
  readonly checks: CheckSettings;
  /** What the application's code says of the database. */
  readonly sources: readonly SchemaSource[];
  /** The model without what the configuration does not have shown. */
  readonly visible: (model: ModelDocument) => ModelDocument;
}

/**
 * Binds the verbs to an open engine. The model is read anew where the engine says that it may have changed, and for all
 * but plans and deletes always.
 */
export function bind(
  engine: Engine,
  { policy, check: checkPolicy, checks, sources, visible }: SessionSettings,
): Database {
  const clock = { now: () => new Date(), random: Math.random };
  const fresh = async () => {
    const model = await engine.readModel({ journal: policy.journal });
    checkPolicy(policy, model);
    return { engine, model, policy, clock };
  };
  let known: { readonly version: string; readonly context: Awaited<ReturnType<typeof fresh>> } | null = null;
  const context = async () => {
    const version = await engine.modelVersion();
    if (version !== null && version === known?.version) return known.context;
    const found = await fresh();
    known = version === null ? null : { version, context: found };
    return found;
  };
  const documentation = async () => {
    const { model } = await fresh();
    const { tables } = visible(describeModel(engine, model, policy));
    return describeDatabase({ engine, model, policy, shown: new Set(tables.map((t) => t.id)) });
  };
  const status = (operation?: string) =>
    engine.read(
      { scratch: false },
      async (tx): Promise<OperationsDocument> => ({
        ondelete: "1",
        kind: "operations",
        engine: engine.info,
        operations:
          operation === undefined
            ? await operations(engine, tx, policy.journal)
            : [await operationById(engine, tx, policy.journal, { operation })],
      }),
    );
  const stopped = async (operation: string, state: "paused" | "cancelled") => {
    const { journal, limits } = policy;
    await engine.write({ lockTimeoutMs: limits.lockTimeoutMs }, async (tx) => {
      await stop({ engine, tx, journal, operation }, state, clock.now());
      if (state === "cancelled") await removeLists({ tx, syntax: engine.syntax, journal, operation });
    });
    return status(operation);
  };
  function document(): Promise<Documentation>;
  function document(options: { readonly format: DocumentFormat }): Promise<string>;
  async function document(options?: { readonly format: DocumentFormat }): Promise<Documentation | string> {
    const described = await documentation();
    return options ? formatted(described, options.format) : described;
  }
  return {
    engine: engine.info,
    document,
    checkDocument: async (text) => judgeDocument(readDocument(text), await documentation()),
    inspect: async () => describeModel(engine, (await fresh()).model, policy),
    check: async (options = {}) => {
      const found = await fresh();
      const { model } = found;
      const on = { ...engine, model, defaultNamespace: model.defaultNamespace };
      const schemas = await readSources(sources, on);
      const { migrations: files = [], ...more } = options;
      const migrations = await readMigrations({ ...more, files }, on);
      const documents = await checkedDocuments(checks.documents, documentation);
      return check({ ...found, settings: checks, schemas, migrations, documents }, options);
    },
    plan: async (target, options = {}) =>
      planDelete(await context(), { ...options, ...modeOf(target, options), target: targetOf(target) }),
    why: async (target, row) => explainRow(await context(), { target }, row),
    script: async (target, options = {}) =>
      scriptOf(
        engine,
        await planDelete(await context(), {
          ...options,
          ...modeOf(target, options),
          target,
          scratch: target.select.kind === "condition",
        }),
      ),
    delete: (target, options = {}) =>
      running(async (report) => {
        const strict = options.strict ?? (isPlan(target) && target.strict);
        const archive = isArchived(target, options);
        const how = {
          ...options,
          archive,
          ...withoutDigest(target, { ...options, archive }),
          ...modeOf(target, options),
          strict,
          target: targetOf(target),
        };
        const found = { ...(await context()), report };
        const request = { ...executeRequest(target, options), archive };
        return delivering(found, how, () => atOnceOrInBatches(found, how, { request, options }));
      }),
    resume: (operation, { signal, ...options } = {}) =>
      running(async (report) => {
        const found = { ...(await context()), report };
        const signalled = signal ? { signal } : {};
        return delivering(found, signalled, () =>
          resumeOperation(batchExecutor(found), { operation, ...options, ...signalled }),
        );
      }),
    pause: (operation) => stopped(operation, "paused"),
    cancel: (operation) => stopped(operation, "cancelled"),
    purge: ({ execute = false, actor = null, ...options } = {}) =>
      running(async (report) => {
        const found = { ...(await fresh()), report };
        const signal = options.signal ? { signal: options.signal } : {};
        const purger: Purger = {
          ...found,
          plan: (target, how) => planDelete(found, { ...how, ...signal, target }),
          delete: (target, { archive, reason, ...how }) => {
            const request = { target, archive, expected: { replan: false }, reason, actor, ...signal };
            return carryOut(found, { ...how, ...signal, archive, target }, { ...request, verb: "purge" });
          },
        };
        const work = () => purge(purger, { ...options, execute, actor });
        return execute ? delivering(found, signal, work) : work();
      }),
    planRestore: async (operation, options = {}) => {
      const found = { ...(await fresh()), report: () => {} };
      return planRestore(found, { operation, choices: choicesOf(options) });
    },
    restore: (operation, { withoutTriggers = false, signal, ...options } = {}) =>
      running(async (report) => {
        const request = { operation, withoutTriggers, choices: choicesOf(options) };
        const found = { ...(await fresh()), report };
        const signalled = signal ? { signal } : {};
        return delivering(found, signalled, () => restore(found, { ...request, ...signalled }));
      }),
    verify: (options = {}) =>
      running(async (report) => {
        const found = { ...(await fresh()), report };
        const how = { mode: "hard", archive: false, digestRows: 0 } as const;
        return certify(
          {
            ...found,
            plan: (on, target) => planDelete({ ...found, ...on }, { ...how, target }),
            delete: (on, target) => {
              const request = { ...EXPERIMENT, target, archive: false };
              // Told is how many experiments are done; of each delete among them nobody wants to know.
              return carryOut({ ...found, ...on, report: () => {} }, { ...how, target }, request);
            },
            ...(options.signal ? { signal: options.signal } : {}),
          },
          options,
        );
      }),
    orphans: async (options = {}) => findOrphans(await fresh(), options),
    inferRelations: async () => {
      const { model } = await fresh();
      return engine.read({ scratch: false }, (tx) => inferredRelations(tx, { ...engine, model, policy }));
    },
    attempts: async (options = {}) => listAttempts(await fresh(), options),
    attempt: async (name) => findAttempt(await fresh(), name),
    attemptLog: async function* (name) {
      yield* attemptLog(await fresh(), name);
    },
    retry: async (name) => retryAttempt(await fresh(), name),
    deliver: async () => deliver(await fresh()),
    status,
    doctor: async () => diagnose(engine, (await fresh()).model, policy),
    makeJournal: async () => {
      const there = await engine.read({ scratch: false }, (tx) => engine.hasJournal(tx, policy.journal));
      if (!there) await makeJournal(engine, policy.journal, policy.limits);
    },
    grants: async () => {
      const { model } = await fresh();
      return engine.read({ scratch: false }, (tx) => engine.grants(tx, model, policy.journal));
    },
    close: () => engine.close(),
  };
}

/** How a delete is asked for that is taken back. */
const EXPERIMENT = { verb: "delete", expected: { replan: false }, reason: null, actor: null } as const;
/** The documents that a check looks at, each compared with what the database does. */
async function checkedDocuments(
  files: readonly string[],
  documentation: () => Promise<Documentation>,
): Promise<readonly CheckedDocument[]> {
  if (files.length === 0) return [];
  const [texts, is] = [await readTexts(files), await documentation()];
  return texts.map(({ file, text }) => ({ file, check: judgeDocument(readDocument(text), is) }));
}

const readSources = (
  sources: readonly SchemaSource[],
  engine: SourceEngine,
): Promise<readonly SourceSchema[]> => Promise.all(sources.map((source) => source.read(engine)));

/** Does work, and before and after it what is to be done outside of the database. */
async function delivering<T extends object>(
  found: Deliverer,
  { signal }: { readonly signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T & { readonly delivery?: Delivery }> {
  if (!hasOutbox(found.policy)) return work();
  const deliverer = { ...found, ...(signal ? { signal } : {}) };
  await deliverIfPossible(deliverer);
  return { ...(await work()), delivery: await deliverIfPossible(deliverer) };
}

const isPlan = (target: Target | Plan): target is Plan => "kind" in target;

const choicesOf = ({
  onConflict = [],
  rename = "{value} (restored)",
  parents = {},
}: ConflictOptions): Choices => ({
  onConflict: [onConflict].flat(),
  rename,
  parents: new Map(Object.entries(parents).map(([table, key]) => [table, [key].flat()])),
});

const modeOf = (target: Target | Plan, { soft }: PlanOptions): { readonly mode: Plan["mode"] } => ({
  mode: (soft ?? (isPlan(target) && target.mode === "soft")) ? "soft" : "hard",
});

const targetOf = (target: Target | Plan): Target =>
  isPlan(target) ? { table: target.target.table, select: target.target.select } : target;

/** @throws `usage` where an erasure is to be something else too */
function isArchived(target: Target | Plan, options: DeleteOptions): boolean {
  const { archive, erase = false } = options;
  const soft = modeOf(target, options).mode === "soft";
  if (!erase || (archive !== true && !soft)) return !erase && (archive ?? true);
  const what = soft ? "A soft delete keeps the rows" : "An archive keeps the rows";
  throw new OnDeleteError("usage", `${what}, and an erasure is to leave nothing of them.`, {
    hint: soft ? "Leave out one of soft and erase." : "Leave out one of archive and erase.",
  });
}

/** No digest of keys is made that is compared with none. */
const withoutDigest = (target: Target | Plan, { digest }: DeleteOptions) =>
  isPlan(target) || digest !== undefined ? {} : { digestRows: 0 };

function executeRequest(target: Target | Plan, options: DeleteOptions) {
  const { digest, expectRows, replan = false, erase = false, reason = null, actor = null, signal } = options;
  const expected = {
    replan,
    ...(digest === undefined ? {} : { digest }),
    ...(expectRows === undefined ? {} : { rows: expectRows }),
    ...(isPlan(target) ? { plan: target } : {}),
  };
  const request = { verb: "delete", target: targetOf(target), erase, expected, reason, actor } as const;
  return signal ? { ...request, signal } : request;
}
