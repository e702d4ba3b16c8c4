import type { Engine, Transaction } from "../dialect/engine.ts";
import { isLive } from "../dialect/marker.ts";
import { allOf, id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { rootCondition, targetTable } from "../dialect/target.ts";
import { OnDeleteError } from "../error.ts";
import type { Attempt, AttemptsPolicy } from "../model/attempts.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { Key, Selection, Target } from "../model/plan.ts";
import { markerOf, type Policy } from "../model/policy.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";

export interface Finder {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
}

/** A table whose rows are attempts. */
export interface AttemptsTable {
  readonly table: Table;
  readonly attempts: AttemptsPolicy;
}

/**
 * The tables whose rows are attempts, by name; the one that is named.
 * @throws OnDeleteError `usage` where there is none; `no-key`, `unknown-table`
 */
export function attemptsTables(
  { model, policy }: Finder,
  name: string | undefined,
): readonly AttemptsTable[] {
  const all = Object.entries(policy.tables).flatMap(([id, { attempts }]) =>
    attempts ? [{ table: keyed(model, id), attempts }] : [],
  );
  const named = name === undefined ? undefined : targetTable(model, { table: name, select: ANY });
  const found = named ? all.filter((a) => a.table === named) : all;
  if (found.length > 0) return found.toSorted((a, b) => (a.table.id < b.table.id ? -1 : 1));
  const message = named
    ? `The configuration does not say which rows of ${named.id} are attempts.`
    : "The configuration says of no table which rows are attempts.";
  throw new OnDeleteError("usage", message, {
    hint: 'Write: tables: { runs: { attempts: { status: "status", failed: ["failed"], newest: "created_at" } } }.',
  });
}

const ANY: Selection = { kind: "columns", values: {} };

const keyed = (model: Model, id: string): Table =>
  targetTable(model, { table: tableOf(model, id).id, select: ANY });

/** A condition on the rows of a table whose attempt failed and that are not deleted softly, columns by the table's name. */
export function failedRows({ engine, policy }: Finder, { table, attempts }: AttemptsTable): Sql {
  const { syntax } = engine;
  const status = columnOf(table, attempts.status);
  const values = attempts.failed.map(
    (text) => sql`${id(table.name, status.name)} = ${syntax.value(text, status)}`,
  );
  const marker = markerOf(table, policy);
  return allOf([sql`(${join(values, " or ")})`, ...(marker ? [isLive(table.name, table, marker)] : [])]);
}

/** Rows whose attempt failed, newest first; among those of one moment the highest key first. */
export async function failedAttempts(
  finder: Finder,
  tx: Transaction,
  of: AttemptsTable,
  { limit, select }: { readonly limit: number; readonly select?: Selection },
): Promise<readonly Attempt[]> {
  const { syntax } = finder.engine;
  const { table, attempts } = of;
  const key = identityOf(table);
  const shown = [...key, attempts.status, attempts.newest, ...attempts.errors];
  const texts = shown.map(
    (name, i) => sql`${syntax.text(id(table.name, name), columnOf(table, name))} as ${id(`c${i}`)}`,
  );
  const where = allOf([failedRows(finder, of), ...(select ? [rootCondition(syntax, table, select)] : [])]);
  const newest = id(table.name, attempts.newest);
  const order = [
    sql`case when ${newest} is null then 1 else 0 end`,
    sql`${newest} desc`,
    ...key.map((name) => sql`${id(table.name, name)} desc`),
  ];
  const rows = await tx.rows(
    sql`select ${list(texts)} from ${syntax.rows(table)} where ${where} order by ${list(order)} limit ${raw(String(limit))}`,
  );
  return rows.map((row) => {
    const [values, rest] = [shown.map((_, i) => row[`c${i}`] ?? null), key.length];
    const named = Object.fromEntries(key.map((name, i) => [name, values[i] ?? ""]));
    const status = values[rest] ?? "";
    return {
      table: table.id,
      key: named,
      status,
      at: values[rest + 1] ?? null,
      errors: Object.fromEntries(attempts.errors.map((name, i) => [name, values[rest + 2 + i] ?? null])),
      target: targetOf(of, named, status),
    };
  });
}

const targetOf = ({ table, attempts }: AttemptsTable, key: Key, status: string): Target => ({
  table: table.id,
  select: { kind: "columns", values: { ...key, [attempts.status]: status } },
});

/** What names one attempt: its key, and its table where several have attempts. */
export interface AttemptName {
  readonly table?: string;
  /** The key's values in order, or by column. */
  readonly key: readonly string[] | Key;
}

/**
 * The attempt that is named, in whichever table has it.
 * @throws OnDeleteError `not-found` where no failed attempt has this key; `usage` where several tables have one
 */
export async function namedAttempt(
  finder: Finder,
  tx: Transaction,
  name: AttemptName,
): Promise<NamedAttempt> {
  const tables = attemptsTables(finder, name.table);
  const found: NamedAttempt[] = [];
  const misfits: OnDeleteError[] = [];
  for (const of of tables) {
    const attempt = await lookUp(finder, tx, of, name);
    if (attempt instanceof OnDeleteError) misfits.push(attempt);
    else if (attempt) found.push({ ...of, attempt });
  }
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  const key = Object.values(name.key).join(", ");
  const ids = (list: readonly AttemptsTable[]) => list.map((t) => t.table.id).join(", ");
  if (first)
    throw new OnDeleteError("usage", `Several tables have a failed attempt ${key}: ${ids(found)}.`, {
      hint: "Name one of them with --table.",
    });
  if (misfits[0] && misfits.length === tables.length) throw misfits[0];
  throw new OnDeleteError("not-found", `No failed attempt of ${ids(tables)} has the key ${key}.`, {
    hint: "`ondelete attempts` lists them; an attempt that runs, or that succeeded, is none.",
    details: { key: name.key },
  });
}

/** An attempt and the policy of its table. */
export interface NamedAttempt extends AttemptsTable {
  readonly attempt: Attempt;
}

/** The failed attempt that a table has under a key; null for none, an error where the key cannot be one of the table's. */
async function lookUp(
  finder: Finder,
  tx: Transaction,
  of: AttemptsTable,
  { key }: AttemptName,
): Promise<Attempt | null | OnDeleteError> {
  const select: Selection = isList(key) ? { kind: "key", values: key } : { kind: "columns", values: key };
  try {
    const found = await tx.attempt(() => failedAttempts(finder, tx, of, { limit: 1, select }));
    return found instanceof OnDeleteError ? misfit(of.table, found) : (found[0] ?? null);
  } catch (error) {
    if (error instanceof OnDeleteError && (error.code === "bad-key" || error.code === "unknown-column"))
      return error;
    throw error;
  }
}

const misfit = (table: Table, cause: OnDeleteError): OnDeleteError =>
  new OnDeleteError("bad-key", `The key given for ${table.id} does not fit its columns: ${cause.message}`, {
    hint: `The key is (${identityOf(table).join(", ")}).`,
    cause,
  });

const isList = (key: AttemptName["key"]): key is readonly string[] => Array.isArray(key);
