import type { FollowOptions, JobLogService } from "./job-log-service.ts";

/** Reads from the log file of a job: a page, its end, or what comes. Never more of it in memory than is asked for. */
export class GetJobLogsQuery {
  readonly #logs: JobLogService;

  constructor(logs: JobLogService) {
    this.#logs = logs;
  }

  /** @param page counted from 1 */
  async page(jobId: string, { page, size }: { readonly page: number; readonly size: number }) {
    const lines: string[] = [];
    for await (const line of this.#logs.lines(jobId, (page - 1) * size)) {
      if (lines.length === size) return { lines, more: true };
      lines.push(line);
    }
    return { lines, more: false };
  }

  async tail(jobId: string, count: number): Promise<string[]> {
    const last: string[] = [];
    for await (const line of this.#logs.lines(jobId)) {
      last.push(line);
      if (last.length > count) last.shift();
    }
    return last;
  }

  follow(jobId: string, options?: FollowOptions): AsyncGenerator<string> {
    return this.#logs.follow(jobId, options);
  }
}
