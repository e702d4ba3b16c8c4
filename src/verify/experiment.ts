import type { Engine, Transaction } from "../dialect/engine.ts";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Outcome as DeleteOutcome } from "../model/operation.ts";
import type { Plan, Target } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { identityOf, type Table, type TableId } from "../model/table.ts";
import { Rows } from "./build-rows.ts";
import { rowNow } from "./built-row.ts";
import { bareDelete } from "./native-path.ts";
import { type Outcome, observe } from "./observe.ts";
import type { Scenario } from "./scenario.ts";
import { type Stage, setStage } from "./stage.ts";
import { Unprovable } from "./unprovable.ts";

/** What a verification is given from outside: an open engine, what is known of the database, and the other verbs. */
export interface Verifier {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly plan: (on: On, target: Target) => Promise<Plan>;
  /** Deletes without an archive, in the transaction that the engine is in. */
  readonly delete: (on: On, target: Target) => Promise<DeleteOutcome>;
  readonly signal?: AbortSignal;
}

/** Where another verb is to work. */
type On = Pick<Ground, "engine" | "model">;

/** The tables and relations that rows are made for, on an engine whose changes are taken back. */
export interface Ground {
  readonly engine: Engine;
  readonly model: Model;
  readonly tables: ReadonlyMap<TableId, Table>;
  readonly relations: ReadonlyMap<TableId, readonly Relation[]>;
  /** See {@link Rows}. */
  readonly seed: number;
}

/** What came of one experiment, on each path that was tried. */
export interface Found {
  readonly native: Outcome | null;
  readonly ondelete: Outcome | null;
  /** What ondelete foretold of the rows; null where it was not asked. */
  readonly plan: Plan | null;
  /** See {@link Stage.entangled}. */
  readonly entangled: string | null;
}

interface Paths {
  readonly native: boolean;
  readonly ondelete: boolean;
}

/** Makes the rows of an experiment, deletes on each path, and takes all of it back. @throws {Unprovable} */
export async function experiment(
  verifier: Verifier,
  ground: Ground,
  { scenario, paths }: { readonly scenario: Scenario; readonly paths: Paths },
): Promise<Found> {
  const { engine } = ground;
  const stage = await engine.write(writeOptions(verifier), (tx) => setUp(ground, scenario, tx));
  const { entangled } = stage;
  const native = paths.native ? await nativeOutcome(verifier, ground, { stage, scenario }) : null;
  if (!paths.ondelete && !scenario.goesToo) return { native, ondelete: null, plan: null, entangled };
  const target = targetOf(stage);
  const plan = await verifier.plan(ground, target);
  if (!paths.ondelete) return { native, ondelete: null, plan, entangled };
  await engine.write(writeOptions(verifier), (tx) => haveJournal(verifier, engine, tx));
  const ondelete = await ownOutcome(verifier, ground, { stage, scenario, target });
  return { native, plan, ondelete, entangled };
}

/** Makes rows that stay, and deletes by the engine's own DELETE alone, which is taken back. @throws {Unprovable} */
export async function nativeOnly(verifier: Verifier, ground: Ground, scenario: Scenario): Promise<Outcome> {
  const stage = await ground.engine.write(writeOptions(verifier), (tx) => setUp(ground, scenario, tx));
  return nativeOutcome(verifier, ground, { stage, scenario });
}

export const writeOptions = ({ policy, signal }: Verifier) => ({
  lockTimeoutMs: policy.limits.lockTimeoutMs,
  ...(signal ? { signal } : {}),
});

function setUp(ground: Ground, scenario: Scenario, tx: Transaction): Promise<Stage> {
  const { engine, tables, relations, seed } = ground;
  const rows = new Rows({
    tx,
    syntax: engine.syntax,
    partitionBounds: engine.partitionBounds,
    deferral: engine.deferral,
    seed,
    tables,
    relations,
  });
  const table = (id: TableId): Table => {
    const found = tables.get(id);
    if (!found) throw new Unprovable(`there is no table ${id}`);
    return found;
  };
  return setStage(rows, scenario, { tables: table, relations });
}

/** Made in what is taken back, where the engine can. */
async function haveJournal({ policy }: Verifier, engine: Engine, tx: Transaction): Promise<void> {
  if (!engine.capabilities.transactionalDdl || (await engine.hasJournal(tx, policy.journal))) return;
  for (const statement of engine.journalTables(policy.journal)) await tx.run(statement);
}

interface Set {
  readonly stage: Stage;
  readonly scenario: Scenario;
}

/** Carries what was seen out of a transaction that is taken back. */
class TakenBack extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super("taken back");
    this.outcome = outcome;
  }
}

async function nativeOutcome(verifier: Verifier, { engine }: Ground, set: Set): Promise<Outcome> {
  const { stage, scenario } = set;
  const waiting = scenario.relation.initiallyDeferred ? stage.child.table : null;
  const work = async (tx: Transaction): Promise<never> => {
    const refusal = await bareDelete(engine, tx, { row: stage.parent, waiting });
    throw new TakenBack(refusal ? refused(refusal) : await seen(engine, tx, set));
  };
  return engine.write(writeOptions(verifier), work).catch((error: unknown) => {
    if (error instanceof TakenBack) return error.outcome;
    throw error;
  });
}

const refused = (reason: string): Outcome => ({ observed: "blocks", reason });

const seen = (engine: Engine, tx: Transaction, { stage, scenario }: Set): Promise<Outcome> =>
  observe((row) => rowNow(tx, engine.syntax, row), stage, scenario);

function targetOf({ parent }: Stage): Target {
  const key = identityOf(parent.table);
  if (key.length === 0) throw new Unprovable(`${parent.table.id} has no key to name a row by`);
  const values = key.map((name) => parent.values.get(name) ?? "");
  return { table: parent.table.partitionOf ?? parent.table.id, select: { kind: "key", values } };
}

/** What ondelete says that it cannot do is no contradiction. */
const NOT_DONE = new Set([
  "unsupported",
  "no-key",
  "journal-missing",
  "privilege-missing",
  "rows-hidden",
  "locked",
]);

async function ownOutcome(
  verifier: Verifier,
  ground: Ground,
  { stage, scenario, target }: Set & { readonly target: Target },
): Promise<Outcome> {
  const { engine } = ground;
  try {
    const { state, blockers } = await verifier.delete(ground, target);
    if (state === "blocked") {
      const ours = blockers?.every((b) => b.reason === "privilege" || b.reason === "required-cycle");
      const reason = (blockers ?? []).map((b) => b.message).join(" ");
      return { observed: ours ? null : "blocks", reason };
    }
    return await engine.read({ scratch: false }, (tx) => seen(engine, tx, { stage, scenario }));
  } catch (error) {
    if (!(error instanceof OnDeleteError) || error.code === "interrupted") throw error;
    if (error.code === "constraint-violated" && engine.capabilities.suspendsActions)
      return {
        observed: null,
        reason: "ondelete does this in a transaction of its own, which cannot be taken back",
      };
    return { observed: NOT_DONE.has(error.code) ? null : "failed", reason: error.message };
  }
}
