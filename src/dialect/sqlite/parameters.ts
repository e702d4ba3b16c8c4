import { OnDeleteError } from "../../error.ts";
import type { Statement } from "../sql.ts";
import { tokensOf } from "./lexicon.ts";

/**
 * Refuses a statement whose parameters are not exactly its values, as it gets them from a condition with a `?` of its
 * own: SQLite takes the missing values for null in silence. To be called with text that SQLite has prepared.
 * @throws {OnDeleteError} `engine-error`
 * @see https://www.sqlite.org/lang_expr.html#parameters
 */
export function requireValues({ text, values }: Statement): void {
  // Every parameter has one of these characters, so that where there are no more of them nothing is left to look for.
  if ((text.match(/[?:@$]/g)?.length ?? 0) === values.length) return;
  const signs = tokensOf(text).filter(({ kind, value }) => kind === "sign" && /^[?:@$]$/.test(value));
  if (signs.length === values.length) return;
  throw new OnDeleteError(
    "engine-error",
    `SQLite refused the statement: it has ${signs.length} parameters for ${values.length} values.`,
    { hint: "Write the value itself into the condition, in place of ?, :name, @name or $name." },
  );
}
