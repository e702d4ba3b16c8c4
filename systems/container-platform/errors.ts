import { type Blocker, type Conflict, OnDeleteError } from "ondelete";

const STATUS = {
  invalid: 400,
  "unknown-actor": 401,
  suspended: 403,
  "not-found": 404,
  taken: 409,
  conflict: 409,
  blocked: 409,
  reviewed: 409,
  busy: 503,
} as const;

export type PlatformErrorCode = keyof typeof STATUS;

/** What a service refuses, and why; nothing was changed. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode;
  /** What was wrong with the input, what stands in the way of a delete, or of a restore. */
  readonly details: readonly unknown[];

  constructor(code: PlatformErrorCode, message: string, details: readonly unknown[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status() {
    return STATUS[this.code];
  }
}

export const notFound = (what: string, id: string): PlatformError =>
  new PlatformError("not-found", `There is no ${what} ${id}.`);

export const blocked = (blockers: readonly Blocker[]): PlatformError =>
  new PlatformError("blocked", blockers.map((b) => b.message).join(" "), blockers);

export const conflicting = (conflicts: readonly Conflict[]): PlatformError =>
  new PlatformError("conflict", conflicts.map((c) => c.message).join(" "), conflicts);

/** What PostgreSQL and MariaDB call a value that is there already, and a reference to a row that is not. */
const TAKEN: readonly unknown[] = ["23505", "ER_DUP_ENTRY"];
const MISSING: readonly unknown[] = ["23503", "ER_NO_REFERENCED_ROW_2"];
/** Two that wait for each other, one that waited for too long, and rows that changed since they were looked at. */
const BUSY: readonly unknown[] = [
  "40P01",
  "55P03",
  "ER_LOCK_DEADLOCK",
  "ER_LOCK_WAIT_TIMEOUT",
  "locked",
  "plan-changed",
];

function translated(error: unknown): unknown {
  const { code } = error as { readonly code?: unknown };
  if (TAKEN.includes(code)) return new PlatformError("taken", "There is one of this name already.");
  if (MISSING.includes(code))
    return new PlatformError("not-found", "It refers to something that does not exist.");
  if (BUSY.includes(code))
    return new PlatformError("busy", "Others are changing the same rows. Nothing was changed; try again.");
  if (!(error instanceof OnDeleteError)) return error;
  if (["not-found", "unknown-operation"].includes(error.code))
    return new PlatformError("not-found", error.message);
  return error.code === "not-restorable" ? new PlatformError("conflict", error.message) : error;
}

/** @throws PlatformError in place of what the database says */
export async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translated(error);
  }
}
