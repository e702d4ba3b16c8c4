import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { In, LessThan, Not, Raw } from "typeorm";
import type { Connections } from "../../database.ts";
import { JobEntity } from "./job.ts";
import { archivedLogPathOf, logPathOf } from "./log-path.ts";

/** Moves logs of jobs that ended long ago into a folder for each month. They stay the jobs' own: the rows name them there. */
export class LogArchive {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /**
   * Copies, has the row name the copy, and removes what it was copied from. A process that ends in between leaves two
   * files and a row that names one of them; the next run removes the other.
   * @returns how many logs were moved
   */
  async archiveBefore(date: Date): Promise<number> {
    await this.#removeLeftovers();
    const jobs = await this.#connections.reader.manager.find(JobEntity, {
      select: { id: true, completedAt: true },
      where: {
        completedAt: LessThan(date),
        status: In(["COMPLETED", "FAILED"]),
        logPath: Raw((path) => `${path} = 'data/logs/' || id || '.log'`),
      },
      order: { completedAt: "asc" },
    });
    let moved = 0;
    for (const { id, completedAt } of jobs) if (completedAt && (await this.#move(id, completedAt))) moved++;
    return moved;
  }

  #move(id: string, completedAt: Date): Promise<boolean> {
    const from = logPathOf(id);
    const to = archivedLogPathOf(id, completedAt);
    return this.#connections
      .write(async (manager) => {
        if (!existsSync(this.#at(from))) return false;
        const { affected } = await manager.update(JobEntity, { id, logPath: from }, { logPath: to });
        if (affected !== 1) return false;
        mkdirSync(dirname(this.#at(to)), { recursive: true });
        // Under another name first: what has the name of a log is a whole log.
        copyFileSync(this.#at(from), `${this.#at(to)}.part`);
        renameSync(`${this.#at(to)}.part`, this.#at(to));
        return true;
      })
      .then((done) => {
        if (done) rmSync(this.#at(from), { force: true });
        return done;
      });
  }

  /** Logs whose rows name their copies already. */
  async #removeLeftovers(): Promise<void> {
    const found = readdirSync(this.#at("data/logs")).filter((name) => name.endsWith(".log"));
    for (const name of found) {
      const id = name.slice(0, -".log".length);
      const job = await this.#connections.reader.manager.findOne(JobEntity, {
        select: { id: true, logPath: true },
        where: { id, logPath: Not(logPathOf(id)) },
        withDeleted: true,
      });
      if (job?.logPath && existsSync(this.#at(job.logPath))) rmSync(this.#at(logPathOf(id)));
    }
  }

  #at(path: string): string {
    return join(this.#connections.home, path);
  }
}
