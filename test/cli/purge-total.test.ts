import { expect, test } from "vitest";
import { rowsPurged } from "../../src/cli/render/purge.ts";
import type { Purge, PurgedRetention } from "../../src/index.ts";

const retention = (
  table: string,
  given: Pick<PurgedRetention, "deleted" | "batches" | "eligible">,
): PurgedRetention => ({
  policy: table,
  table,
  mode: "hard",
  olderThan: "30 days",
  cutoff: "2026-01-01T00:00:00.000Z",
  updated: {},
  held: 0,
  blockers: [],
  operations: [],
  ...given,
});

const purge = (state: Purge["state"], ...policies: PurgedRetention[]): Purge => ({
  ondelete: "1",
  kind: "purge",
  engine: { name: "sqlite", version: "3" },
  state,
  policies,
});

const logs = retention("logs", { deleted: { logs: 2500 }, batches: 3, eligible: 2500 });
const forms = retention("forms", { deleted: { forms: 2, messages: 6 }, batches: 1, eligible: 2 });
const messages = retention("messages", { deleted: { messages: 7 }, batches: 1, eligible: 7 });
const folders = retention("folders", { deleted: { folders: 1200 }, batches: 2, eligible: 1100 });
const jobs = retention("jobs", { deleted: { jobs: 1500, steps: 40 }, batches: 2, eligible: 1500 });

test.for<[name: string, Purge, said: string]>([
  ["rows of one table in several batches", purge("planned", logs), "2,500 rows"],
  ["two retentions that do not meet", purge("planned", logs, forms), "2,508 rows"],
  ["rows below those of another retention", purge("planned", forms, messages), "at most 15 rows"],
  ["a table that references itself, in several batches", purge("planned", folders), "at most 1,200 rows"],
  ["rows below those of several batches", purge("planned", jobs), "at most 1,540 rows"],
  ["what was deleted", purge("done", forms, messages), "15 rows"],
])("a purge says how many rows go, and where batches may meet, at most how many: %s", ([, given, said]) => {
  expect(rowsPurged(given)).toBe(said);
});
