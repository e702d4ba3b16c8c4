import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { HookEvent, RowsEvent } from "../model/hook.ts";
import type { Key } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";
import type { ArchivePlace } from "./archive.ts";
import { enqueue } from "./outbox.ts";

/** Rows that hooks are told of. */
export interface HookRows {
  readonly table: Table;
  /** What follows FROM: the table's columns under the alias `t`. */
  readonly from: Sql;
}

/** Rows in one event. */
const BATCH = 500;
/** Rows that are read at once. */
const PAGE = 20 * BATCH;

export interface Announcement {
  readonly policy: Policy;
  readonly event: Omit<HookEvent, "key">;
  readonly rows: readonly HookRows[];
  readonly at: Date;
}

/**
 * Calls the hooks that come before an operation, and writes down what those are to be told that come after it.
 * @throws `hook-refused` where a hook throws
 */
export async function announce(place: ArchivePlace, announcement: Announcement): Promise<void> {
  const { policy, event, rows, at } = announcement;
  const { hooks } = policy;
  const key = `${event.operation}-${event.verb}-before`;
  if (hooks.before) await asked(() => hooks.before?.({ key, ...event }));
  if (hooks.after) {
    const subject = { table: "", column: null };
    await enqueue(place, { kind: "hook", subject, body: JSON.stringify(event), at });
  }
  for (const some of rows) if (hooks.rows?.[some.table.id]) await announceRows(place, announcement, some);
}

async function announceRows(
  place: ArchivePlace,
  { policy, event, at }: Announcement,
  rows: HookRows,
): Promise<void> {
  const { id: table } = rows.table;
  const pair = policy.hooks.rows?.[table];
  const external = policy.external.filter((r) => r.parent === table).map((r) => r.id);
  const { verb, operation, mode } = event;
  let batch = 0;
  for await (const keys of keyBatches(place, policy, rows)) {
    const told: Omit<RowsEvent, "key"> = { verb, operation, mode, table, keys, external };
    const key = `${operation}-${verb}-before-${table}-${++batch}`;
    if (pair?.before) await asked(() => pair.before?.({ key, ...told }));
    const subject = { table, column: null };
    if (pair?.after) await enqueue(place, { kind: "hook", subject, body: JSON.stringify(told), at });
  }
}

async function asked(hook: () => unknown): Promise<void> {
  try {
    await hook();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new OnDeleteError("hook-refused", `A hook refuses the operation: ${why}`, {
      hint: "Nothing was changed. What it says comes from your own configuration.",
      cause,
    });
  }
}

async function* keyBatches(
  { tx, syntax }: ArchivePlace,
  policy: Policy,
  { table, from }: HookRows,
): AsyncGenerator<readonly Key[]> {
  const key = identityOf(table);
  const referenced = policy.external.filter((r) => r.parent === table.id).flatMap((r) => r.parentColumns);
  const columns = [...new Set([...key, ...referenced])];
  const text = (c: string) => syntax.text(id("t", c), columnOf(table, c));
  const values = list(columns.map((c, i) => sql`${text(c)} as ${id(`k${i}`)}`));
  const order = list(key.map((c) => id("t", c)));
  for (let last: Key | null = null; ; ) {
    const beyond: Sql = last ? sql` where ${after(syntax, table, last)}` : raw("");
    const rows = await tx.rows(
      sql`select ${values} from ${from}${beyond} order by ${order} limit ${raw(String(PAGE))}`,
    );
    const keys = rows.map((row): Key => Object.fromEntries(columns.map((c, i) => [c, row[`k${i}`] ?? ""])));
    for (let i = 0; i < keys.length; i += BATCH) yield keys.slice(i, i + BATCH);
    last = keys.at(-1) ?? null;
    if (keys.length < PAGE) return;
  }
}

/** Whether a row comes after a key, in key order. */
function after(syntax: ArchivePlace["syntax"], table: Table, key: Key): Sql {
  const names = identityOf(table);
  const columns = list(names.map((c) => id("t", c)));
  const values = list(names.map((c) => syntax.value(key[c] ?? "", columnOf(table, c))));
  return names.length === 1 ? sql`${columns} > ${values}` : sql`(${columns}) > (${values})`;
}
