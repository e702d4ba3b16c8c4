import type { JobLogService } from "./job-log-service.ts";

export interface JobLogEntry {
  readonly jobId: string;
  readonly message: string;
  readonly at: Date;
}

/** Writes to the log file of a job, with the time before what it says. */
export class AppendJobLogCommand {
  readonly #logs: JobLogService;

  constructor(logs: JobLogService) {
    this.#logs = logs;
  }

  execute({ jobId, message, at }: JobLogEntry): Promise<void> {
    return this.#logs.append(jobId, `${at.toISOString()} ${message}`);
  }
}
