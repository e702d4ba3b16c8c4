import { type Blocker, type Conflict, OnDeleteError } from "ondelete";

const STATUS = {
  invalid: 400,
  "not-found": 404,
  taken: 409,
  rule: 409,
  conflict: 409,
  blocked: 409,
} as const;

export type KitErrorCode = keyof typeof STATUS;

/** What a service refuses, and why; nothing was changed. */
export class KitError extends Error {
  readonly code: KitErrorCode;
  /** What was wrong with the input, what stands in the way of a delete, or of a restore. */
  readonly details: readonly unknown[];

  constructor(code: KitErrorCode, message: string, details: readonly unknown[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get status() {
    return STATUS[this.code];
  }
}

export const notFound = (what: string, id: string | number): KitError =>
  new KitError("not-found", `There is no ${what} ${id}.`);

export const blocked = (blockers: readonly Blocker[]): KitError =>
  new KitError("blocked", blockers.map((b) => b.message).join(" "), blockers);

export const conflicting = (conflicts: readonly Conflict[]): KitError =>
  new KitError("conflict", conflicts.map((c) => c.message).join(" "), conflicts);

/** What the constraints of migration.sql mean to who runs into them. */
const CONSTRAINTS: Readonly<Record<string, readonly [KitErrorCode, string]>> = {
  k8s_cluster_config_live: ["taken", "The user has a cluster of this plan already: there is one per plan."],
  user_pkey: ["taken", "There is a user with this id already."],
  user_email_live: ["taken", "Another user has this e-mail address."],
  customer_stripe_customer_live: ["taken", "Another customer has this Stripe customer id."],
  customer_stripe_subscription_live: ["taken", "Another customer has this Stripe subscription id."],
  customer_free_has_no_subscription: ["rule", "A customer of the plan FREE has no subscription."],
};

/** The error as the kit's own, where it knows it. */
function translated(error: unknown): unknown {
  const { constraint } = error as { readonly constraint?: string };
  const known = constraint === undefined ? undefined : CONSTRAINTS[constraint];
  if (known) return new KitError(...known);
  const missing = error instanceof OnDeleteError && ["not-found", "unknown-operation"].includes(error.code);
  return missing ? new KitError("not-found", error.message) : error;
}

/** @throws KitError in place of what the database says */
export async function refusing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw translated(error);
  }
}
