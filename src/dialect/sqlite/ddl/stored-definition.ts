import { OnDeleteError } from "../../../error.ts";
import { TokenCursor } from "../../token-cursor.ts";
import { tokensOf } from "../lexicon.ts";

/** Reads a definition that SQLite stores from its beginning. */
export function cursorOn(source: string): TokenCursor {
  return new TokenCursor(
    source,
    tokensOf(source),
    (at) =>
      new OnDeleteError(
        "engine-error",
        `A definition that SQLite stores could not be read from character ${at} on: ${source}`,
        { hint: "Please report it with the CREATE statement." },
      ),
  );
}
