import { Hono } from "hono";
import type { K8sClusterService } from "../services/clusters.ts";
import { checked } from "./boundary.ts";
import { clusterInputs as inputs } from "./inputs.ts";

export const clusterRouter = (clusters: K8sClusterService) =>
  new Hono()
    .post("/", checked(inputs.create), async (c) => c.json(await clusters.create(c.get("input")), 201))
    .post("/restore", checked(inputs.restore), async (c) =>
      c.json(await clusters.restore(c.get("input").operation)),
    )
    .get("/", checked(inputs.list), async (c) => {
      const { authUserId, ...page } = c.get("input");
      return c.json(await clusters.findActive(authUserId === undefined ? {} : { authUserId }, page));
    })
    .get("/:id", checked(inputs.one), async (c) => c.json(await clusters.get(c.get("input").id)))
    .patch("/:id", checked(inputs.update), async (c) => {
      const { id, ...change } = c.get("input");
      return c.json(await clusters.update(id, change));
    })
    .delete("/:id", checked(inputs.one), async (c) => c.json(await clusters.softDelete(c.get("input").id)));
