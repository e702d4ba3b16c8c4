import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ZodType, z } from "zod";
import { PlatformError } from "../errors.ts";
import type { Actor } from "../services/audit.ts";

/** What every handler behind the boundary is given. */
export interface Known {
  readonly Variables: { readonly actor: Actor };
}

interface Checked<Input> {
  readonly Variables: Known["Variables"] & { readonly input: Input };
}

/**
 * The boundary: nothing behind it sees a request whose path, query and body do not fit the schema.
 * @throws PlatformError `invalid`, with each field and what is wrong with it
 */
export const checked = <Schema extends ZodType>(schema: Schema) =>
  createMiddleware<Checked<z.output<Schema>>>(async (c, next) => {
    const given = { ...c.req.query(), ...(await bodyOf(c)), ...c.req.param() };
    const { success, data, error } = schema.safeParse(given);
    if (!success) {
      const issues = error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
      throw new PlatformError("invalid", "The request is not valid.", issues);
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
  throw new PlatformError("invalid", "The body is no JSON object.");
}
