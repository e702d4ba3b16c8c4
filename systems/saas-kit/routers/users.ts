import { Hono } from "hono";
import type { UserDeletionService } from "../services/user-deletion-service.ts";
import type { UserService } from "../services/users.ts";
import { checked } from "./boundary.ts";
import { userInputs as inputs } from "./inputs.ts";

/** DELETE hides a user with everything below, because that is what can be taken back by anybody. */
export const userRouter = (users: UserService, deletion: UserDeletionService) =>
  new Hono()
    .post("/", checked(inputs.create), async (c) => c.json(await users.create(c.get("input")), 201))
    .post("/restore", checked(inputs.restore), async (c) => c.json(await deletion.restore(c.get("input"))))
    .get("/", checked(inputs.list), async (c) => c.json(await users.list(c.get("input"))))
    .get("/:id", checked(inputs.one), async (c) => c.json(await users.get(c.get("input").id)))
    .get("/:id/summary", checked(inputs.one), async (c) =>
      c.json(await deletion.getUserSummary(c.get("input").id)),
    )
    .patch("/:id", checked(inputs.update), async (c) => {
      const { id, ...change } = c.get("input");
      return c.json(await users.update(id, change));
    })
    .delete("/:id", checked(inputs.one), async (c) =>
      c.json(await deletion.softDeleteUser(c.get("input").id)),
    );
