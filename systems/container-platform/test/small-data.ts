import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { Actor } from "../services/audit.ts";
import type { Stage } from "./stage.ts";

export const ADA: Actor = { uid: "ada", username: "ada" };
export const BEN: Actor = { uid: "ben", username: "ben" };
export const CEM: Actor = { uid: "cem", username: "cem" };

/**
 * Three users, two groups and what is below them, few enough rows to be counted by hand: the group lab with the projects
 * vision and speech, the group shop with the project till.
 */
export async function fillSmall({ platform: { unscoped: db } }: Pick<Stage, "platform">): Promise<void> {
  const users = ["ada", "ben", "cem"].map((uid) => ({ uid, username: uid, email: `${uid}@example.org` }));
  await db.insertInto("users").values(users).execute();
  const groups = ["lab", "shop"].map((gid) => ({ gid, group_name: gid }));
  await db.insertInto("groups").values(groups).execute();
  await db
    .insertInto("user_group")
    .values([
      { uid: "ada", gid: "lab" },
      { uid: "ben", gid: "lab" },
      { uid: "ben", gid: "shop" },
      { uid: "cem", gid: "shop" },
    ])
    .execute();
  await db
    .insertInto("projects")
    .values([
      { pid: "vision", gid: "lab", project_name: "vision" },
      { pid: "speech", gid: "lab", project_name: "speech" },
      { pid: "till", gid: "shop", project_name: "till" },
    ])
    .execute();
  const file = (cfid: string, pid: string) => ({
    cfid,
    pid,
    filename: `${cfid}.yaml`,
    content: "kind: List",
  });
  await db
    .insertInto("config_files")
    .values([file("v1", "vision"), file("v2", "vision"), file("s1", "speech"), file("t1", "till")])
    .execute();
  const resource = (rid: string, cfid: string) => ({ rid, cfid, kind: "pod" as const, name: rid });
  await db
    .insertInto("resources")
    .values([
      resource("r1", "v1"),
      resource("r2", "v1"),
      resource("r3", "v2"),
      resource("r4", "s1"),
      resource("r5", "t1"),
    ])
    .execute();
  const form = (id: string, user_id: string, project_id: string) => ({ id, user_id, project_id, title: id });
  await db
    .insertInto("forms")
    .values([
      form("f1", "ada", "vision"),
      form("f2", "ada", "till"),
      form("f3", "ben", "vision"),
      form("f4", "ben", "till"),
      form("f5", "cem", "speech"),
    ])
    .execute();
  const message = (id: string, form_id: string, user_id: string) => ({ id, form_id, user_id, content: id });
  await db
    .insertInto("form_messages")
    .values([
      message("m1", "f1", "ada"),
      message("m2", "f1", "ben"),
      message("m3", "f2", "cem"),
      message("m4", "f3", "ben"),
      message("m5", "f3", "ada"),
      message("m6", "f4", "cem"),
      message("m7", "f5", "cem"),
    ])
    .execute();
  await fillImages(db);
  const log = (user_id: string) => ({
    user_id,
    actor_name: `${user_id} (${user_id})`,
    action: "create" as const,
    resource_type: "form",
    resource_id: "f0",
  });
  await db
    .insertInto("audit_logs")
    .values([log("ada"), log("ada"), log("ben")])
    .execute();
  const workload = (id: string, user_id: string, project_id: string) => ({
    id,
    user_id,
    project_id,
    name: id,
    image: "python:3.13",
  });
  await db
    .insertInto("course_workloads")
    .values([
      workload("w1", "ada", "vision"),
      workload("w2", "ada", "till"),
      workload("w3", "ben", "vision"),
      workload("w4", "cem", "speech"),
    ])
    .execute();
}

async function fillImages(db: Kysely<Schema>): Promise<void> {
  const repositories = ["python", "node"].map((id) => ({ id, registry: "docker.io", name: id }));
  await db.insertInto("container_repositories").values(repositories).execute();
  await db
    .insertInto("container_tags")
    .values([
      { id: "p1", repository_id: "python", name: "3.12" },
      { id: "p2", repository_id: "python", name: "3.13" },
      { id: "n1", repository_id: "node", name: "24" },
    ])
    .execute();
  const statuses = ["p1", "p2", "n1"].map((tag_id) => ({ id: `status of ${tag_id}`, tag_id }));
  await db.insertInto("cluster_image_statuses").values(statuses).execute();
  const request = (id: string, user_id: string, project_id: string, reviewer_id: string | null) => ({
    id,
    user_id,
    project_id,
    reviewer_id,
    image: "python",
    tag: "3.14",
  });
  await db
    .insertInto("image_requests")
    .values([
      request("q1", "ada", "vision", "ben"),
      request("q2", "ben", "vision", "ada"),
      request("q3", "ben", "till", null),
      request("q4", "cem", "till", "ada"),
    ])
    .execute();
  const allowed = (id: string, project_id: string, tag_id: string, created_by: string) => ({
    id,
    project_id,
    tag_id,
    repository_id: tag_id === "n1" ? "node" : "python",
    created_by,
  });
  await db
    .insertInto("image_allow_lists")
    .values([
      { ...allowed("a1", "vision", "p1", "ben"), request_id: "q1" },
      { ...allowed("a2", "vision", "p2", "ada"), request_id: "q2" },
      { ...allowed("a3", "till", "n1", "ada"), request_id: "q4" },
      { ...allowed("a4", "speech", "p1", "ben"), request_id: null },
    ])
    .execute();
}
