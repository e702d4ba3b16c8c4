import { describe, expect, test } from "vitest";
import { settingsOf } from "../settings.ts";

test("unless told otherwise: 10 idle, 100 open, one hour lifetime; soft-deleted rows for 30 days, audit logs for 90", () => {
  expect(settingsOf({})).toEqual({
    database: "pglite:container-platform",
    pool: { idle: 10, open: 100, lifetimeSeconds: 3600 },
    slowMs: 200,
    port: 3000,
    keepDays: { softDeleted: 30, auditLogs: 90 },
    retentionEveryMinutes: 60,
    healthEverySeconds: 30,
  });
});

test("every setting comes from the environment", () => {
  const settings = settingsOf({
    PLATFORM_DATABASE: "postgres://db.example.org/platform",
    PLATFORM_POOL_IDLE: "1",
    PLATFORM_POOL_OPEN: "2",
    PLATFORM_POOL_LIFETIME_SECONDS: "3",
    PLATFORM_SLOW_MS: "4",
    PLATFORM_PORT: "0",
    PLATFORM_KEEP_SOFT_DELETED_DAYS: "6",
    PLATFORM_KEEP_AUDIT_LOGS_DAYS: "7",
    PLATFORM_RETENTION_EVERY_MINUTES: "8",
    PLATFORM_HEALTH_EVERY_SECONDS: "9",
  });
  expect(settings).toEqual({
    database: "postgres://db.example.org/platform",
    pool: { idle: 1, open: 2, lifetimeSeconds: 3 },
    slowMs: 4,
    port: 0,
    keepDays: { softDeleted: 6, auditLogs: 7 },
    retentionEveryMinutes: 8,
    healthEverySeconds: 9,
  });
});

describe("a wrong number is refused by its name, and what it has to be is said", () => {
  test.each(["", " ", "ten", "-1", "1.5", "1e3", "0x10", "10 "])("%j is no whole number", (given) => {
    expect(() => settingsOf({ PLATFORM_POOL_IDLE: given })).toThrow(
      `PLATFORM_POOL_IDLE is ${JSON.stringify(given)}, and has to be a whole number from 0 to 10000.`,
    );
  });

  test.each([
    ["POOL_OPEN", "0", "from 1 to 10000"],
    ["PORT", "65536", "from 0 to 65535"],
    ["SLOW_MS", "3600001", "from 0 to 3600000"],
    ["KEEP_SOFT_DELETED_DAYS", "36501", "from 0 to 36500"],
    ["KEEP_AUDIT_LOGS_DAYS", "36501", "from 0 to 36500"],
    ["RETENTION_EVERY_MINUTES", "0", "from 1 to 35791"],
    ["RETENTION_EVERY_MINUTES", "35792", "from 1 to 35791"],
    ["HEALTH_EVERY_SECONDS", "0", "from 1 to 2147483"],
    ["POOL_LIFETIME_SECONDS", "2147484", "from 0 to 2147483"],
  ])("PLATFORM_%s=%s", (name, given, range) => {
    expect(() => settingsOf({ [`PLATFORM_${name}`]: given })).toThrow(
      `PLATFORM_${name} is "${given}", and has to be a whole number ${range}.`,
    );
  });
});
