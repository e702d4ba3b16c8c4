import { createMiddleware } from "hono/factory";
import type { ZodType, z } from "zod";
import { inputOf } from "../../support/boundary.ts";
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
    const refusal = (...why: [message: string, issues?: readonly object[]]) =>
      new KitError("invalid", ...why);
    c.set("input", await inputOf(c, schema, refusal));
    await next();
  });
