import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { openApplication } from "../application.ts";
import { fill, type Size } from "../sample-data.ts";

const opened: { readonly home: string; close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { home, close } of opened.splice(0)) {
    await close();
    rmSync(home, { recursive: true, force: true });
  }
});

const SMALL: Size = { seed: 5, repositories: 2, jobs: 4, files: 6 };

/** An application with sample data, in a folder of its own. */
export async function stage(size: Size = SMALL) {
  const home = mkdtempSync(join(tmpdir(), "coverage-jobs-"));
  const application = await openApplication(home, "ann");
  opened.push({ home, close: application.close });
  await fill(application.connections, size);
  const rows = (sql: string, ...values: readonly unknown[]): Promise<Record<string, unknown>[]> =>
    application.connections.reader.query(sql, [...values]);
  return {
    ...application,
    home,
    rows,
    values: async (sql: string) => (await rows(sql)).map((row) => Object.values(row)[0]),
    hasLog: (id: string) => existsSync(join(home, "data", "logs", `${id}.log`)),
    everything: async () =>
      Object.fromEntries(
        await Promise.all(TABLES.map(async (t) => [t, await rows(`select * from ${t} order by id`)])),
      ),
  };
}

const TABLES = ["repositories", "jobs", "file_coverages", "test_generation_requests"];
