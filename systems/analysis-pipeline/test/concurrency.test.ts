import { expect, test } from "vitest";
import { deleteProject } from "../before/project-service.ts";
import { connect } from "../database.ts";
import { pipeline } from "../services/pipeline.ts";
import { rowsOf, stage } from "./stage.ts";

const RUN = `insert into analysis_runs (id, project_id, status, version, progress, created_at)
  values ('project-1-2-late', 'project-1-2', 'pending', 99, 0, '2026-01-01T00:00:00.000Z')`;

test("the code that the document prints leaves half of a project behind when it fails", async () => {
  const { database } = await stage("before");
  database.exec(
    "create trigger disk_trouble before delete on deployments begin select raise(abort, 'disk trouble'); end",
  );
  await expect(deleteProject(database, "project-1-2")).rejects.toThrow("disk trouble");
  expect(rowsOf(database, "project-1-2")).toMatchObject({
    projects: 1,
    analysis_runs: 0,
    config_sets: 0,
    deployments: 2,
  });
});

test("the code that the document prints leaves a run behind that is added meanwhile", async () => {
  const { database, file } = await stage("before");
  const other = connect(file, "before");
  await deleteProject(database, "project-1-2", (table) => {
    if (table === "build_runs") other.exec(RUN);
  });
  other.close();
  expect(rowsOf(database, "project-1-2")).toMatchObject({ projects: 0, analysis_runs: 1 });
});

test.each(["after", "before"] as const)(
  "in the state %s a run that is added meanwhile waits, and is refused once the project is gone",
  async (state) => {
    const { database, file } = await stage(state);
    const other = connect(file, state);
    other.exec("pragma busy_timeout = 0");
    const seen: string[] = [];
    const late = await pipeline(other, state);
    const { open } = await import("ondelete");
    const config = (
      await import(state === "after" ? "../ondelete.config.ts" : "../before/ondelete.config.ts")
    ).default;
    const watched = await open(database, {
      ...config,
      hooks: {
        before: () => {
          try {
            other.exec(RUN);
          } catch (error) {
            seen.push((error as Error).message);
          }
        },
      },
    });
    await watched.delete({ table: "projects", select: { kind: "key", values: ["project-1-2"] } });
    expect(seen).toEqual(["database is locked"]);
    if (state === "after")
      await expect(late.analyses.start("project-1-2")).rejects.toThrow("There is no project project-1-2.");
    expect(rowsOf(database, "project-1-2")).toMatchObject({ projects: 0, analysis_runs: 0 });
    other.close();
  },
);
