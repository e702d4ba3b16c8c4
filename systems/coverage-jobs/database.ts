import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DataSource, type EntityManager } from "typeorm";
import { NodeSqlite } from "../support/node-sqlite.ts";
import { ENTITIES } from "./schema.ts";
import { COVERAGE_ONCE } from "./services/job-processing/job.ts";
import { WriteQueue } from "./write-queue.ts";

/** Where an installation keeps its database; logs are below the same folder, in `data/logs`. */
export const databaseFile = (home: string): string => join(home, "data", "coverage.sqlite");

/** Waited for another process that writes, in milliseconds. */
const BUSY = 5000;

/** A transaction takes the write lock when it begins: one that only reads at first could not write any more later. */
class Writer extends NodeSqlite {
  override prepare(sql: string) {
    return super.prepare(sql === "BEGIN TRANSACTION" ? "begin immediate" : sql);
  }
}

export const dataSource = (home: string, { readonly }: { readonly: boolean }): DataSource =>
  new DataSource({
    type: "better-sqlite3",
    driver: readonly ? NodeSqlite : Writer,
    database: databaseFile(home),
    readonly,
    // The mode is kept in the file, and readers find it there.
    enableWAL: !readonly,
    timeout: BUSY,
    entities: ENTITIES,
    synchronize: !readonly,
  });

export interface Connections {
  readonly home: string;
  /** Queries, on a connection that cannot write. */
  readonly reader: DataSource;
  /** One transaction, after all that were asked for before. */
  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>;
  /** Everything that writes goes through it, also what has a connection of its own. */
  readonly queue: WriteQueue;
  close(): Promise<void>;
}

/** Opens the database below the folder, and makes it where there is none. */
export async function connect(home: string): Promise<Connections> {
  mkdirSync(join(home, "data", "logs"), { recursive: true });
  const writer = await dataSource(home, { readonly: false }).initialize();
  // TypeORM rebuilds a table that changed, and its triggers are gone with the old one.
  await writer.query(COVERAGE_ONCE);
  const reader = await dataSource(home, { readonly: true }).initialize();
  const queue = new WriteQueue();
  return {
    home,
    reader,
    queue,
    write: (work) => queue.run(() => writer.transaction(work)),
    close: () =>
      queue.run(async () => {
        await reader.destroy();
        await writer.destroy();
      }),
  };
}
