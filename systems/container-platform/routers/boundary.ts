import { createMiddleware } from "hono/factory";
import type { ZodType, z } from "zod";
import { inputOf } from "../../support/boundary.ts";
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
    const refusal = (...why: [message: string, issues?: readonly object[]]) =>
      new PlatformError("invalid", ...why);
    c.set("input", await inputOf(c, schema, refusal));
    await next();
  });
