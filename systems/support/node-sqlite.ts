import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** What TypeORM hands to its driver. */
interface Options {
  readonly readonly?: boolean;
  /** How long a statement waits for another connection, in milliseconds. */
  readonly timeout?: number;
}

/** What TypeORM uses of better-sqlite3, an addon that would be built at install, on Node's own SQLite. */
export class NodeSqlite extends DatabaseSync {
  constructor(file: string, { readonly: readOnly = false, timeout = 0 }: Options = {}) {
    super(file, { readOnly, timeout });
    this.exec("pragma synchronous = normal");
  }

  override prepare(sql: string) {
    const statement = super.prepare(sql);
    return Object.assign(statement, { reader: statement.columns().length > 0 });
  }

  pragma(text: string): readonly Readonly<Record<string, unknown>>[] {
    return this.prepare(`pragma ${text}`).all(...([] as SQLInputValue[]));
  }
}
