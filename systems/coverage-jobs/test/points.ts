/** Where a process is killed. */
export interface Point {
  /** Between the commit of a delete and the removal of its files, at a rollback, or while files are brought back. */
  readonly at: "commit" | "rollback" | "restore";
  readonly way: "before" | "after";
  /** Which move of a file; 0 where none is to be made. */
  readonly call: number;
  readonly repository: string;
  /** What a restore takes back. */
  readonly operation: string;
}

export type Place = Pick<Point, "at" | "way" | "call">;

/** As many logs as this go with a repository. */
export const LOGS = 10;

const ways = ["before", "after"] as const;
const calls = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Fifty: before and after each move of a delete, at ten rollbacks, and at each half step of a restore, before and after in turn. */
export const PLACES: readonly Place[] = [
  ...calls(LOGS).flatMap((call) => ways.map((way) => ({ at: "commit", way, call }) as const)),
  ...calls(5).flatMap(() => ways.map((way) => ({ at: "rollback", way, call: 0 }) as const)),
  // A file is linked to its place, and unlinked where it was.
  ...calls(2 * LOGS).map((call) => ({ at: "restore", way: ways[call % 2] ?? "before", call }) as const),
];
