import { and, asc, desc, eq, inArray } from "drizzle-orm";
import type { Database } from "ondelete";
import type { Drizzle } from "../database.ts";
import { configActivityLogs, configSets } from "../schema.ts";
import { deleteAttempt, type Removal, remove } from "./removal.ts";
import { type Attempt, retryConfig } from "./retry.ts";

export class ConfigService {
  readonly #ondelete: Database;
  readonly #db: Drizzle;

  /** @param db a database whose queries see live rows alone */
  constructor(ondelete: Database, db: Drizzle) {
    this.#ondelete = ondelete;
    this.#db = db;
  }

  /** The set with its logs, files and optimizations. */
  deleteConfigSet(id: string): Promise<Removal> {
    return remove(this.#ondelete, "config_sets", id);
  }

  /** Newest first, each with its error and its whole log. */
  async listFailedConfigs(projectId: string) {
    const failed = await this.#db
      .select()
      .from(configSets)
      .where(and(eq(configSets.projectId, projectId), eq(configSets.status, "failed")))
      .orderBy(desc(configSets.createdAt));
    const logs = await this.#db
      .select()
      .from(configActivityLogs)
      .where(
        inArray(
          configActivityLogs.configSetId,
          failed.map((set) => set.id),
        ),
      )
      .orderBy(asc(configActivityLogs.timestamp));
    const bySet = Map.groupBy(logs, (log) => log.configSetId);
    return failed.map((set) => ({ ...set, logs: bySet.get(set.id) ?? [] }));
  }

  /** A new attempt; the failed one stays. */
  retry(id: string, now = new Date()): Promise<Attempt> {
    return retryConfig(this.#db, id, now);
  }

  /** Only while it is one that failed. */
  deleteAttempt(id: string): Promise<Removal> {
    return deleteAttempt(this.#ondelete, "config_sets", id);
  }
}
