import { Hono } from "hono";
import type { Kit } from "./database.ts";
import { KitError } from "./errors.ts";
import { clusterRouter } from "./routers/clusters.ts";
import { customerRouter } from "./routers/customers.ts";
import { userRouter } from "./routers/users.ts";
import { K8sClusterService } from "./services/clusters.ts";
import { CustomerService } from "./services/customers.ts";
import { UserDeletionService } from "./services/user-deletion-service.ts";
import { UserService } from "./services/users.ts";

/** The three routers. A refusal is answered with its code: 400, 404 or 409. */
export function api(kit: Kit): Hono {
  const app = new Hono();
  app.route("/users", userRouter(new UserService(kit), new UserDeletionService(kit)));
  app.route("/customers", customerRouter(new CustomerService(kit)));
  app.route("/clusters", clusterRouter(new K8sClusterService(kit)));
  app.onError((error, c) => {
    if (!(error instanceof KitError)) return c.json({ code: "failed", message: "The request failed." }, 500);
    const { code, message, details } = error;
    return c.json({ code, message, details }, error.status);
  });
  return app;
}
