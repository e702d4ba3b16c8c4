import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ZodType, z } from "zod";
import { KitError } from "../errors.ts";

interface Checked<Input> {
  readonly Variables: { readonly input: Input };
}

/**
 * The boundary: nothing behind it sees a request whose path, query and body do not fit the schema.
 * @throws KitError `invalid`, with each field and what is wrong with it
 */
export const checked = <Schema extends ZodType>(schema: Schema) =>
  createMiddleware<Checked<z.output<Schema>>>(async (c, next) => {
    const given = { ...c.req.query(), ...(await bodyOf(c)), ...c.req.param() };
    const { success, data, error } = schema.safeParse(given);
    if (!success) {
      const issues = error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
      throw new KitError("invalid", "The request is not valid.", issues);
    }
    c.set("input", data);
    await next();
  });

async function bodyOf(c: Context): Promise<object> {
  const text = await c.req.text();
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {}
  throw new KitError("invalid", "The body is no JSON object.");
}
