import { type ErrorCode, type ErrorDetails, OnDeleteError } from "../../error.ts";

/** What pg and PGlite put on an error that the server sent. */
interface ServerError {
  readonly message: string;
  readonly code?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly column?: string;
}

/** SQLSTATE, or its class of two letters, to ours. @see https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BY_STATE: Readonly<Record<string, ErrorCode>> = {
  "55P03": "locked",
  "40P01": "locked",
  "40001": "locked",
  "42501": "privilege-missing",
  "25006": "read-only",
  "53100": "disk-full",
  "57014": "interrupted",
  "57P01": "unreachable",
  "57P02": "unreachable",
  "57P03": "unreachable",
  "3D000": "unreachable",
  "53300": "unreachable",
  "08P01": "engine-error", // a message that does not fit, such as a statement with more parameters than values
  "08": "unreachable",
  "23": "constraint-violated",
  "28": "unreachable",
};

/** The server undid the transaction because of others that ran beside it: the same work may succeed when run again. */
const RETRIABLE = new Set(["40001", "40P01"]);

/** Errors of the socket, of name resolution and of pg when the connection ends under a query. */
const CONNECTION =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)|Connection terminated|connection error|not queryable|Client was closed|timeout exceeded when trying to connect|SSL/;

const HINTS: Partial<Record<ErrorCode, string>> = {
  locked: "Another session holds the rows; try again, or raise limits.lockTimeoutMs.",
  "rows-hidden":
    "Connect as a role with BYPASSRLS or as the owner of the table, so that no row stays unseen.",
  "privilege-missing": "Grant the role what is missing; `ondelete doctor --grants` prints the statements.",
  "read-only": "Connect to the primary, or switch default_transaction_read_only off for this role.",
  "disk-full": "Free space on the database server; nothing was changed.",
  unreachable: "Check host, port, database and role in the URL.",
};

/**
 * An error of the driver or the server as one of ours, the original kept as its cause. `details.retriable` is true for
 * a deadlock or a serialization failure, and absent otherwise.
 */
export function translate(error: unknown): OnDeleteError {
  if (error instanceof OnDeleteError) return error;
  const source = serverError(error);
  const code = codeOf(source);
  const hint = HINTS[code];
  return new OnDeleteError(code, withoutPassword(messageOf(code, source)), {
    ...(hint === undefined ? {} : { hint }),
    details: detailsOf(source),
    cause: error,
  });
}

function serverError(error: unknown): ServerError {
  // A host name with several addresses fails with an AggregateError whose own message is empty.
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  if (first instanceof Error) return first as ServerError;
  return { message: String(first) };
}

function codeOf(error: ServerError): ErrorCode {
  const state = error.code ?? "";
  if (state === "42501" && error.message.includes("row-level security")) return "rows-hidden";
  const known = BY_STATE[state] ?? (state.length === 5 ? BY_STATE[state.slice(0, 2)] : undefined);
  if (known) return known;
  return CONNECTION.test(state) || CONNECTION.test(error.message) ? "unreachable" : "engine-error";
}

function messageOf(code: ErrorCode, { message }: ServerError): string {
  switch (code) {
    case "locked":
      return `A lock was not had in time: ${message}.`;
    case "rows-hidden":
      return `Row-level security hides rows that a delete would still take: ${message}.`;
    case "privilege-missing":
      return `The role lacks a privilege: ${message}.`;
    case "read-only":
      return `The database takes no writes here: ${message}.`;
    case "disk-full":
      return `The database server is out of space: ${message}.`;
    case "unreachable":
      return `The database cannot be reached: ${message}.`;
    case "interrupted":
      return `The statement was stopped: ${message}.`;
    case "constraint-violated":
      return `A constraint stands against it: ${message}.`;
    default:
      return `PostgreSQL: ${message}.`;
  }
}

function detailsOf(error: ServerError): ErrorDetails {
  const table = error.table ?? /for (?:table|relation) "?([^"]+)"?$/.exec(error.message)?.[1];
  const facts = {
    engineCode: error.code,
    schema: error.schema,
    table,
    constraint: error.constraint,
    column: error.column,
    retriable: RETRIABLE.has(error.code ?? "") || undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

const withoutPassword = (message: string): string => message.replace(/(:\/\/[^:@/\s]*):[^@\s]*@/g, "$1:***@");
