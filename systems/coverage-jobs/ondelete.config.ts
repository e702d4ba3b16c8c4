import { resolve } from "node:path";
import { type Config, defineConfig } from "ondelete";
import { typeorm } from "ondelete/typeorm";
import { connect, databaseFile, dataSource } from "./database.ts";
import { retryJob } from "./services/job-processing/retry-job.ts";

/** The policy of the installation below the folder. What a delete does is said by constraints, and here what else there is. */
export const configOf = (home: string): Config =>
  defineConfig({
    url: `sqlite:${databaseFile(home)}`,
    source: typeorm(dataSource(home, { readonly: true })),
    tables: {
      repositories: { softDelete: "deleted_at" },
      file_coverages: { softDelete: "deleted_at" },
      test_generation_requests: { softDelete: "deleted_at" },
      jobs: {
        softDelete: "deleted_at",
        // The path in the row begins with data/logs.
        files: { column: "log_path", root: home },
        attempts: {
          status: "status",
          failed: ["FAILED"],
          newest: "created_at",
          errors: ["error"],
          logs: { file: "log_path" },
          retry: async ({ key }) => {
            const connections = await connect(home);
            try {
              return await connections.write((manager) =>
                retryJob(manager, { id: key.id ?? "", actor: "ondelete" }),
              );
            } finally {
              await connections.close();
            }
          },
        },
      },
    },
    checks: {
      rules: {
        // A hard delete is to take the rows for good, which is what the document's CASCADE says; a soft one marks them.
        "db-cascade-skips-hooks": "info",
        // Meant: the jobs of a repository go with it, and a job outlives a request that is deleted alone.
        "cascade-vs-set-null": "info",
      },
    },
  });

export default configOf(resolve(process.env.COVERAGE_HOME ?? "."));
