import { Hono } from "hono";
import type { Platform } from "../database.ts";
import type { Metrics } from "../metrics.ts";
import type { Services } from "../services/platform-services.ts";
import { checked, type Known } from "./boundary.ts";
import {
  auditInputs,
  formInputs,
  groupInputs,
  imageInputs,
  list,
  projectInputs,
  userInputs,
} from "./inputs.ts";
import { resourceRouter } from "./resource.ts";

/** The routes of all that the platform has. Lists are pages: `limit` (20, at most 100) and `after`, the last id of the page before. */
export function platformRouter(
  { live }: Platform,
  { users, groups, projects, forms, images, audit }: Services,
  metrics: Metrics,
): Hono<Known> {
  const app = new Hono<Known>();

  app.get("/users", checked(list), async (c) => c.json(await users.list(c.get("input"))));
  app.post("/users", checked(userInputs.create), async (c) =>
    c.json(await users.create(c.get("input"), c.get("actor")), 201),
  );
  const user = (uid: string) =>
    live.selectFrom("users").selectAll().where("uid", "=", uid).executeTakeFirst();
  app.route("/users", resourceRouter({ name: "user", service: users, find: user }, metrics));

  app.get("/groups", checked(list), async (c) => c.json(await groups.list(c.get("input"))));
  app.post("/groups", checked(groupInputs.create), async (c) =>
    c.json({ gid: await groups.create(c.get("input"), c.get("actor")) }, 201),
  );
  app.post("/groups/:id/members", checked(groupInputs.addMembers), async (c) => {
    const { id, uids, role } = c.get("input");
    await groups.addMembers(id, uids, c.get("actor"), role);
    return c.body(null, 204);
  });
  app.delete("/groups/:id/members/:uid", checked(groupInputs.removeMember), async (c) => {
    const { id, uid } = c.get("input");
    await groups.removeMember(id, uid, c.get("actor"));
    return c.body(null, 204);
  });
  const group = (gid: string) =>
    live.selectFrom("groups").selectAll().where("gid", "=", gid).executeTakeFirst();
  app.route("/groups", resourceRouter({ name: "group", service: groups, find: group }, metrics));

  app.get("/projects", checked(projectInputs.list), async (c) => {
    const { limit, after, ...where } = c.get("input");
    return c.json(await projects.list(where, { limit, after }));
  });
  app.post("/projects", checked(projectInputs.create), async (c) =>
    c.json({ pid: await projects.create(c.get("input"), c.get("actor")) }, 201),
  );
  app.post("/projects/:id/configs", checked(projectInputs.addConfigs), async (c) => {
    const { id, files } = c.get("input");
    return c.json({ cfids: await projects.addConfigs(id, files, c.get("actor")) }, 201);
  });
  app.get("/projects/:id/images", checked(projectInputs.images), async (c) => {
    const { id, ...page } = c.get("input");
    return c.json(await images.allowed(id, page));
  });
  const project = (pid: string) =>
    live.selectFrom("projects").selectAll().where("pid", "=", pid).executeTakeFirst();
  app.route("/projects", resourceRouter({ name: "project", service: projects, find: project }, metrics));

  app.get("/forms", checked(formInputs.list), async (c) => {
    const { limit, after, ...where } = c.get("input");
    return c.json(await forms.list(where, { limit, after }));
  });
  app.get("/forms/search", checked(formInputs.search), async (c) => {
    const { words, ...page } = c.get("input");
    return c.json(await forms.search(words, page));
  });
  app.post("/forms", checked(formInputs.create), async (c) =>
    c.json({ id: await forms.create(c.get("input"), c.get("actor")) }, 201),
  );
  app.put("/forms/status", checked(formInputs.setStatus), async (c) => {
    const { ids, status } = c.get("input");
    await forms.setStatus(ids, status, c.get("actor"));
    return c.body(null, 204);
  });
  app.post("/forms/:id/messages", checked(formInputs.addMessages), async (c) => {
    const { id, contents } = c.get("input");
    return c.json({ ids: await forms.addMessages(id, contents, c.get("actor")) }, 201);
  });
  const form = (id: string) => live.selectFrom("forms").selectAll().where("id", "=", id).executeTakeFirst();
  app.route("/forms", resourceRouter({ name: "form", service: forms, find: form }, metrics));

  app.get("/image-requests", checked(imageInputs.list), async (c) => {
    const { limit, after, ...where } = c.get("input");
    return c.json(await images.listRequests(where, { limit, after }));
  });
  app.post("/image-requests", checked(imageInputs.request), async (c) =>
    c.json({ ids: await images.request(c.get("input").requests, c.get("actor")) }, 201),
  );
  app.post("/image-requests/:id/approve", checked(imageInputs.approve), async (c) => {
    const { id, note } = c.get("input");
    return c.json({ allowed: await images.approve(id, c.get("actor"), note) });
  });
  app.post("/image-requests/:id/reject", checked(imageInputs.reject), async (c) => {
    const { id, note } = c.get("input");
    await images.reject(id, c.get("actor"), note);
    return c.body(null, 204);
  });
  const request = (id: string) =>
    live.selectFrom("image_requests").selectAll().where("id", "=", id).executeTakeFirst();
  app.route(
    "/image-requests",
    resourceRouter({ name: "image request", service: images, find: request }, metrics),
  );

  app.get("/repositories", checked(list), async (c) => c.json(await images.listRepositories(c.get("input"))));
  app.get("/audit", checked(auditInputs.list), async (c) => {
    const { limit, after, ...where } = c.get("input");
    const entries = await audit.list(where, { limit, after });
    // PostgreSQL's driver has such numbers as text.
    return c.json(entries.map((entry) => ({ ...entry, id: Number(entry.id) })));
  });
  return app;
}
