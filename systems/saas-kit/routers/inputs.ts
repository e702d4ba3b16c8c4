import { z } from "zod";
import { PLANS, STATUSES } from "../schema.ts";

/** Text that PostgreSQL can hold and people can read: no control characters. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, "It has a control character.");
const name = text(100);
const userId = text(64);
const number = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);
const plan = z.enum(PLANS);
const limit = z.coerce.number().int().min(1).max(100).default(50);
const operation = z.strictObject({ operation: text(100) });
const noEmptyChange = (change: object) => Object.values(change).filter((v) => v !== undefined).length > 1;
const EMPTY = { error: "Nothing is to be changed." };

/** Names that Kubernetes takes: a label of a DNS name. */
const clusterName = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "A lower-case DNS label of at most 63 characters.");
const location = z.string().regex(/^[a-z]+-[a-z]+(-\d)?$/, "A region such as eu-west or us-east-1.");

export const userInputs = {
  create: z.strictObject({ id: userId, name, email: z.email().max(254) }),
  list: z.strictObject({ limit, after: userId.optional() }),
  one: z.strictObject({ id: userId }),
  update: z
    .strictObject({ id: userId, name: name.optional(), email: z.email().max(254).optional() })
    .refine(noEmptyChange, EMPTY),
  restore: operation,
};

const stripeCustomer = z.string().regex(/^cus_\w{1,60}$/, "A Stripe customer id: cus_…");
const stripeSubscription = z.string().regex(/^sub_\w{1,60}$/, "A Stripe subscription id: sub_…");

/** A customer who pays has a plan to pay for, and is known to Stripe. */
const paysForAPlan = (customer: {
  readonly plan?: string | undefined;
  readonly stripeSubscriptionId?: string | null | undefined;
}) => customer.plan !== "FREE" || !customer.stripeSubscriptionId;

export const customerInputs = {
  create: z
    .strictObject({
      authUserId: userId,
      name,
      plan: plan.default("FREE"),
      stripeCustomerId: stripeCustomer.optional(),
      stripeSubscriptionId: stripeSubscription.optional(),
    })
    .refine(paysForAPlan, {
      path: ["stripeSubscriptionId"],
      error: "A customer of the plan FREE has no subscription.",
    })
    .refine((c) => !c.stripeSubscriptionId || c.stripeCustomerId, {
      path: ["stripeCustomerId"],
      error: "A subscription belongs to a Stripe customer.",
    }),
  list: z.strictObject({ limit, after: number.optional(), authUserId: userId.optional() }),
  one: z.strictObject({ id: number }),
  update: z
    .strictObject({
      id: number,
      name: name.optional(),
      plan: plan.optional(),
      stripeCustomerId: stripeCustomer.nullable().optional(),
      stripeSubscriptionId: stripeSubscription.nullable().optional(),
    })
    .refine(noEmptyChange, EMPTY)
    .refine(paysForAPlan, {
      path: ["stripeSubscriptionId"],
      error: "A customer of the plan FREE has no subscription.",
    }),
  restore: operation,
};

export const clusterInputs = {
  create: z.strictObject({ authUserId: userId, name: clusterName, location, plan: plan.default("FREE") }),
  list: z.strictObject({ limit, after: number.optional(), authUserId: userId.optional() }),
  one: z.strictObject({ id: number }),
  update: z
    .strictObject({
      id: number,
      name: clusterName.optional(),
      location: location.optional(),
      plan: plan.optional(),
      status: z.enum(STATUSES).optional(),
    })
    .refine(noEmptyChange, EMPTY),
  restore: operation,
};
