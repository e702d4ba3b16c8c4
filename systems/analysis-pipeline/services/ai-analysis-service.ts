import { randomUUID } from "node:crypto";
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "ondelete";
import type { Drizzle } from "../database.ts";
import { analysisActivityLogs, analysisRuns } from "../schema.ts";
import { deleteAttempt, type Removal, remove } from "./removal.ts";
import { type Attempt, attemptOf, retryAnalysis } from "./retry.ts";

export class AiAnalysisService {
  readonly #ondelete: Database;
  readonly #db: Drizzle;

  /** @param db a database whose queries see live rows alone */
  constructor(ondelete: Database, db: Drizzle) {
    this.#ondelete = ondelete;
    this.#db = db;
  }

  /** A run of a project that is there; in one statement, so that no delete comes in between. */
  async start(projectId: string, now = new Date()): Promise<Attempt> {
    const made = await this.#db.all<[string, number]>(
      sql`insert into analysis_runs (id, project_id, status, version, progress, created_at)
        select ${randomUUID()}, p.id, 'pending',
          (select coalesce(max(version), 0) + 1 from analysis_runs where project_id = p.id), 0, ${now.toISOString()}
        from projects as p where p.id = ${projectId} and p.deleted_at is null returning id, version`,
    );
    return attemptOf(made, `project ${projectId}`);
  }

  /** The run and its logs. */
  deleteAnalysisRun(id: string): Promise<Removal> {
    return remove(this.#ondelete, "analysis_runs", id);
  }

  /** Newest first, each with its error and its whole log. */
  async listFailedAnalyses(projectId: string) {
    const failed = await this.#db
      .select()
      .from(analysisRuns)
      .where(and(eq(analysisRuns.projectId, projectId), eq(analysisRuns.status, "failed")))
      .orderBy(desc(analysisRuns.createdAt));
    const logs = await this.#db
      .select()
      .from(analysisActivityLogs)
      .where(
        inArray(
          analysisActivityLogs.analysisRunId,
          failed.map((run) => run.id),
        ),
      )
      .orderBy(asc(analysisActivityLogs.timestamp));
    const byRun = Map.groupBy(logs, (log) => log.analysisRunId);
    return failed.map((run) => ({ ...run, logs: byRun.get(run.id) ?? [] }));
  }

  /** A new attempt; the failed one stays. */
  retry(id: string, now = new Date()): Promise<Attempt> {
    return retryAnalysis(this.#db, id, now);
  }

  /** Only while it is one that failed. */
  deleteAttempt(id: string): Promise<Removal> {
    return deleteAttempt(this.#ondelete, "analysis_runs", id);
  }
}
