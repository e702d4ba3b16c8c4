import { type Context, Hono } from "hono";
import { OnDeleteError } from "ondelete";
import type { Pipeline } from "./services/pipeline.ts";
import { BlockedError, type Removal } from "./services/removal.ts";

/** The deletion endpoints: 200 with what was removed, 404, 409 with what stands in the way. */
export function api({ projects, configs, analyses }: Pipeline): Hono {
  const app = new Hono();
  const answer = async (c: Context, removal: Promise<Removal>) => c.json(await removal);
  app.delete("/projects/:id", (c) => answer(c, projects.deleteProject(c.req.param("id"))));
  app.delete("/config-sets/:id", (c) => answer(c, configs.deleteConfigSet(c.req.param("id"))));
  app.delete("/analysis-runs/:id", (c) => answer(c, analyses.deleteAnalysisRun(c.req.param("id"))));
  app.delete("/users/:id", (c) => answer(c, projects.deleteUser(c.req.param("id"))));
  app.get("/projects/:id/failed-analyses", async (c) =>
    c.json(await analyses.listFailedAnalyses(c.req.param("id"))),
  );
  app.get("/projects/:id/failed-configs", async (c) =>
    c.json(await configs.listFailedConfigs(c.req.param("id"))),
  );
  app.post("/analysis-runs/:id/retry", async (c) => c.json(await analyses.retry(c.req.param("id")), 201));
  app.post("/config-sets/:id/retry", async (c) => c.json(await configs.retry(c.req.param("id")), 201));
  app.onError((error, c) => {
    if (error instanceof BlockedError) return c.json({ error: error.message, blockers: error.blockers }, 409);
    if (error instanceof OnDeleteError)
      return c.json({ error: error.message, code: error.code }, error.httpStatus as 404 | 409 | 500);
    return c.json({ error: error.message }, 404);
  });
  return app;
}
