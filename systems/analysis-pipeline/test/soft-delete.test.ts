import { expect, test } from "vitest";
import { DEPENDENT, everything, stage } from "./stage.ts";

test("a project that is deleted softly is hidden with all that hangs off it, and comes back as it was", async () => {
  const { projects, analyses, database } = await stage();
  const before = everything(database);
  const live = (table: string) =>
    Number(
      database
        .prepare(
          `select count(*) as n from ${table} where (id = ? or id like ? || '-%') and deleted_at is null`,
        )
        .get("project-1-1", "project-1-1")?.n,
    );
  const { operation, removed } = await projects.softDeleteProject("project-1-1");
  expect(Object.keys(removed).sort()).toEqual(["projects", ...DEPENDENT].sort());
  expect(["projects", ...DEPENDENT].map(live)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(await analyses.listFailedAnalyses("project-1-1")).toEqual([]);
  await expect(analyses.start("project-1-1")).rejects.toThrow("There is no project project-1-1.");
  expect(Object.keys(everything(database).projects ?? {})).toHaveLength(6);
  await projects.restore(operation ?? "");
  expect(everything(database)).toEqual(before);
});

test("a restore brings back what one deletion took, and not what was deleted before", async () => {
  const { projects, analyses, database } = await stage();
  const run = "project-1-1-run-1";
  await analyses.deleteAnalysisRun(run);
  const { operation } = await projects.softDeleteProject("project-1-1");
  await projects.restore(operation ?? "");
  expect(database.prepare("select id from analysis_runs where id = ?").get(run)).toBeUndefined();
});
