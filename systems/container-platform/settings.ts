/** What an installation can set, from the environment. */
export interface Settings {
  /** `postgres://…`, `mysql://…`, `pglite:folder`, or `pglite:` for one in memory. */
  readonly database: string;
  readonly pool: PoolSettings;
  /** A query that takes longer is logged. */
  readonly slowMs: number;
  readonly port: number;
  /** How long rows that were deleted softly, and the audit logs, are kept. */
  readonly keepDays: { readonly softDeleted: number; readonly auditLogs: number };
  readonly retentionEveryMinutes: number;
  readonly healthEverySeconds: number;
}

export interface PoolSettings {
  readonly idle: number;
  readonly open: number;
  readonly lifetimeSeconds: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error where a number is none */
export function settingsOf(environment: Environment = process.env): Settings {
  const number = (name: string, otherwise: number): number => {
    const given = environment[`PLATFORM_${name}`];
    if (given === undefined) return otherwise;
    if (!/^\d+$/.test(given))
      throw new Error(
        `PLATFORM_${name} is ${JSON.stringify(given)}, and has to be a whole number, 0 or more.`,
      );
    return Number(given);
  };
  return {
    database: environment.PLATFORM_DATABASE ?? "pglite:container-platform",
    pool: {
      idle: number("POOL_IDLE", 10),
      open: number("POOL_OPEN", 100),
      lifetimeSeconds: number("POOL_LIFETIME_SECONDS", 3600),
    },
    slowMs: number("SLOW_MS", 200),
    port: number("PORT", 3000),
    keepDays: {
      softDeleted: number("KEEP_SOFT_DELETED_DAYS", 30),
      auditLogs: number("KEEP_AUDIT_LOGS_DAYS", 90),
    },
    retentionEveryMinutes: number("RETENTION_EVERY_MINUTES", 60),
    healthEverySeconds: number("HEALTH_EVERY_SECONDS", 30),
  };
}
