import type { RelationConfig } from "ondelete";

const relation = (child: string, column: string, parent: string, onDelete: "cascade" | "restrict") =>
  ({ child, columns: [column], parent, parentColumns: ["id"], onDelete, enforcedBy: "application" }) as const;

/** The document's diagram, as relations that the application enforces. */
export const documented: readonly RelationConfig[] = [
  relation("projects", "user_id", "users", "restrict"),
  relation("analysis_runs", "project_id", "projects", "cascade"),
  relation("analysis_activity_logs", "analysis_run_id", "analysis_runs", "cascade"),
  relation("config_sets", "project_id", "projects", "cascade"),
  relation("config_activity_logs", "config_set_id", "config_sets", "cascade"),
  relation("config_files", "config_set_id", "config_sets", "cascade"),
  relation("config_optimizations", "config_set_id", "config_sets", "cascade"),
  relation("build_runs", "project_id", "projects", "cascade"),
  relation("deployments", "project_id", "projects", "cascade"),
];
