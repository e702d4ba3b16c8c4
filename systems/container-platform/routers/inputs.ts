import { z } from "zod";

/** One line that PostgreSQL can hold and people can read: no control characters. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, "It has a control character.");

/** Several lines, as many as both databases hold. */
const text = z
  .string()
  .min(1)
  .max(16_000)
  .regex(/^[\P{Cc}\n\r\t]*$/u, "It has a control character.");
const id = z.string().regex(/^[\w-]{1,21}$/, "An id of at most 21 letters and digits.");
const many = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).max(10_000);
const page = { limit: z.coerce.number().int().min(1).max(100).exactOptional(), after: id.exactOptional() };
const note = text.nullable().default(null);
const formStatus = z.enum(["pending", "processing", "completed", "rejected"]);
const memberRole = z.enum(["member", "manager", "owner"]);
const kind = z.enum(["pod", "deployment", "service", "config_map", "ingress", "job"]);

export const one = z.strictObject({ id });
export const list = z.strictObject(page);
export const restore = z.strictObject({ id, operation: line(100) });

const way = z.enum(["hide", "destroy"]);
export const removal = {
  /** Of what can be hidden: that, unless told otherwise. */
  hidden: z.strictObject({ id, way: way.default("hide") }),
  /** Of what cannot: it has to be said. */
  destroyed: z.strictObject({ id, way: way.extract(["destroy"]) }),
};

export const userInputs = {
  create: z.strictObject({
    username: line(50),
    email: z.email().max(255),
    full_name: line(100).nullable().default(null),
    role: z.enum(["user", "manager", "admin"]).default("user"),
  }),
};

export const groupInputs = {
  create: z.strictObject({ group_name: line(100), description: note }),
  addMembers: z.strictObject({ id, uids: many(id), role: memberRole.default("member") }),
  removeMember: z.strictObject({ id, uid: id }),
};

export const projectInputs = {
  list: z.strictObject({ ...page, gid: id.exactOptional() }),
  create: z.strictObject({
    gid: id,
    project_name: line(100),
    description: note,
    gpu_quota: z.number().int().min(0).max(10_000).default(0),
  }),
  addConfigs: z.strictObject({
    id,
    files: many(
      z.strictObject({
        filename: line(200),
        content: text,
        resources: z
          .array(
            z.strictObject({
              kind,
              name: line(100),
              definition: z.record(z.string(), z.json()).exactOptional(),
            }),
          )
          .max(1000)
          .default([]),
      }),
    ),
  }),
  images: z.strictObject({ ...page, id }),
};

export const formInputs = {
  list: z.strictObject({
    ...page,
    user_id: id.exactOptional(),
    project_id: id.exactOptional(),
    status: formStatus.exactOptional(),
  }),
  search: z.strictObject({ ...page, words: line(200) }),
  create: z.strictObject({
    project_id: id,
    title: line(200),
    description: note,
    tag: line(50).nullable().default(null),
  }),
  addMessages: z.strictObject({ id, contents: many(text) }),
  setStatus: z.strictObject({ ids: many(id), status: formStatus }),
};

export const imageInputs = {
  list: z.strictObject({
    ...page,
    user_id: id.exactOptional(),
    project_id: id.exactOptional(),
    status: z.enum(["pending", "approved", "rejected"]).exactOptional(),
  }),
  request: z.strictObject({
    requests: many(
      z.strictObject({
        project_id: id,
        image: z
          .string()
          .max(250)
          .regex(
            /^[a-z0-9]+([._:/-]+[a-z0-9]+)*$/,
            "The name of an image, such as registry.example.org/team/app.",
          ),
        tag: z.string().regex(/^\w[\w.-]{0,127}$/, "The tag of an image, such as 1.0."),
      }),
    ),
  }),
  approve: z.strictObject({ id, note }),
  reject: z.strictObject({ id, note: text }),
};

export const auditInputs = {
  list: z.strictObject({
    limit: page.limit,
    after: z
      .string()
      .regex(/^\d{1,15}$/, "The number of an entry.")
      .exactOptional(),
    user_id: id.exactOptional(),
    resource_type: line(50).exactOptional(),
    resource_id: line(50).exactOptional(),
  }),
};
