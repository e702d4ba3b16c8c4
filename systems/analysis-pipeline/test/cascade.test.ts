import { describe, expect, test } from "vitest";
import { connect } from "../database.ts";
import { BlockedError } from "../services/removal.ts";
import { everything, rowsOf, stage } from "./stage.ts";

/** What the sample data holds of project-1-2. */
const PROJECT = {
  projects: 1,
  analysis_runs: 4,
  analysis_activity_logs: 15,
  config_sets: 3,
  config_activity_logs: 7,
  config_files: 7,
  config_optimizations: 4,
  build_runs: 1,
  deployments: 2,
};

describe.each(["after", "before"] as const)("in the state %s", (state) => {
  test("when a project is deleted, all related data is deleted, and nothing of any other project", async () => {
    const { database, projects } = await stage(state);
    expect(rowsOf(database, "project-1-2")).toEqual(PROJECT);
    const others = ["project-1-1", "project-1-3", "project-2-1", "project-2-2", "project-2-3"];
    const before = others.map((id) => rowsOf(database, id));
    const { removed } = await projects.deleteProject("project-1-2");
    expect(removed).toEqual(PROJECT);
    expect(Object.values(rowsOf(database, "project-1-2"))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(others.map((id) => rowsOf(database, id))).toEqual(before);
  });

  test("when a config set is deleted, its logs, files and optimizations are", async () => {
    const { configs, database } = await stage(state);
    const { removed } = await configs.deleteConfigSet("project-1-2-set-1");
    expect(removed).toEqual({
      config_sets: 1,
      config_activity_logs: 2,
      config_files: 3,
      config_optimizations: 2,
    });
    expect(rowsOf(database, "project-1-2-set-1").config_sets).toBe(0);
  });

  test("when an analysis run is deleted, its logs are", async () => {
    const { analyses, database } = await stage(state);
    const { removed } = await analyses.deleteAnalysisRun("project-1-2-run-1");
    expect(removed).toEqual({ analysis_runs: 1, analysis_activity_logs: 6 });
    expect(rowsOf(database, "project-1-2-run-1").analysis_runs).toBe(0);
  });

  test("a user who owns projects cannot be deleted", async () => {
    const { projects, database } = await stage(state);
    const before = everything(database);
    await expect(projects.deleteUser("user-1")).rejects.toThrow(BlockedError);
    expect(everything(database)).toEqual(before);
    for (const id of ["project-1-1", "project-1-2", "project-1-3"]) await projects.deleteProject(id);
    expect((await projects.deleteUser("user-1")).removed).toEqual({ users: 1 });
  });

  test("a failure half-way leaves everything as it was", async () => {
    const { projects, database } = await stage(state);
    const before = everything(database);
    database.exec(
      "create trigger disk_trouble before delete on deployments begin select raise(abort, 'disk trouble'); end",
    );
    await expect(projects.deleteProject("project-1-2")).rejects.toThrow("disk trouble");
    expect(everything(database)).toEqual(before);
  });

  test("what was deleted can be restored, row for row", async () => {
    const { projects, database } = await stage(state);
    const before = everything(database);
    const { operation } = await projects.deleteProject("project-1-2");
    await projects.restore(operation ?? "");
    expect(everything(database)).toEqual(before);
  });
});

test("`PRAGMA foreign_keys = ON` holds on every connection", async () => {
  const { file } = await stage();
  const other = connect(file);
  expect(() =>
    other.exec("insert into projects (id, user_id, name, created_at) values ('p', 'nobody', '', '')"),
  ).toThrow("FOREIGN KEY constraint failed");
  other.close();
});
