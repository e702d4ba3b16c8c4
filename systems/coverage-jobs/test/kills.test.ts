import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openApplication } from "../application.ts";
import { fill } from "../sample-data.ts";
import { LOGS, PLACES, type Place, type Point } from "./points.ts";

const CHILD = join(import.meta.dirname, "killed-child.ts");

test("files are deleted after the commit, never before, and also when the process dies: after 50 kills files and rows agree", {
  timeout: 170_000,
}, async () => {
  expect(PLACES.length).toBe(50);
  const home = mkdtempSync(join(tmpdir(), "coverage-kills-"));
  try {
    const first = await openApplication(home, "ann");
    await fill(first.connections, { seed: 1, repositories: PLACES.length + 1, jobs: LOGS, files: 1 });
    // The journal is made by the first delete; a transaction of one's own, which is rolled back here, finds it.
    const { operation } = await first.repositories.remove("repo-51");
    await first.repositories.restore(operation ?? "");
    await first.close();
    for (const [i, place] of PLACES.entries()) {
      const repository = `repo-${i + 1}`;
      await kill(home, repository, place);
      await agree(home, { repository, isGone: place.at === "commit" });
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

async function kill(home: string, repository: string, place: Place): Promise<void> {
  const point: Point = { ...place, repository, operation: await toRestore(home, repository, place) };
  const { signal, stderr } = spawnSync(process.execPath, [CHILD, home, JSON.stringify(point)], {
    encoding: "utf8",
  });
  expect([place, signal, signal === "SIGKILL" ? "" : stderr]).toEqual([place, "SIGKILL", ""]);
  // A kill before the first move leaves every file where it was; one at the last has moved them.
  if (place.at === "commit") expect(logsOf(home, repository)).toBe(LOGS - done(place));
}

const done = ({ call, way }: Place): number => (way === "before" ? call - 1 : call);

const logsOf = (home: string, repository: string): number =>
  readdirSync(join(home, "data", "logs")).filter((name) => name.startsWith(`${repository}-`)).length;

/** What a restore is to take back. */
async function toRestore(home: string, repository: string, { at }: Place): Promise<string> {
  if (at !== "restore") return "";
  const application = await openApplication(home, "ann");
  const { operation } = await application.repositories.remove(repository);
  await application.close();
  expect(logsOf(home, repository)).toBe(0);
  return operation ?? "";
}

/** The next process does what was left to do. Then each row has its file in its place, with what it held, and no other has one. */
async function agree(
  home: string,
  { repository, isGone }: { readonly repository: string; readonly isGone: boolean },
): Promise<void> {
  const application = await openApplication(home, "ann");
  const jobs: { id: string; repository_id: string; log_path: string }[] =
    await application.connections.reader.query("select id, repository_id, log_path from jobs");
  await application.close();
  expect(jobs.filter((job) => job.repository_id === repository).length).toBe(isGone ? 0 : LOGS);
  const named = jobs.map((job) => job.log_path).sort();
  const found = readdirSync(join(home, "data", "logs"), { recursive: true }).map((f) => `data/logs/${f}`);
  expect(found.sort()).toEqual(named);
  for (const { id, log_path } of jobs.filter((job) => job.repository_id === repository))
    expect(readFileSync(join(home, log_path), "utf8")).toContain(`${id} done`);
  expect(existsSync(join(home, ".ondelete"))).toBe(true);
}
