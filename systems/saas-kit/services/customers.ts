import type { Kit } from "../database.ts";
import type { Row, SubscriptionPlan } from "../schema.ts";
import { Records } from "./records.ts";

interface NewCustomer {
  readonly authUserId: string;
  readonly name: string;
  readonly plan?: SubscriptionPlan | undefined;
  readonly stripeCustomerId?: string | undefined;
  readonly stripeSubscriptionId?: string | undefined;
}

export class CustomerService extends Records<"customer"> {
  constructor(kit: Kit) {
    super(kit, "customer");
  }

  /** @throws KitError `not-found` where no live user has the id, `taken`, `rule` */
  create({ authUserId, ...values }: NewCustomer): Promise<Row<"customer">> {
    return this.createBelow(authUserId, values);
  }
}
