import type { ColumnType, Generated, Insertable, Selectable } from "kysely";

/** The tables of prisma/schema.prisma as Kysely's types, its names in camel case. */
export interface Schema {
  readonly user: UserTable;
  readonly customer: CustomerTable;
  readonly k8sClusterConfig: ClusterTable;
  readonly account: AccountTable;
  readonly session: SessionTable;
}

export const PLANS = ["FREE", "PRO", "BUSINESS"] as const;
export type SubscriptionPlan = (typeof PLANS)[number];
export const STATUSES = ["PENDING", "CREATING", "INITING", "RUNNING", "STOPPED"] as const;
export type ClusterStatus = (typeof STATUSES)[number];

/** Written by the database, and by ondelete. */
type Kept<T> = ColumnType<T, never, never>;

interface UserTable {
  id: string;
  name: string;
  email: string;
  createdAt: Kept<Date>;
  deletedAt: Kept<Date | null>;
}

interface CustomerTable {
  id: Kept<number>;
  authUserId: string;
  name: string;
  plan: Generated<SubscriptionPlan>;
  stripeCustomerId: string | null;
  stripeSubscriptionId: string | null;
  createdAt: Kept<Date>;
  deletedAt: Kept<Date | null>;
}

interface ClusterTable {
  id: Kept<number>;
  authUserId: string;
  name: string;
  location: string;
  plan: Generated<SubscriptionPlan>;
  status: Generated<ClusterStatus>;
  createdAt: Kept<Date>;
  deletedAt: Kept<Date | null>;
}

interface AccountTable {
  id: Kept<number>;
  userId: string;
  provider: string;
  providerAccountId: string;
}

interface SessionTable {
  id: string;
  userId: string;
  expires: Date;
}

/** Tables whose rows are hidden rather than deleted. */
export type Marked = "user" | "customer" | "k8sClusterConfig";
export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>;
