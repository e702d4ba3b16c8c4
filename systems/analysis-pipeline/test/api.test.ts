import { expect, test } from "vitest";
import { api } from "../api.ts";
import { stage } from "./stage.ts";

test("a deletion endpoint answers 200 with what was removed per table, 404, and 409 with the blockers", async () => {
  const app = api(await stage());
  const remove = async (path: string) => {
    const response = await app.request(path, { method: "DELETE" });
    return [response.status, await response.json()] as const;
  };
  expect(await remove("/analysis-runs/project-1-2-run-1")).toEqual([
    200,
    { operation: expect.any(String), removed: { analysis_runs: 1, analysis_activity_logs: 6 } },
  ]);
  expect(await remove("/config-sets/project-1-2-set-1")).toMatchObject([
    200,
    { removed: { config_files: 3 } },
  ]);
  expect(await remove("/projects/project-1-2")).toMatchObject([
    200,
    { removed: { projects: 1, deployments: 2 } },
  ]);
  expect(await remove("/projects/project-1-2")).toMatchObject([404, { code: "not-found" }]);
  expect(await remove("/users/user-1")).toMatchObject([
    409,
    { blockers: [{ relation: "projects(user_id) -> users(id)", reason: "restrict", rows: 2 }] },
  ]);
});

test("failed attempts are listed and retried over HTTP", async () => {
  const { database, ...services } = await stage();
  database.exec(
    `update config_sets set status = 'failed', error_message = 'no base image' where id = 'project-1-2-set-1'`,
  );
  const app = api(services);
  const listed = await (await app.request("/projects/project-1-2/failed-configs")).json();
  expect(listed).toMatchObject([{ id: "project-1-2-set-1", errorMessage: "no base image", logs: [{}, {}] }]);
  const retried = await app.request("/config-sets/project-1-2-set-1/retry", { method: "POST" });
  expect([retried.status, await retried.json()]).toEqual([201, { id: expect.any(String), version: 4 }]);
  expect((await app.request("/config-sets/nothing/retry", { method: "POST" })).status).toBe(404);
});
