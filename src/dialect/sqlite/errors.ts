import { type ErrorCode, OnDeleteError } from "../../error.ts";

interface Meaning {
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint?: string;
}

/**
 * Primary result codes that mean something to us.
 * @see https://www.sqlite.org/rescode.html
 */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  5: {
    code: "locked",
    what: "another connection holds the database's lock",
    hint: "Try again when it is done, or wait longer (limits.lockTimeoutMs).",
  },
  6: {
    code: "locked",
    what: "a table is locked by another statement of the same connection",
    hint: "Finish reading the rows of open statements first.",
  },
  8: {
    code: "read-only",
    what: "the database cannot be written",
    hint: "Open the file for writing and check its permissions and those of its folder.",
  },
  13: { code: "disk-full", what: "the disk is full", hint: "Free space; nothing was changed." },
  14: {
    code: "unreachable",
    what: "the database file cannot be opened",
    hint: "Check the path and its permissions.",
  },
  19: {
    code: "constraint-violated",
    what: "a constraint of the database refused the change",
    hint: "Nothing was changed. Plan again: the rows or the schema changed since, or a trigger wrote rows.",
  },
  26: { code: "unreachable", what: "the file is not a SQLite database", hint: "Check the path." },
};

/** SQLite's serialization failure. @see https://www.sqlite.org/rescode.html#busy_snapshot */
const BUSY_SNAPSHOT = 517;

function resultCode(error: object): number | null {
  const code = (error as { readonly errcode?: unknown }).errcode;
  return typeof code === "number" ? code : null;
}

/**
 * A driver's error as ours; an error that is ours already stays as it is. `details.engineCode` is SQLite's extended
 * result code; `details.retriable` is true where another connection wrote after this one's snapshot.
 */
export function toOnDeleteError(error: unknown): OnDeleteError {
  if (error instanceof OnDeleteError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const engineCode = error instanceof Error ? resultCode(error) : null;
  if (engineCode === null) return withoutCode(error, said);
  const meaning = MEANINGS[engineCode & 0xff];
  const retriable = engineCode === BUSY_SNAPSHOT ? { retriable: true } : {};
  const options = { details: { engineCode, engineMessage: said, ...retriable }, cause: error };
  if (!meaning) return new OnDeleteError("engine-error", `SQLite refused the statement: ${said}.`, options);
  return new OnDeleteError(meaning.code, `SQLite: ${meaning.what} (${said}).`, {
    ...options,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
  });
}

function withoutCode(error: unknown, said: string): OnDeleteError {
  const closed = (error as { readonly code?: unknown } | null)?.code === "ERR_INVALID_STATE";
  const options = { details: { engineCode: null, engineMessage: said }, cause: error };
  return closed
    ? new OnDeleteError("unreachable", `The SQLite handle cannot be used: ${said}.`, options)
    : new OnDeleteError("engine-error", `The SQLite driver failed: ${said}.`, options);
}
