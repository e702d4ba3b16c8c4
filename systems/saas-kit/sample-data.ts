import { wholeNumbers } from "../support/random.ts";
import type { Kit } from "./database.ts";
import { type ClusterStatus, PLANS, STATUSES } from "./schema.ts";

const NAMES = ["Ada", "Ben", "Cem", "Dana", "Eli", "Fay", "Gus", "Hana"] as const;
const REGIONS = ["eu-west-1", "us-east-1", "ap-south-1"] as const;

const of = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** What a user has: a customer, up to one cluster of each plan, an account, and up to two sessions. */
function rowsOf(index: number, below: (bound: number) => number) {
  const authUserId = `user-${index + 1}`;
  const plan = of(PLANS, below(3));
  const paid = plan === "FREE" ? null : `sub_${index + 1}`;
  const clusters = PLANS.slice(0, 1 + below(PLANS.length)).map((one) => ({
    authUserId,
    name: `${one.toLowerCase()}-${below(1000)}`,
    location: of(REGIONS, below(3)),
    plan: one,
    status: of<ClusterStatus>(STATUSES, below(STATUSES.length)),
  }));
  const sessions = Array.from({ length: below(3) }, (_, n) => ({
    id: `session-${index + 1}-${n + 1}`,
    userId: authUserId,
    expires: new Date(Date.UTC(2026, 0, 1 + below(60))),
  }));
  return {
    user: { id: authUserId, name: of(NAMES, index), email: `user-${index + 1}@example.org` },
    customer: {
      authUserId,
      name: `${of(NAMES, index)} Ltd`,
      plan,
      stripeCustomerId: `cus_${index + 1}`,
      stripeSubscriptionId: paid,
    },
    account: { userId: authUserId, provider: "github", providerAccountId: String(1000 + index) },
    clusters,
    sessions,
  };
}

/** Rows of some users, the same for the same seed. */
export function sampleRows(users: number, seed = 7) {
  const below = wholeNumbers(seed);
  return Array.from({ length: users }, (_, index) => rowsOf(index, below));
}

/** Fills an empty database. */
export async function fill(
  { kysely }: Pick<Kit, "kysely">,
  rows: ReturnType<typeof sampleRows>,
): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500);
    await kysely
      .insertInto("user")
      .values(some.map((r) => r.user))
      .execute();
    await kysely
      .insertInto("customer")
      .values(some.map((r) => r.customer))
      .execute();
    await kysely
      .insertInto("account")
      .values(some.map((r) => r.account))
      .execute();
    await kysely
      .insertInto("k8sClusterConfig")
      .values(some.flatMap((r) => r.clusters))
      .execute();
    const sessions = some.flatMap((r) => r.sessions);
    if (sessions.length > 0) await kysely.insertInto("session").values(sessions).execute();
  }
}
