import type { Transaction } from "../dialect/engine.ts";
import { id, list, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import {
  countAttempts,
  type Entry,
  markFailed,
  markMissing,
  pendingEntries,
  removeEntries,
} from "../journal/outbox.ts";
import type { FileStore } from "../model/file-store.ts";
import { tableOf } from "../model/model.ts";
import { columnsOfStore } from "../model/policy.ts";
import { type Deliverer, placeIn, type Tally, writeOptions } from "./deliverer.ts";

/** So many files are moved in one transaction, under the locks of their entries. */
const BATCH = 2_000;

/** What one run of the delivery knows. */
interface Run {
  readonly deliverer: Deliverer;
  readonly tally: Tally;
  /** Paths, or operations, of which an earlier entry failed. */
  readonly failed: Set<string>;
}

/**
 * Moves files, in order and a batch at a time. A batch waits for the entries of whoever else delivers, and does not skip
 * them: what is skipped may have to come first, as a file has to be set aside before it is brought back.
 */
export async function deliverFiles(deliverer: Deliverer, tally: Tally): Promise<void> {
  const run = { deliverer, tally, failed: new Set<string>() };
  for (let after: string | null = "0"; after !== null; ) {
    const from: string = after;
    after = await deliverer.engine.write(writeOptions(deliverer), (tx) => deliverBatch(run, tx, from));
  }
}

/** @returns the last entry's id; null where none is left */
async function deliverBatch(run: Run, tx: Transaction, after: string): Promise<string | null> {
  const place = placeIn(run.deliverer, tx);
  const entries = await pendingEntries(place, { of: "files", after, limit: BATCH }, "locked");
  if (entries.length === 0) {
    // Those that were waited for are done; others may have come after them.
    const [next] = await pendingEntries(place, { of: "files", after, limit: 1 }, "as they are");
    return next ? String(BigInt(next.id) - 1n) : null;
  }
  await countAttempts(place, entries);
  const named = await stillNamed(run.deliverer, tx, entries);
  const done: string[] = [];
  const missing: string[] = [];
  for (const entry of entries) {
    const end = await deliverFile(run, entry, named);
    if (end === "missing") missing.push(entry.id);
    else if (typeof end === "string") done.push(entry.id);
    else await markFailed(place, entry.id, end.message);
  }
  await removeEntries(place, done);
  await markMissing(place, missing);
  return entries.at(-1)?.id ?? null;
}

/** What became of an entry, or why it stays. */
type End = "done" | "kept" | "missing" | { readonly message: string };

async function deliverFile(
  { deliverer, tally, failed }: Run,
  entry: Entry,
  named: ReadonlySet<string>,
): Promise<End> {
  const waitsFor = entry.kind === "forget" ? entry.operation : entry.body;
  if (failed.has(waitsFor)) return { message: "An earlier step for the same file failed." };
  try {
    const end = await carryOut(storeOf(deliverer, entry), entry, named);
    if (end === "missing") tally.missing++;
    else if (end === "kept") tally.kept++;
    else tally.delivered++;
    return end;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    failed.add(entry.body).add(entry.operation);
    const { table, column } = entry.subject;
    tally.failures.push({
      operation: entry.operation,
      kind: "file",
      subject: `${table}.${column}`,
      message,
    });
    return { message };
  }
}

async function carryOut(store: FileStore, entry: Entry, named: ReadonlySet<string>): Promise<End> {
  const { kind, body: path, operation } = entry;
  if (kind === "forget") {
    await store.forget(operation);
    return "done";
  }
  if (kind === "back") return (await store.bringBack(path, operation)) ? "done" : "missing";
  if (named.has(entry.id)) return "kept";
  if (kind === "aside") return (await store.moveAside(path, operation)) ? "done" : "missing";
  await store.remove(path);
  return "done"; // what is not there need not be removed
}

function storeOf({ policy }: Deliverer, { subject }: Entry): FileStore {
  const file = policy.tables[subject.table]?.files?.find((f) => f.column === subject.column);
  if (file) return file.store;
  throw new OnDeleteError(
    "config-invalid",
    `The configuration does not say any more where the files of ${subject.table}.${subject.column} are.`,
    { hint: "Write the entry `files` of the table again, and deliver." },
  );
}

/**
 * Entries whose file must not go, because a row names it again: one that was restored, or that came since. A row that is
 * written at this very moment is not seen.
 */
async function stillNamed(
  { engine, model, policy }: Deliverer,
  tx: Transaction,
  entries: readonly Entry[],
): Promise<ReadonlySet<string>> {
  const { syntax } = engine;
  const going = entries.filter((e) => e.kind === "aside" || e.kind === "remove");
  const out = new Set<string>();
  for (const [subject, group] of Map.groupBy(going, (e) => JSON.stringify(e.subject))) {
    const { table, column } = JSON.parse(subject) as Entry["subject"];
    const file = policy.tables[table]?.files?.find((f) => f.column === column);
    for (const holder of file ? columnsOfStore(policy, file.store) : []) {
      const path = id("o", holder.column);
      const paths = list(group.map((e) => sql`${e.body}`));
      const rows = await tx.rows(
        sql`select distinct ${syntax.plainText(path)} as p from ${syntax.rows(tableOf(model, holder.table))} as o where ${path} in (${paths})`,
      );
      const found = new Set(rows.map((row) => row.p));
      for (const entry of group) if (found.has(entry.body)) out.add(entry.id);
    }
  }
  return out;
}
