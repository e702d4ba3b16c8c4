import { sql } from "drizzle-orm";
import { check, index, integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What an analysis, and a set of configuration, can be. */
export const STATUSES = ["pending", "analyzing", "complete", "failed", "cancelled"] as const;

const known = (column: "status") =>
  sql.raw(`${column} in (${STATUSES.map((status) => `'${status}'`).join(", ")})`);

/** Null for as long as the row is live. */
const deletedAt = () => text("deleted_at");

export const users = sqliteTable("users", {
  id: text("id").primaryKey(),
  email: text("email").notNull().unique(),
});

export const projects = sqliteTable(
  "projects",
  {
    id: text("id").primaryKey(),
    // The document is silent about deleting a user: one who owns projects stays.
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "restrict" }),
    name: text("name").notNull(),
    createdAt: text("created_at").notNull(),
    deletedAt: deletedAt(),
  },
  (t) => [index("projects_by_user").on(t.userId)],
);

export const analysisRuns = sqliteTable(
  "analysis_runs",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    status: text("status", { enum: STATUSES }).notNull(),
    version: integer("version").notNull(),
    progress: real("progress").notNull(),
    errorMessage: text("error_message"),
    errorDetails: text("error_details"),
    startedAt: text("started_at"),
    completedAt: text("completed_at"),
    createdAt: text("created_at").notNull(),
    deletedAt: deletedAt(),
  },
  (t) => [
    index("analysis_runs_by_project").on(t.projectId),
    uniqueIndex("analysis_runs_version").on(t.projectId, t.version).where(sql`deleted_at is null`),
    check("analysis_runs_status", known("status")),
  ],
);

export const analysisActivityLogs = sqliteTable(
  "analysis_activity_logs",
  {
    id: text("id").primaryKey(),
    analysisRunId: text("analysis_run_id")
      .notNull()
      .references(() => analysisRuns.id, { onDelete: "cascade" }),
    timestamp: text("timestamp").notNull(),
    action: text("action").notNull(),
    result: text("result").notNull(),
    details: text("details"),
    deletedAt: deletedAt(),
  },
  (t) => [index("analysis_activity_logs_by_run").on(t.analysisRunId)],
);

export const configSets = sqliteTable(
  "config_sets",
  {
    id: text("id").primaryKey(),
    projectId: text("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    status: text("status", { enum: STATUSES }).notNull(),
    version: integer("version").notNull(),
    errorMessage: text("error_message"),
    createdAt: text("created_at").notNull(),
    deletedAt: deletedAt(),
  },
  (t) => [
    index("config_sets_by_project").on(t.projectId),
    uniqueIndex("config_sets_version").on(t.projectId, t.version).where(sql`deleted_at is null`),
    check("config_sets_status", known("status")),
  ],
);

const configSetId = () =>
  text("config_set_id")
    .notNull()
    .references(() => configSets.id, { onDelete: "cascade" });

export const configActivityLogs = sqliteTable(
  "config_activity_logs",
  {
    id: text("id").primaryKey(),
    configSetId: configSetId(),
    timestamp: text("timestamp").notNull(),
    action: text("action").notNull(),
    result: text("result").notNull(),
    details: text("details"),
    deletedAt: deletedAt(),
  },
  (t) => [index("config_activity_logs_by_set").on(t.configSetId)],
);

export const configFiles = sqliteTable(
  "config_files",
  {
    id: text("id").primaryKey(),
    configSetId: configSetId(),
    fileName: text("file_name").notNull(),
    fileType: text("file_type").notNull(),
    content: text("content").notNull(),
    deletedAt: deletedAt(),
  },
  (t) => [index("config_files_by_set").on(t.configSetId)],
);

export const configOptimizations = sqliteTable(
  "config_optimizations",
  {
    id: text("id").primaryKey(),
    configSetId: configSetId(),
    name: text("name").notNull(),
    category: text("category").notNull(),
    deletedAt: deletedAt(),
  },
  (t) => [index("config_optimizations_by_set").on(t.configSetId)],
);

const projectChild = () => ({
  id: text("id").primaryKey(),
  projectId: text("project_id")
    .notNull()
    .references(() => projects.id, { onDelete: "cascade" }),
  createdAt: text("created_at").notNull(),
  deletedAt: deletedAt(),
});

export const buildRuns = sqliteTable("build_runs", projectChild(), (t) => [
  index("build_runs_by_project").on(t.projectId),
]);

export const deployments = sqliteTable("deployments", projectChild(), (t) => [
  index("deployments_by_project").on(t.projectId),
]);
