import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** node:sqlite as the driver that Kysely's dialect for SQLite expects. */
export function asSqliteDatabase(db: DatabaseSync) {
  return {
    close: () => {},
    prepare: (text: string) => {
      const statement = db.prepare(text);
      return {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...(values as SQLInputValue[])),
        run: (values: readonly unknown[]) => statement.run(...(values as SQLInputValue[])),
        iterate: (values: readonly unknown[]) => statement.iterate(...(values as SQLInputValue[])),
      };
    },
  };
}
