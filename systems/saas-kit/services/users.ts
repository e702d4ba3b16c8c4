import { jsonArrayFrom } from "kysely/helpers/postgres";
import type { Kit } from "../database.ts";
import { refusing } from "../errors.ts";
import type { NewRow, Row } from "../schema.ts";
import { Records } from "./records.ts";
import type { Page } from "./soft-delete-service.ts";

export interface UserWithClusters extends Row<"user"> {
  readonly clusters: readonly Pick<Row<"k8sClusterConfig">, "id" | "name" | "plan" | "status">[];
}

export class UserService extends Records<"user"> {
  readonly #kit: Kit;

  constructor(kit: Kit) {
    super(kit, "user");
    this.#kit = kit;
  }

  /** @throws KitError `taken` */
  create(user: NewRow<"user">): Promise<Row<"user">> {
    return refusing(
      this.#kit.kysely.insertInto("user").values(user).returningAll().executeTakeFirstOrThrow(),
    );
  }

  /** Live users with their live clusters, in one query. */
  list({ limit, after }: Page): Promise<UserWithClusters[]> {
    return this.#kit.live
      .selectFrom("user")
      .selectAll()
      .select((is) =>
        jsonArrayFrom(
          is
            .selectFrom("k8sClusterConfig as c")
            .select(["c.id", "c.name", "c.plan", "c.status"])
            .whereRef("c.authUserId", "=", "user.id")
            .orderBy("c.id"),
        ).as("clusters"),
      )
      .$if(after !== undefined, (query) => query.where("id", ">", String(after)))
      .orderBy("id")
      .limit(limit)
      .execute();
  }
}
