import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
  // Two installations at once, each with the half of the kills.
  await Promise.all([0, 1].map((half) => killAll(PLACES.filter((_, i) => i % 2 === half))));
});

async function killAll(places: readonly Place[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "coverage-kills-"));
  try {
    const points = await prepare(home, places);
    for (const point of points) {
      await kill(home, point);
      await agree(home, point);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A repository for each place; those that are to be restored are deleted, which makes the journal, too. */
async function prepare(home: string, places: readonly Place[]): Promise<readonly Point[]> {
  const application = await openApplication(home, "ann");
  await fill(application.connections, { seed: 1, repositories: places.length, jobs: LOGS, files: 1 });
  const points: Point[] = [];
  for (const [i, place] of places.entries()) {
    const repository = `repo-${i + 1}`;
    const outcome = place.at === "restore" ? await application.repositories.remove(repository) : null;
    points.push({ ...place, repository, operation: outcome?.operation ?? "" });
  }
  await application.close();
  return points;
}

async function kill(home: string, point: Point): Promise<void> {
  const child = spawn(process.execPath, [CHILD, home, JSON.stringify(point)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const [, signal] = await once(child, "close");
  expect([point, signal, signal === "SIGKILL" ? "" : errors]).toEqual([point, "SIGKILL", ""]);
  // A kill before the first move leaves every file where it was; one after the last has moved them all.
  if (point.at === "commit") expect(logsOf(home, point.repository)).toBe(LOGS - done(point));
}

const done = ({ call, way }: Place): number => (way === "before" ? call - 1 : call);

const logsOf = (home: string, repository: string): number =>
  readdirSync(join(home, "data", "logs")).filter((name) => name.startsWith(`${repository}-`)).length;

/** The next process does what was left to do. Then each row has its file in its place, with what it held, and no other has one. */
async function agree(home: string, { repository, at }: Point): Promise<void> {
  const application = await openApplication(home, "ann");
  const jobs: { id: string; repository_id: string; log_path: string }[] =
    await application.connections.reader.query("select id, repository_id, log_path from jobs");
  await application.close();
  expect(jobs.filter((job) => job.repository_id === repository).length).toBe(at === "commit" ? 0 : LOGS);
  const named = jobs.map((job) => job.log_path).sort();
  const found = readdirSync(join(home, "data", "logs"), { recursive: true }).map((f) => `data/logs/${f}`);
  expect(found.sort()).toEqual(named);
  for (const { id, log_path } of jobs.filter((job) => job.repository_id === repository))
    expect(readFileSync(join(home, log_path), "utf8")).toContain(`${id} done`);
}
