/** What a failure is called, and what a program sees of it: the exit code of the command line and the HTTP status. */
const CODES = {
  usage: { exit: 2, status: 400 },
  "config-invalid": { exit: 2, status: 400 },
  "unknown-table": { exit: 2, status: 404 },
  "unknown-column": { exit: 2, status: 400 },
  "unknown-relation": { exit: 2, status: 404 },
  "bad-key": { exit: 2, status: 400 },
  "bad-condition": { exit: 2, status: 400 },
  "no-key": { exit: 2, status: 422 },
  "no-marker": { exit: 2, status: 422 },
  "source-invalid": { exit: 2, status: 422 },
  "plan-file-invalid": { exit: 2, status: 400 },
  "confirmation-required": { exit: 2, status: 409 },
  "confirmation-refused": { exit: 2, status: 409 },
  protected: { exit: 2, status: 403 },
  unsupported: { exit: 2, status: 501 },
  "hook-refused": { exit: 1, status: 409 },
  "file-outside-root": { exit: 2, status: 422 },
  "file-in-the-way": { exit: 4, status: 409 },
  "file-store-missing": { exit: 3, status: 503 },
  "not-found": { exit: 1, status: 404 },
  "unknown-operation": { exit: 1, status: 404 },
  "not-restorable": { exit: 1, status: 409 },
  "not-resumable": { exit: 1, status: 409 },
  "operation-taken": { exit: 4, status: 409 },
  "late-rows": { exit: 4, status: 409 },
  unreachable: { exit: 3, status: 503 },
  "privilege-missing": { exit: 3, status: 403 },
  "rows-hidden": { exit: 3, status: 403 },
  "read-only": { exit: 3, status: 403 },
  "journal-missing": { exit: 3, status: 409 },
  locked: { exit: 4, status: 409 },
  "too-many-rows": { exit: 4, status: 422 },
  interrupted: { exit: 4, status: 499 },
  "disk-full": { exit: 4, status: 507 },
  "plan-changed": { exit: 5, status: 409 },
  "count-mismatch": { exit: 4, status: 409 },
  "constraint-violated": { exit: 4, status: 409 },
  "engine-error": { exit: 4, status: 500 },
} as const;

export type ErrorCode = keyof typeof CODES;

/** A JSON-safe bag of facts about a failure; its keys depend on the code. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A failure: something that kept a verb from doing its work. The message says what and why, the hint what to do.
 * Outcomes (blockers, findings, conflicts) are data and never thrown.
 */
export class OnDeleteError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly hint?: string; readonly details?: ErrorDetails; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "OnDeleteError";
    this.code = code;
    this.hint = options.hint ?? null;
    this.details = options.details ?? {};
  }

  get exitCode(): number {
    return CODES[this.code].exit;
  }

  get httpStatus(): number {
    return CODES[this.code].status;
  }
}

/** Marks a place that types or checks above make impossible; reaching it is a bug in ondelete. */
export function unreachable(what: string): never {
  throw new Error(`bug in ondelete: ${what}`);
}
