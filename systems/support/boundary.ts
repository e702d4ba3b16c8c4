import type { Context } from "hono";
import type { ZodType, z } from "zod";

/** Makes the error by which a request is refused. */
type Refusal = (message: string, issues?: readonly object[]) => Error;

/**
 * What a request says in its path, query and body, which have to fit the schema.
 * @throws the refusal, with each field and what is wrong with it
 */
export async function inputOf<Schema extends ZodType>(
  c: Context,
  schema: Schema,
  refusal: Refusal,
): Promise<z.output<Schema>> {
  const body = objectOf(await c.req.text());
  if (body === null) throw refusal("The body is no JSON object.");
  const { success, data, error } = schema.safeParse({ ...c.req.query(), ...body, ...c.req.param() });
  if (success) return data;
  const issues = error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  throw refusal("The request is not valid.", issues);
}

function objectOf(text: string): object | null {
  if (text === "") return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}
