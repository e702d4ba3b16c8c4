import { type Config, defineConfig } from "ondelete";
import { type Settings, settingsOf } from "./settings.ts";

/** What a delete does is said by the constraints; here is what is hidden rather than deleted, and how long it is kept. */
export const configOf = ({ database, keepDays }: Pick<Settings, "database" | "keepDays">): Config => {
  const retention = { olderThan: `${keepDays.softDeleted} days`, batchRows: 1000, archive: false } as const;
  const hidden = { softDelete: "deleted_at", retention } as const;
  return defineConfig({
    url: database,
    tables: {
      forms: hidden,
      form_messages: hidden,
      image_requests: hidden,
      image_allow_lists: hidden,
      projects: hidden,
      config_files: hidden,
      // Hidden behind their configuration file or project, and gone with it.
      resources: { onSoftDelete: "keep" },
      course_workloads: { onSoftDelete: "keep" },
      audit_logs: {
        audit: true,
        retention: {
          column: "created_at",
          olderThan: `${keepDays.auditLogs} days`,
          batchRows: 1000,
          archive: false,
        },
      },
    },
    checks: {
      rules: {
        // Meant: a form is its author's and its project's, and so are its messages; a delete takes each of them once.
        "multiple-cascade-paths": "info",
        // Meant: an allow list goes with its project, and outlives the request that led to it.
        "cascade-vs-set-null": "info",
      },
    },
  });
};

export default configOf(settingsOf());
