import { DatabaseSync } from "node:sqlite";
import { ondelete as ondeleteOn } from "ondelete/typeorm";
import { connect, databaseFile } from "./database.ts";
import { configOf } from "./ondelete.config.ts";
import { AppendJobLogCommand } from "./services/job-processing/append-job-log-command.ts";
import { GetJobLogsQuery } from "./services/job-processing/get-job-logs-query.ts";
import { JobLogService } from "./services/job-processing/job-log-service.ts";
import { JobService } from "./services/job-processing/job-service.ts";
import { LogArchive } from "./services/job-processing/log-archive.ts";
import { CoverageService } from "./services/repository-analysis/coverage-service.ts";
import { RepositoryService } from "./services/repository-analysis/repository-service.ts";
import { TestGenerationService } from "./services/test-generation/test-generation-service.ts";

/** The services on the database below the folder. Files that a process which died has left to be moved are moved first. */
export async function openApplication(home: string, actor: string) {
  const connections = await connect(home);
  // A connection of its own: what TypeORM does meanwhile is no part of a delete.
  const handle = new DatabaseSync(databaseFile(home), { timeout: 5000 });
  const ondelete = await ondeleteOn(connections.reader, { ...configOf(home), handle });
  await connections.queue.run(() => ondelete.database.deliver());
  const deps = { connections, ondelete, actor };
  const logs = new JobLogService(connections);
  return {
    connections,
    ondelete,
    repositories: new RepositoryService(deps),
    coverage: new CoverageService(deps),
    jobs: new JobService(deps),
    appendJobLog: new AppendJobLogCommand(logs),
    getJobLogs: new GetJobLogsQuery(logs),
    logArchive: new LogArchive(connections),
    requests: new TestGenerationService(deps),
    close: async () => {
      await connections.close();
      handle.close();
    },
  };
}
