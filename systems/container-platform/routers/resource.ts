import { Hono } from "hono";
import { notFound } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { HidingService, type RemovalService } from "../services/removal.ts";
import { checked, type Known } from "./boundary.ts";
import { one, removal, restore } from "./inputs.ts";

interface Kind {
  readonly name: string;
  readonly service: RemovalService;
  /** The live row of an id. */
  find(id: string): Promise<object | undefined>;
}

/** What is the same for all that can be deleted: one row, what its delete would do, the delete, the restore. */
export function resourceRouter({ name, service, find }: Kind, metrics: Metrics): Hono<Known> {
  const router = new Hono<Known>();
  router.get("/:id", checked(one), async (c) => {
    const { id } = c.get("input");
    const row = await find(id);
    if (row === undefined) throw notFound(name, id);
    return c.json(row);
  });
  router.get("/:id/deletion", checked(one), async (c) => c.json(await service.preview(c.get("input").id)));
  const hiding = service instanceof HidingService ? service : null;
  router.delete("/:id", checked(hiding ? removal.hidden : removal.destroyed), async (c) => {
    const { id, way } = c.get("input");
    const removed = await (hiding && way === "hide"
      ? hiding.hide(id, c.get("actor"))
      : service.destroy(id, c.get("actor")));
    metrics.removed(way === "hide" ? "hidden" : "deleted", removed);
    return c.json(removed);
  });
  router.post("/:id/restore", checked(restore), async (c) => {
    const { id, operation } = c.get("input");
    await service.restore(id, operation, c.get("actor"));
    return c.body(null, 204);
  });
  return router;
}
