import { join } from "node:path";
import { defineConfig, type RelationConfig } from "ondelete";
import { prisma } from "ondelete/prisma";

const meant = (child: string): RelationConfig => ({
  child,
  columns: ["auth_user_id"],
  parent: "user",
  parentColumns: ["id"],
  onDelete: "restrict",
});

/** The state without relations: what the document wants of them is said here. */
export default defineConfig({
  url: process.env.SAAS_DATABASE ?? "pglite:saas-kit-before",
  source: prisma(join(import.meta.dirname, "prisma/schema.prisma")),
  relations: [meant("customer"), meant("k8s_cluster_config")],
  tables: { k8s_cluster_config: { softDelete: "delete" } },
});
