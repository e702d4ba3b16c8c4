import type { MySession } from "./connection.ts";

/** Session variables and their values. */
export type Settings = Readonly<Record<string, string | number>>;

/** What makes a value be refused and not bent, a zero be a zero, and dates that the server once took be taken again. */
const MODES = ["STRICT_ALL_TABLES", "NO_AUTO_VALUE_ON_ZERO", "ALLOW_INVALID_DATES"];

/** What makes zero dates be refused and blanks be added to values. */
const OTHER_MODES = new Set([
  "NO_ZERO_DATE",
  "NO_ZERO_IN_DATE",
  "PAD_CHAR_TO_FULL_LENGTH",
  "STRICT_TRANS_TABLES",
  "TRADITIONAL",
]);

/**
 * What decides how values print, which rows are seen and how long a lock is waited for, so that a plan, its digest and
 * an archive say the same in every session. @see https://mariadb.com/kb/en/server-system-variables/
 */
export function settingsFor({ lockTimeoutMs, idleTimeoutMs }: Waits): Settings {
  const seconds = lockTimeoutMs === undefined ? null : inSeconds(lockTimeoutMs);
  return {
    time_zone: "+00:00",
    sql_auto_is_null: 0,
    sql_big_selects: 1,
    sql_safe_updates: 0,
    sql_select_limit: UNLIMITED,
    group_concat_max_len: LONGEST,
    ...(seconds === null ? {} : { innodb_lock_wait_timeout: seconds, lock_wait_timeout: seconds }),
    ...(idleTimeoutMs === undefined ? {} : { idle_transaction_timeout: inSeconds(idleTimeoutMs) }),
  };
}

/** How long the server waits. */
export interface Waits {
  readonly lockTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

const inSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const UNLIMITED = "18446744073709551615";
/** The most that MariaDB takes (measured on 10.11). */
const LONGEST = "1073741824";

export interface Applied {
  /** The session's number, to end its statements by. */
  readonly session: string;
  /** Whether a transaction that the caller began sees one snapshot. */
  readonly snapshot: boolean;
  /** Gives the session its own settings back. */
  readonly restore: () => Promise<void>;
}

/** What may be changed on the way. */
const OWN = ["sql_mode", "foreign_key_checks"];

const READ = ["tx_isolation", "transaction_isolation", "pseudo_thread_id"];

/** Sets session variables. */
export async function apply(session: MySession, settings: Settings): Promise<Applied> {
  const now = await readVariables(session, Object.keys(settings));
  const before = new Map([...OWN, ...Object.keys(settings)].map((name) => [name, now.get(name) ?? ""]));
  await set(
    session,
    new Map([["sql_mode", modesOf(now.get("sql_mode") ?? "")], ...Object.entries(settings)]),
  );
  const isolation = now.get("transaction_isolation") ?? now.get("tx_isolation") ?? "";
  return {
    session: now.get("pseudo_thread_id") ?? "0",
    snapshot: isolation === "REPEATABLE-READ" || isolation === "SERIALIZABLE",
    restore: () => set(session, before),
  };
}

/** A limit that the application has set cuts SHOW too, and not a SELECT with a limit of its own. */
async function readVariables(
  session: MySession,
  settings: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...OWN, ...READ, ...settings].map((name) => `'${name}'`).join(", ");
  const text = `show session variables where variable_name in (${names})`;
  const show = async () => {
    const { rows } = await session.query({ text, values: [] });
    return new Map(rows.map((row) => [row.Variable_name ?? "", row.Value ?? ""]));
  };
  const found = await show();
  if ([...OWN, ...settings].every((name) => found.has(name))) return found;
  const { rows } = await session.query({ text: "select @@sql_select_limit as value limit 1", values: [] });
  await set(session, new Map([["sql_select_limit", UNLIMITED]]));
  return (await show()).set("sql_select_limit", rows[0]?.value ?? UNLIMITED);
}

function modesOf(now: string): string {
  const kept = now.split(",").filter((mode) => mode !== "" && !OTHER_MODES.has(mode));
  return [...new Set([...kept, ...MODES])].join(",");
}

async function set(session: MySession, values: ReadonlyMap<string, string | number>): Promise<void> {
  const assignments = [...values].map(([name, value]) => `${name} = ${literal(value)}`);
  await session.query({ text: `set session ${assignments.join(", ")}`, values: [] });
}

/** Values are the server's own: switches, numbers, and names of modes and time zones. */
const literal = (value: string | number): string => {
  if (/^(\d+|ON|OFF)$/.test(String(value))) return String(value);
  return `'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
};
