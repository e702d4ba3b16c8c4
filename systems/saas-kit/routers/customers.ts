import { Hono } from "hono";
import type { CustomerService } from "../services/customers.ts";
import { checked } from "./boundary.ts";
import { customerInputs as inputs } from "./inputs.ts";

export const customerRouter = (customers: CustomerService) =>
  new Hono()
    .post("/", checked(inputs.create), async (c) => c.json(await customers.create(c.get("input")), 201))
    .post("/restore", checked(inputs.restore), async (c) =>
      c.json(await customers.restore(c.get("input").operation)),
    )
    .get("/", checked(inputs.list), async (c) => {
      const { authUserId, ...page } = c.get("input");
      return c.json(await customers.findActive(authUserId === undefined ? {} : { authUserId }, page));
    })
    .get("/:id", checked(inputs.one), async (c) => c.json(await customers.get(c.get("input").id)))
    .patch("/:id", checked(inputs.update), async (c) => {
      const { id, ...change } = c.get("input");
      return c.json(await customers.update(id, change));
    })
    .delete("/:id", checked(inputs.one), async (c) => c.json(await customers.softDelete(c.get("input").id)));
