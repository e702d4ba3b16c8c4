/** What an installation can set, from the environment. */
export interface Settings {
  /** `postgres://…`, `mysql://…`, `pglite:folder`, or `pglite:` for one in memory. */
  readonly database: string;
  readonly pool: PoolSettings;
  /** A query that takes longer is logged. */
  readonly slowMs: number;
  /** 0 for any that is free. */
  readonly port: number;
  /** How long rows that were deleted softly, and the audit logs, are kept. */
  readonly keepDays: { readonly softDeleted: number; readonly auditLogs: number };
  readonly retentionEveryMinutes: number;
  readonly healthEverySeconds: number;
}

export interface PoolSettings {
  /** How many connections are kept when there is nothing to do. */
  readonly idle: number;
  /** How many there are at most; who needs one more waits. */
  readonly open: number;
  /** How old a connection gets; 0 for no limit. */
  readonly lifetimeSeconds: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The longest that a timer of Node waits is 2^31 - 1 milliseconds. */
const MAX_SECONDS = 2_147_483;
const MAX_MINUTES = 35_791;

/** @throws Error where a number is none, too small or too large */
export function settingsOf(environment: Environment = process.env): Settings {
  const number = (name: string, otherwise: number, least: number, most: number): number => {
    const given = environment[`PLATFORM_${name}`];
    if (given === undefined) return otherwise;
    const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(
      `PLATFORM_${name} is ${JSON.stringify(given)}, and has to be a whole number from ${least} to ${most}.`,
    );
  };
  return {
    database: environment.PLATFORM_DATABASE ?? "pglite:container-platform",
    pool: {
      idle: number("POOL_IDLE", 10, 0, 10_000),
      open: number("POOL_OPEN", 100, 1, 10_000),
      lifetimeSeconds: number("POOL_LIFETIME_SECONDS", 3600, 0, MAX_SECONDS),
    },
    slowMs: number("SLOW_MS", 200, 0, 3_600_000),
    port: number("PORT", 3000, 0, 65_535),
    keepDays: {
      softDeleted: number("KEEP_SOFT_DELETED_DAYS", 30, 0, 36_500),
      auditLogs: number("KEEP_AUDIT_LOGS_DAYS", 90, 0, 36_500),
    },
    retentionEveryMinutes: number("RETENTION_EVERY_MINUTES", 60, 1, MAX_MINUTES),
    healthEverySeconds: number("HEALTH_EVERY_SECONDS", 30, 1, MAX_SECONDS),
  };
}
