import { isLive } from "../dialect/marker.ts";
import { allOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { markerKind } from "../model/marker.ts";
import { tableOf } from "../model/model.ts";
import type { Outcome, RowCounts } from "../model/operation.ts";
import { type Blocker, type Key, type Plan, rowsThatGo, type Target } from "../model/plan.ts";
import { hasOutbox, markerOf } from "../model/policy.ts";
import type { Purge, PurgedRetention } from "../model/purge.ts";
import { before, printAge, type Retention } from "../model/retention.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";
import { nearest } from "../std/nearest.ts";
import { expireArchives } from "./expire-archives.ts";
import type { How, PurgeRequest, Purger } from "./purger.ts";

interface Due {
  readonly table: Table;
  readonly retention: Retention;
}

/**
 * Deletes what is older than the policy's retentions allow, batch by batch and each batch through the planner; rows
 * that something keeps are left, and reported.
 * @throws `usage` where the policy has no such retention
 */
export async function purge(purger: Purger, request: PurgeRequest): Promise<Purge> {
  const policies: PurgedRetention[] = [];
  for (const due of wanted(purger, request.policies)) policies.push(await purgeOne(purger, request, due));
  const archives = await expireArchives(purger, request);
  return {
    ondelete: "1",
    kind: "purge",
    engine: purger.engine.info,
    state: request.execute ? "done" : "planned",
    policies,
    ...(archives ? { archives } : {}),
  };
}

function wanted({ model, policy }: Purger, names: readonly string[] | undefined): readonly Due[] {
  const all = Object.entries(policy.tables).flatMap(([id, { retention = [] }]) =>
    retention.map((r) => ({ table: tableOf(model, id), retention: r })),
  );
  // A purge also removes archives, and delivers what waits for it.
  const nothing = policy.keepArchives === null && !hasOutbox(policy);
  if (all.length === 0 && (nothing || names)) {
    throw new OnDeleteError(
      "usage",
      "There is nothing to purge: the configuration gives no table a retention.",
      {
        hint: 'Write a retention: tables: { audit_logs: { retention: { column: "created_at", olderThan: "90 days" } } }.',
      },
    );
  }
  for (const name of names ?? []) {
    const known = all.map((d) => d.retention.name);
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new OnDeleteError("usage", `The configuration has no retention ${name}.`, {
      hint: near ? `Did you mean ${near}?` : `It has: ${known.join(", ")}.`,
      details: { policy: name, nearest: near },
    });
  }
  return names ? all.filter((d) => names.includes(d.retention.name)) : all;
}

/** What came of the batches of one retention so far. */
interface Tally {
  deleted: Record<string, number>;
  updated: Record<string, number>;
  held: number;
  blockers: Map<string, Blocker>;
  batches: number;
  operations: string[];
}

async function purgeOne(purger: Purger, request: PurgeRequest, due: Due): Promise<PurgedRetention> {
  const { table, retention } = due;
  const cutoff = before(await databaseTime(purger, due), retention.olderThan);
  const eligible = eligibleRows(purger, due, cutoff);
  const tally: Tally = { deleted: {}, updated: {}, held: 0, blockers: new Map(), batches: 0, operations: [] };
  const found = await count(purger, table, eligible);
  const batch = request.execute ? deleteBatch : planBatch;
  for (let last: Key | null = null; ; ) {
    const keys = await nextKeys(purger, due, { eligible, last });
    const end = keys.at(-1);
    if (!end) break;
    const within = allOf([
      eligible,
      ...(last ? [beyond(purger, table, ">", last)] : []),
      beyond(purger, table, "<=", end),
    ]);
    await batch(purger, request, { due, tally, target: targetOf(purger, table, within) });
    last = end;
  }
  return {
    policy: retention.name,
    table: table.id,
    mode: retention.mode,
    olderThan: printAge(retention.olderThan),
    cutoff: cutoff.toISOString(),
    eligible: found,
    ...tally,
    blockers: [...tally.blockers.values()],
  };
}

interface Batch {
  readonly due: Due;
  readonly tally: Tally;
  readonly target: Target;
}

async function deleteBatch(
  purger: Purger,
  request: PurgeRequest,
  { due, tally, target }: Batch,
): Promise<void> {
  request.signal?.throwIfAborted();
  const { archive, name } = due.retention;
  const how = { ...howOf(purger, due), archive, reason: `purge ${name}` };
  const whole = await purger.delete(target, how);
  if (whole.state === "done") return add(tally, whole);
  const plan = whole.plan;
  const free = plan?.deletableRoots ?? [];
  hold(tally, (plan?.target.rows ?? 0) - free.length, whole.blockers ?? []);
  if (free.length === 0) return;
  const rest = await purger.delete(keysTarget(purger, due.table, free), how);
  if (rest.state === "done") add(tally, rest);
  else hold(tally, free.length, rest.blockers ?? []);
}

async function planBatch(purger: Purger, _: PurgeRequest, { due, tally, target }: Batch): Promise<void> {
  const how = howOf(purger, due);
  const whole = await purger.plan(target, how);
  if (whole.verdict === "allowed") return addPlanned(tally, whole);
  const free = whole.deletableRoots;
  hold(tally, whole.target.rows - free.length, whole.blockers);
  if (free.length > 0) addPlanned(tally, await purger.plan(keysTarget(purger, due.table, free), how));
}

function howOf({ policy }: Purger, { table, retention }: Due): How {
  const marker = markerOf(table, policy);
  return {
    mode: retention.mode,
    sparesLive: retention.mode === "hard" && marker?.column === retention.column,
  };
}

function add(tally: Tally, { deleted, updated, operation }: Outcome): void {
  if (operation === null) return;
  sumUp(tally.deleted, deleted);
  sumUp(tally.updated, updated);
  tally.batches++;
  tally.operations.push(operation);
}

function addPlanned(tally: Tally, plan: Plan): void {
  if (plan.totals.deleted === 0) return;
  sumUp(tally.deleted, rowsThatGo(plan));
  for (const { table, rows } of plan.updates) sumUp(tally.updated, { [table]: rows });
  tally.batches++;
}

function sumUp(into: Record<string, number>, counts: RowCounts): void {
  for (const [table, rows] of Object.entries(counts)) into[table] = (into[table] ?? 0) + rows;
}

function hold(tally: Tally, rows: number, blockers: readonly Blocker[]): void {
  tally.held += rows;
  for (const blocker of blockers) {
    const id = `${blocker.relation} ${blocker.reason} ${blocker.action}`;
    const known = tally.blockers.get(id);
    tally.blockers.set(id, known ? { ...known, rows: known.rows + blocker.rows } : blocker);
  }
}

/** The server's clock decides, and not that of the machine that purges. */
async function databaseTime({ engine }: Purger, { table, retention }: Due): Promise<Date> {
  const now = engine.syntax.now("milliseconds", columnOf(table, retention.column));
  const [row] = await engine.read({ scratch: false }, (tx) => tx.rows(sql`select ${now} as now`));
  return new Date(Number(row?.now));
}

/** The condition by which rows of the table are old enough, columns by their bare names. */
function eligibleRows({ engine, policy }: Purger, { table, retention }: Due, cutoff: Date): Sql {
  const marker = markerOf(table, policy);
  const column = columnOf(table, retention.column);
  const kind = marker?.column === retention.column ? marker.kind : markerKind(column);
  const value = id(table.name, column.name);
  const numbers: Partial<Record<NonNullable<typeof kind>, number>> = {
    seconds: Math.floor(cutoff.getTime() / 1000),
    milliseconds: cutoff.getTime(),
  };
  const limit = kind ? numbers[kind] : undefined;
  return allOf([
    limit === undefined
      ? engine.syntax.isBefore(value, column, cutoff)
      : sql`${value} < ${raw(String(limit))}`,
    ...(retention.mode === "soft" && marker ? [isLive(table.name, table, marker)] : []),
    ...(retention.where === null ? [] : [sql`(\n${raw(retention.where)}\n)`]),
  ]);
}

async function count({ engine }: Purger, table: Table, condition: Sql): Promise<number> {
  const query = sql`select count(*) as n from ${engine.syntax.rows(table)} where ${condition}`;
  const [row] = await engine.read({ scratch: false }, (tx) => tx.rows(query));
  return Number(row?.n);
}

/** The keys of the next batch, in key order. */
async function nextKeys(
  { engine }: Purger,
  { table, retention }: Due,
  { eligible, last }: { readonly eligible: Sql; readonly last: Key | null },
): Promise<readonly Key[]> {
  const { syntax } = engine;
  const key = identityOf(table);
  const texts = key.map(
    (c, i) => sql`${syntax.text(id(table.name, c), columnOf(table, c))} as ${id(`k${i}`)}`,
  );
  const conditions = [eligible, ...(last ? [beyond({ engine }, table, ">", last)] : [])];
  const order = list(key.map((c) => id(table.name, c)));
  const query = sql`select ${list(texts)} from ${syntax.rows(table)} where ${allOf(conditions)} order by ${order} limit ${raw(String(retention.batchRows))}`;
  const rows = await engine.read({ scratch: false }, (tx) => tx.rows(query));
  return rows.map((row) => Object.fromEntries(key.map((c, i) => [c, row[`k${i}`] ?? ""])));
}

/** Whether a row lies on one side of a key, in key order. */
function beyond({ engine }: Pick<Purger, "engine">, table: Table, side: ">" | "<=", key: Key): Sql {
  const names = identityOf(table);
  const columns = list(names.map((c) => id(table.name, c)));
  const values = list(names.map((c) => engine.syntax.value(key[c] ?? "", columnOf(table, c))));
  return names.length === 1
    ? sql`${columns} ${raw(side)} ${values}`
    : sql`(${columns}) ${raw(side)} (${values})`;
}

function targetOf({ engine }: Pick<Purger, "engine">, table: Table, condition: Sql): Target {
  return { table: table.id, select: { kind: "condition", sql: engine.syntax.print(condition) } };
}

function keysTarget(purger: Purger, table: Table, keys: readonly Key[]): Target {
  const { syntax } = purger.engine;
  const equal = keys.map((key) =>
    allOf(
      identityOf(table).map(
        (c) => sql`${id(table.name, c)} = ${syntax.value(key[c] ?? "", columnOf(table, c))}`,
      ),
    ),
  );
  return targetOf(purger, table, either(equal));
}

/** A disjunction that is not deep: SQLite takes no expression of more than 1,000 levels. */
function either(conditions: readonly Sql[]): Sql {
  const [only] = conditions;
  if (only && conditions.length === 1) return only;
  const half = Math.ceil(conditions.length / 2);
  return sql`(${either(conditions.slice(0, half))} or ${either(conditions.slice(half))})`;
}
