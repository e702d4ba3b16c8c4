import { join } from "node:path";
import { type Config, defineConfig } from "ondelete";
import { prisma } from "ondelete/prisma";

/** The constraints as they are: RESTRICT refuses to delete a user who has customers or clusters. */
const config = defineConfig({
  url: process.env.SAAS_DATABASE ?? "pglite:saas-kit",
  source: prisma(join(import.meta.dirname, "prisma/schema.prisma")),
  tables: {
    user: { softDelete: "deleted_at" },
    customer: { softDelete: "deleted_at" },
    k8s_cluster_config: { softDelete: "deleted_at" },
    // Rows without a marker wait in the archive while their user is hidden, so that nobody signs in by them.
    account: { onSoftDelete: "archive" },
    session: { onSoftDelete: "archive" },
  },
});

export default config;

const owned = (child: string) =>
  ({
    child,
    columns: ["auth_user_id"],
    parent: "user",
    parentColumns: ["id"],
    onDelete: "cascade",
    enforcedBy: "application",
  }) as const;

/** The cascade above the constraints, for UserDeletionService alone: children go first, so that RESTRICT never has to refuse. */
export const controlled: Config = {
  ...config,
  relations: [owned("customer"), owned("k8s_cluster_config")],
};
