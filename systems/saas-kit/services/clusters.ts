import type { Kit } from "../database.ts";
import type { NewRow, Row } from "../schema.ts";
import { Records } from "./records.ts";

type NewCluster = Pick<NewRow<"k8sClusterConfig">, "authUserId" | "name" | "location" | "plan">;

/** Clusters: one live per user and plan, which the database keeps. */
export class K8sClusterService extends Records<"k8sClusterConfig"> {
  constructor(kit: Kit) {
    super(kit, "k8sClusterConfig");
  }

  /** @throws KitError `not-found` where no live user has the id, `taken` where the user has one of the plan */
  create({ authUserId, ...values }: NewCluster): Promise<Row<"k8sClusterConfig">> {
    return this.createBelow(authUserId, values);
  }
}
