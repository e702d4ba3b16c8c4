import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Logger } from "pino";
import type { Platform } from "./database.ts";
import { PlatformError } from "./errors.ts";
import { healthOf } from "./health.ts";
import type { Metrics } from "./metrics.ts";
import type { Handle } from "./pool.ts";
import type { Known } from "./routers/boundary.ts";
import { platformRouter } from "./routers/platform.ts";
import { servicesOf } from "./services/platform-services.ts";

interface Needs {
  readonly platform: Platform;
  readonly handle: Handle;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * The API process. A refusal is answered with its code and status, what nobody foresaw with 500 and no more: the log
 * has the rest. Who acts is said by the header `x-actor`, the uid of a user; whoever is in front of the API proves it.
 */
export function api({ platform, handle, log, metrics }: Needs): Hono {
  const app = new Hono();
  app.use(measured(metrics));
  app.get("/health", async (c) => {
    const health = await healthOf(platform, handle);
    return c.json(health, health.healthy ? 200 : 503);
  });
  app.get("/metrics", async (c) =>
    c.body(await metrics.registry.metrics(), 200, { "content-type": metrics.registry.contentType }),
  );
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.json(TOO_LARGE, 413) }));
  app.use(known(platform));
  app.route("/", platformRouter(platform, servicesOf(platform), metrics));
  app.notFound((c) => c.json({ code: "not-found", message: "There is no such route.", details: [] }, 404));
  app.onError((error, c) => {
    if (error instanceof PlatformError) {
      const { code, message, details, status } = error;
      return c.json({ code, message, details }, status);
    }
    log.error({ err: error, method: c.req.method, route: routePath(c, -1) }, "request failed");
    return c.json({ code: "failed", message: "The request failed.", details: [] }, 500);
  });
  return app;
}

const TOO_LARGE = { code: "too-large", message: "The body has more than 10 MB.", details: [] };

const measured = (metrics: Metrics) =>
  createMiddleware(async (c, next) => {
    const start = performance.now();
    await next();
    metrics.request({
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      seconds: (performance.now() - start) / 1000,
    });
  });

/** @throws PlatformError `unknown-actor`, `suspended` */
const known = ({ live }: Platform) =>
  createMiddleware<Known>(async (c, next) => {
    const uid = c.req.header("x-actor") ?? "";
    const actor = await live
      .selectFrom("users")
      .select(["uid", "username", "status"])
      .where("uid", "=", uid)
      .executeTakeFirst();
    if (actor === undefined)
      throw new PlatformError("unknown-actor", "The header x-actor has to be the uid of a user.");
    if (actor.status === "suspended") throw new PlatformError("suspended", `${uid} is suspended.`);
    c.set("actor", { uid: actor.uid, username: actor.username });
    await next();
  });
