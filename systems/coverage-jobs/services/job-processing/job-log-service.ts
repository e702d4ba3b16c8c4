import { closeSync, createReadStream, existsSync, mkdirSync, openSync, writeSync } from "node:fs";
import { constants, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import type { Connections } from "../../database.ts";
import { JobEntity } from "./job.ts";

const { O_APPEND, O_CREAT, O_WRONLY } = constants;

/** The files in which jobs say what they do: one for each job, named by its row. */
export class JobLogService {
  readonly #connections: Connections;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /**
   * A file that is there is written to as it is: were its job deleted at this moment, the line would go with it. One
   * that is not there is made under the lock of a transaction, so that none comes up for a job that is gone.
   */
  async append(jobId: string, text: string): Promise<void> {
    if (wasAppended(await this.#pathOf(jobId), text)) return;
    await this.#connections.write(async (manager) => {
      const job = await manager.findOneBy(JobEntity, { id: jobId });
      if (!job?.logPath) throw noJob(jobId);
      const path = join(this.#connections.home, job.logPath);
      mkdirSync(dirname(path), { recursive: true });
      appendTo(path, text, O_CREAT);
    });
  }

  /** Lines from the first or the given one on, counted from 0. A job that has said nothing yet has none. */
  async *lines(jobId: string, from = 0): AsyncGenerator<string> {
    const path = await this.#pathOf(jobId);
    if (!existsSync(path)) return;
    let n = 0;
    for await (const line of createInterface({ input: createReadStream(path, "utf8") }))
      if (n++ >= from) yield line;
  }

  /** What is there and what comes, until the signal or for as long as the job has not ended. */
  async *follow(jobId: string, { signal, every = 100 }: FollowOptions = {}): AsyncGenerator<string> {
    let position = 0;
    while (!signal?.aborted) {
      const ended = await this.#hasEnded(jobId);
      const { lines, next } = await readFrom(await this.#pathOf(jobId), position);
      position = next;
      yield* lines;
      if (ended) return;
      await wait(every);
    }
  }

  async #pathOf(jobId: string): Promise<string> {
    const job = await this.#job(jobId);
    if (job.logPath === null) throw new Error(`Job ${jobId} has no log.`);
    return join(this.#connections.home, job.logPath);
  }

  async #hasEnded(jobId: string): Promise<boolean> {
    const { status } = await this.#job(jobId);
    return status === "COMPLETED" || status === "FAILED";
  }

  async #job(id: string) {
    const job = await this.#connections.reader.manager.findOne(JobEntity, {
      select: { id: true, logPath: true, status: true },
      where: { id },
    });
    if (!job) throw noJob(id);
    return job;
  }
}

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** How often is looked, in milliseconds. */
  readonly every?: number;
}

const noJob = (id: string): Error => new Error(`There is no job ${id}.`);

/** Whether the file was there. */
function wasAppended(path: string, text: string): boolean {
  try {
    appendTo(path, text, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

/** One write for one line, so that lines of several processes do not mix. */
function appendTo(path: string, text: string, create: number): void {
  const file = openSync(path, O_WRONLY | O_APPEND | create);
  try {
    writeSync(file, text.endsWith("\n") ? text : `${text}\n`);
  } finally {
    closeSync(file);
  }
}

/** Whole lines alone: the rest is read again when it has grown. */
async function readFrom(path: string, position: number): Promise<{ lines: string[]; next: number }> {
  if (!existsSync(path)) return { lines: [], next: position };
  await using file = await open(path);
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), { position });
  const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
  if (end === 0) return { lines: [], next: position };
  return { lines: buffer.toString("utf8", 0, end - 1).split("\n"), next: position + end };
}
