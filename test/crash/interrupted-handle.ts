import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Point } from "./crash-engine.ts";

/** A handle as the application has it, that is interrupted before or after its n-th statement. */
export function interruptedHandle(
  db: DatabaseSync,
  { n, way }: Point,
  interrupt: (statement: string) => void,
): { readonly handle: object; readonly seen: () => number } {
  let seen = 0;
  const at = <T>(statement: string, work: () => T): T => {
    const here = ++seen === n;
    if (here && way.includes("before")) interrupt(statement);
    const result = work();
    if (here && way.includes("after")) interrupt(statement);
    return result;
  };
  const handle = {
    prepare: (sql: string) => {
      const statement = db.prepare(sql);
      return {
        all: (...values: SQLInputValue[]) => at(sql, () => statement.all(...values)),
        iterate: (...values: SQLInputValue[]) => at(sql, () => statement.iterate(...values)),
        run: (...values: SQLInputValue[]) => at(sql, () => statement.run(...values)),
        setReadBigInts: (enabled: boolean) => statement.setReadBigInts(enabled),
      };
    },
    exec: (sql: string) => at(sql, () => db.exec(sql)),
    function: db.function.bind(db),
    get isTransaction() {
      return db.isTransaction;
    },
    close: () => db.close(),
  };
  return { handle, seen: () => seen };
}
