import { defineConfig } from "ondelete";
import { drizzle } from "ondelete/drizzle";
import { connect, drizzleOn } from "./database.ts";
import * as schema from "./schema.ts";
import { retryAnalysis, retryConfig } from "./services/retry.ts";

const file = process.env.PIPELINE_DATABASE ?? "pipeline.sqlite";

/** The state with constraints: they say what a delete does, and this file what else there is to know. */
export default defineConfig({
  url: `sqlite:${file}`,
  source: drizzle(schema),
  tables: {
    projects: { softDelete: "deleted_at" },
    analysis_runs: {
      softDelete: "deleted_at",
      attempts: {
        status: "status",
        failed: ["failed"],
        newest: "created_at",
        errors: ["error_message", "error_details"],
        logs: { table: "analysis_activity_logs", order: "timestamp" },
        retry: async ({ key }) => (await retryAnalysis(drizzleOn(connect(file)), key.id ?? "")).id,
      },
    },
    analysis_activity_logs: { softDelete: "deleted_at" },
    config_sets: {
      softDelete: "deleted_at",
      attempts: {
        status: "status",
        failed: ["failed"],
        newest: "created_at",
        errors: ["error_message"],
        logs: { table: "config_activity_logs", order: "timestamp" },
        retry: async ({ key }) => (await retryConfig(drizzleOn(connect(file)), key.id ?? "")).id,
      },
    },
    config_activity_logs: { softDelete: "deleted_at" },
    config_files: { softDelete: "deleted_at" },
    config_optimizations: { softDelete: "deleted_at" },
    build_runs: { softDelete: "deleted_at" },
    deployments: { softDelete: "deleted_at" },
  },
});
