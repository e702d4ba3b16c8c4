import { type ErrorCode, type ErrorDetails, OnDeleteError } from "../../error.ts";

/** What mysql2 puts on an error, of its own or of the server. */
interface DriverError {
  readonly message: string;
  /** The symbolic name of the server's error, or the socket's. */
  readonly code?: string;
  readonly errno?: number;
  readonly sqlState?: string;
}

/** Error numbers to ours. @see https://mariadb.com/kb/en/mariadb-error-code-reference/ */
const BY_NUMBER: Readonly<Record<number, ErrorCode>> = {
  1020: "locked", // the row changed since the snapshot (innodb_snapshot_isolation)
  1021: "disk-full",
  1040: "unreachable",
  1044: "privilege-missing",
  1045: "unreachable",
  1048: "constraint-violated",
  1049: "unreachable",
  1053: "unreachable",
  1062: "constraint-violated",
  1114: "disk-full",
  1130: "unreachable",
  1137: "unsupported", // MySQL cannot read a temporary table twice in one statement
  1142: "privilege-missing",
  1143: "privilege-missing",
  1203: "unreachable",
  1205: "locked",
  1213: "locked",
  1216: "constraint-violated",
  1217: "constraint-violated",
  1227: "privilege-missing",
  1290: "read-only",
  1317: "interrupted",
  1364: "constraint-violated",
  1451: "constraint-violated",
  1452: "constraint-violated",
  1698: "unreachable",
  1792: "read-only",
  1836: "read-only",
  1927: "unreachable", // the connection was killed
  1969: "interrupted",
  3024: "interrupted",
  3572: "locked",
  3819: "constraint-violated",
  4025: "constraint-violated",
};

/** The server undid the transaction because of others that ran beside it: the same work may succeed when run again. */
const RETRIABLE = new Set([1020, 1213]);

const CONNECTION =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|PROTOCOL_CONNECTION_LOST|HANDSHAKE)|closed state|Connection lost|Pool is closed|SSL/;

const HINTS: Partial<Record<ErrorCode, string>> = {
  locked: "Another session holds the rows; try again, or raise limits.lockTimeoutMs.",
  "privilege-missing": "Grant the user what is missing; `ondelete doctor --grants` prints the statements.",
  "read-only": "Connect to the primary, or switch read_only off.",
  "disk-full": "Free space on the database server; nothing was changed.",
  unreachable: "Check host, port, database and user in the URL.",
  unsupported: "MySQL reads a temporary table only once in a statement; this delete needs it twice.",
};

/**
 * An error of the driver or the server as one of ours, the original kept as its cause. `details.retriable` is true for
 * a deadlock or a changed snapshot, and absent otherwise.
 */
export function translate(error: unknown): OnDeleteError {
  if (error instanceof OnDeleteError) return error;
  const source = driverError(error);
  const code = codeOf(source);
  const hint = HINTS[code];
  return new OnDeleteError(code, messageOf(code, withoutPeriod(source)), {
    ...(hint === undefined ? {} : { hint }),
    details: detailsOf(source),
    cause: error,
  });
}

function driverError(error: unknown): DriverError {
  // A host name with several addresses fails with an AggregateError whose own message is empty.
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  return first instanceof Error ? (first as DriverError) : { message: String(first) };
}

function codeOf({ errno, code = "", message }: DriverError): ErrorCode {
  const known = errno === undefined ? undefined : BY_NUMBER[errno];
  if (known) return known;
  return CONNECTION.test(code) || CONNECTION.test(message) ? "unreachable" : "engine-error";
}

function messageOf(code: ErrorCode, message: string): string {
  switch (code) {
    case "locked":
      return `A lock was not had in time: ${message}.`;
    case "privilege-missing":
      return `The user lacks a privilege: ${message}.`;
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
      return `${message}.`;
  }
}

function detailsOf({ errno, sqlState, message }: DriverError): ErrorDetails {
  // (`db`.`child`, CONSTRAINT `name` FOREIGN KEY …; in double quotes with ANSI_QUOTES.
  const [, , schema, table, constraint] =
    /\((["`])(.+?)\1\.\1(.+?)\1, CONSTRAINT \1(.+?)\1 FOREIGN KEY/.exec(message) ?? [];
  const facts = {
    engineCode: errno === undefined ? undefined : String(errno),
    sqlState,
    schema,
    table,
    constraint,
    retriable: RETRIABLE.has(errno ?? 0) || undefined,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

const withoutPeriod = ({ message, code }: DriverError): string => (message || code || "").replace(/\.$/, "");
