import { type Kysely, sql } from "kysely";
import type { Schema } from "../schema.ts";

const KEYS = {
  users: ["uid"],
  groups: ["gid"],
  user_group: ["uid", "gid"],
  projects: ["pid"],
  config_files: ["cfid"],
  resources: ["rid"],
  forms: ["id"],
  form_messages: ["id"],
  container_repositories: ["id"],
  container_tags: ["id"],
  image_requests: ["id"],
  image_allow_lists: ["id"],
  cluster_image_statuses: ["id"],
  audit_logs: ["id"],
  course_workloads: ["id"],
} as const;

export type TableName = keyof typeof KEYS;

/** The rows of each table. */
export type State = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The state without what the audit log has gained since another. */
export const withoutNewEntries = (state: State, since: State): State => {
  const known = new Set(since.audit_logs?.map(({ id }) => id));
  return { ...state, audit_logs: (state.audit_logs ?? []).filter(({ id }) => known.has(id)) };
};

export interface Difference {
  /** Rows that are deleted, by table. */
  readonly deleted: Readonly<Record<string, number>>;
  /** Rows that stay and lose a reference, by table and column. */
  readonly nulled: Readonly<Record<string, number>>;
}

export async function stateOf(db: Kysely<Schema>): Promise<State> {
  const state: Record<string, State[string]> = {};
  for (const [table, keys] of Object.entries(KEYS))
    state[table] = await db
      .selectFrom(table as TableName)
      .selectAll()
      .orderBy(sql.raw(keys.join(", ")))
      .execute();
  return state;
}

/** The state that a bare DELETE leaves, which is rolled back. */
export async function afterBareDelete(db: Kysely<Schema>, table: TableName, id: string): Promise<State> {
  const trx = await db.startTransaction().execute();
  try {
    await trx
      .deleteFrom(table)
      .where(KEYS[table][0] as never, "=", id as never)
      .execute();
    return await stateOf(trx);
  } finally {
    await trx.rollback().execute();
  }
}

/** Rows that are gone, and rows whose reference is, by table and column; a value that became another is an error. */
export function difference(before: State, after: State): Difference {
  const deleted: Record<string, number> = {};
  const nulled: Record<string, number> = {};
  for (const [table, keys] of Object.entries(KEYS)) {
    const keyOf = (row: State[string][number]) => keys.map((key) => row[key]).join();
    const left = new Map(after[table]?.map((row) => [keyOf(row), row]));
    for (const row of before[table] ?? []) {
      const now = left.get(keyOf(row));
      if (now === undefined) deleted[table] = (deleted[table] ?? 0) + 1;
      for (const [column, value] of Object.entries(now ?? {})) {
        if (JSON.stringify(value) === JSON.stringify(row[column])) continue;
        if (value !== null) throw new Error(`${table}.${column} became ${value}.`);
        nulled[`${table}.${column}`] = (nulled[`${table}.${column}`] ?? 0) + 1;
      }
    }
  }
  return { deleted, nulled };
}
