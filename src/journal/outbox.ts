import type { Engine, Transaction } from "../dialect/engine.ts";
import { list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Policy } from "../model/policy.ts";
import type { TableId } from "../model/table.ts";
import type { ArchivePlace } from "./archive.ts";

/**
 * What is to be done after the commit: a file set aside, brought back or removed, all that an operation set aside
 * removed for good, or a hook called.
 */
export type EntryKind = "aside" | "back" | "remove" | "forget" | "hook";

/** What an entry is about: a column of paths, or what a hook is called for; no column for the operation as a whole. */
export interface Subject {
  readonly table: TableId;
  readonly column: string | null;
}

export interface Entry {
  /** In the order of writing; never given twice. */
  readonly id: string;
  readonly operation: string;
  readonly kind: EntryKind;
  readonly subject: Subject;
  /** The path of a file, or an event as JSON. */
  readonly body: string;
  readonly attempts: number;
}

/** Where the outbox is. */
export interface OutboxPlace {
  readonly engine: Engine;
  readonly tx: Transaction;
  readonly journal: Policy["journal"];
}

const tableOf = ({ engine, journal }: Pick<OutboxPlace, "engine" | "journal">): Sql =>
  engine.syntax.journal("outbox", journal);

/** Writes an entry for each body that a select yields, as `body`; they commit with the data. */
export function enqueueAll(
  { tx, syntax, journal, operation }: ArchivePlace,
  { kind, subject, at }: Pick<Entry, "kind" | "subject"> & { readonly at: Date },
  bodies: Sql,
): Promise<number> {
  const about = JSON.stringify([subject.table, subject.column]);
  return tx.run(
    sql`insert into ${syntax.journal("outbox", journal)} (operation, kind, subject, body, state, attempts, created) select ${operation}, ${kind}, ${about}, b.body, 'pending', 0, ${at.toISOString()} from (${bodies}) as b`,
  );
}

/** Writes one entry. */
export async function enqueue(
  { tx, syntax, journal, operation }: ArchivePlace,
  { kind, subject, body, at }: Pick<Entry, "kind" | "subject" | "body"> & { readonly at: Date },
): Promise<void> {
  const about = JSON.stringify([subject.table, subject.column]);
  await tx.run(
    sql`insert into ${syntax.journal("outbox", journal)} (operation, kind, subject, body, state, attempts, created) values (${operation}, ${kind}, ${about}, ${body}, 'pending', 0, ${at.toISOString()})`,
  );
}

/** Which entries are asked for. */
export interface Wanted {
  readonly of: "files" | "hooks";
  /** Only those after this one. */
  readonly after: string;
  readonly limit: number;
  readonly operation?: string;
}

/** Entries that are not delivered yet, in order. */
export async function pendingEntries(
  place: OutboxPlace,
  { of, after, limit, operation }: Wanted,
  lock: "locked" | "as they are",
): Promise<readonly Entry[]> {
  const { forUpdate } = place.engine.syntax;
  const rows = await place.tx.rows(
    sql`select id, operation, kind, subject, body, attempts from ${tableOf(place)} where state = 'pending' and kind ${raw(of === "hooks" ? "=" : "<>")} 'hook' and id > ${raw(after)}${operation === undefined ? raw("") : sql` and operation = ${operation}`} order by id limit ${raw(String(limit))} ${lock === "locked" && forUpdate ? forUpdate() : raw("")}`,
  );
  return rows.map((row) => {
    const [table, column] = JSON.parse(row.subject ?? "[]") as [TableId, string | null];
    return {
      id: row.id ?? "",
      operation: row.operation ?? "",
      kind: row.kind as EntryKind,
      subject: { table, column },
      body: row.body ?? "",
      attempts: Number(row.attempts),
    };
  });
}

/** How many entries are not delivered yet. */
export async function countPending(place: OutboxPlace): Promise<number> {
  const [row] = await place.tx.rows(sql`select count(*) as n from ${tableOf(place)} where state = 'pending'`);
  return Number(row?.n);
}

/** Takes delivered entries out: what they say of rows is not to outlive its use. */
export async function removeEntries(place: OutboxPlace, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await place.tx.run(sql`delete from ${tableOf(place)} where id in (${list(ids.map(raw))})`);
}

/** Notes that the file of an entry was found nowhere. */
export async function markMissing(place: OutboxPlace, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await place.tx.run(sql`update ${tableOf(place)} set state = 'missing' where id in (${list(ids.map(raw))})`);
}

/** Notes why an entry could not be delivered. */
export async function markFailed(place: OutboxPlace, id: string, error: string): Promise<void> {
  await place.tx.run(sql`update ${tableOf(place)} set error = ${error} where id = ${raw(id)}`);
}

/** Notes that delivery of the entries is tried. */
export async function countAttempts(place: OutboxPlace, entries: readonly Entry[]): Promise<void> {
  const ids = list(entries.map((e) => raw(e.id)));
  await place.tx.run(sql`update ${tableOf(place)} set attempts = attempts + 1 where id in (${ids})`);
}

/** Takes one attempt at an entry for this process; false where another process has it. */
export async function claim(place: OutboxPlace, { id, attempts }: Entry): Promise<boolean> {
  const changed = await place.tx.run(
    sql`update ${tableOf(place)} set attempts = attempts + 1 where id = ${raw(id)} and attempts = ${raw(String(attempts))} and state = 'pending'`,
  );
  return changed === 1;
}
