import type { Workload } from "../workloads/workload.ts";

/** A statement that went to the database, and how long it took. */
export interface Traced {
  readonly text: string;
  readonly ms: number;
}

/** A connection in the process that is measured. */
export interface Connection {
  /** What ondelete opens; its statements are traced. */
  readonly handle: object;
  readonly trace: readonly Traced[];
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** A database that is built once. */
export interface Template {
  /** An address of the same rows, as they are right after they were loaded; dropped by {@link Template.dropCopy}. */
  copy(): Promise<string>;
  dropCopy(url: string): Promise<void>;
  drop(): Promise<void>;
}

export interface BenchEngine {
  readonly name: "sqlite" | "postgres" | "mariadb";
  build(workload: Workload): Promise<Template>;
  connect(url: string): Promise<Connection>;
  /** Reads all of a database once, so that no side pays for a cold cache. */
  warm(connection: Connection): Promise<void>;
  version(connection: Connection): Promise<string>;
  /** Selects of `bytes`: of a row, on average, as it is stored, and of all images in the archive. */
  readonly archiveBytes: (workload: Workload) => { readonly row: string; readonly images: string };
}
