/** A part of a list: rows whose key comes after another, in the order of their keys. */
export interface Page {
  /** 20 unless given, 100 at most. */
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const BATCH_ROWS = 1000;

export const limitOf = ({ limit = DEFAULT_LIMIT }: Page): number => Math.min(Math.max(limit, 1), MAX_LIMIT);

/** Work on many rows, a thousand of them at a time. */
export async function inBatches<T>(rows: readonly T[], work: (some: T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH_ROWS) await work(rows.slice(at, at + BATCH_ROWS));
}

/** Rows by what they have in a column, so that those of a page are asked for together. */
export function below<Row, Column extends keyof Row>(
  rows: readonly Row[],
  column: Column,
): (value: Row[Column]) => Row[] {
  const groups = Map.groupBy(rows, (row) => row[column]);
  return (value) => groups.get(value) ?? [];
}

/** The values of a column, each once. */
export const valuesOf = <Row, Column extends keyof Row>(
  rows: readonly Row[],
  column: Column,
): Row[Column][] => [...new Set(rows.map((row) => row[column]))];
