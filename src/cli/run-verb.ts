import { type Config, type Database, databaseUrl, loadConfig, OnDeleteError, open } from "../index.ts";
import type { CommonOptions } from "./common-options.ts";
import { checkSchemas } from "./in-schema.ts";
import { type Interrupt, interruption, listenForInterrupt } from "./interrupt.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** What a verb of the command line works with. */
export interface Run {
  readonly db: Database;
  readonly config: Config;
  /** The address in use, with its password. */
  readonly url: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Opens the database that the options name, does the work and closes it.
 *
 * @param kind `reads` may be left behind when the user interrupts, `writes` is told to stop and waited for
 * @returns what the work returns: the exit code
 */
export async function runVerb(
  options: CommonOptions,
  kind: "reads" | "writes",
  work: (run: Run) => Promise<number>,
): Promise<number> {
  const terminal = openTerminal(options);
  const { config, url } = await settings(options);
  const interrupt = listenForInterrupt();
  try {
    return await withDatabase({ url, config, interrupt }, async (db) => {
      if (config.schemas) await checkSchemas(db, config.schemas);
      const result = work({ db, config, url, terminal, signal: interrupt.signal });
      return await (kind === "reads" ? Promise.race([result, interrupt.interrupted]) : result);
    });
  } catch (error) {
    if (!interrupt.signal.aborted || isInterruption(error)) throw error;
    throw interruption(error);
  } finally {
    interrupt.stopListening();
  }
}

async function settings(options: CommonOptions): Promise<{ readonly config: Config; readonly url: string }> {
  const cwd = process.cwd();
  const { config: loaded } = await loadConfig(cwd, options.config);
  const config = options.schema ? { ...loaded, schemas: options.schema } : loaded;
  return { config, url: databaseUrl({ flag: options.url, env: process.env, cwd, config: config.url }) };
}

async function withDatabase(
  {
    url,
    config,
    interrupt,
  }: { readonly url: string; readonly config: Config; readonly interrupt: Interrupt },
  work: (db: Database) => Promise<number>,
): Promise<number> {
  const db = await Promise.race([open(url, config), interrupt.interrupted]);
  try {
    return await work(db);
  } finally {
    // A statement that still runs would make us wait; the process ends next, and the server rolls back.
    if (!interrupt.signal.aborted) await db.close();
  }
}

const isInterruption = (error: unknown) => error instanceof OnDeleteError && error.code === "interrupted";
