import { OnDeleteError, type Target } from "../index.ts";

/**
 * The target that the words of a command line name: `table value`, `table col=value …`, `table --where sql`.
 * Words are taken for columns where every one of them has a `=` after its first character; so a key that contains one
 * is written with its column.
 *
 * @throws OnDeleteError `usage` where there is no key or both a key and a condition
 */
export function parseTarget(table: string, words: readonly string[], where: string | undefined): Target {
  if (where !== undefined && words.length > 0) {
    throw usage(`Both a key (${words.join(" ")}) and --where are given.`, "Give one of them.");
  }
  if (where !== undefined) return { table, select: { kind: "condition", sql: where } };
  if (words.length === 0) {
    throw usage(
      `Which rows of ${table}?`,
      `Give a key (${table} 42), columns (${table} tenant=7 id=42) or a condition (${table} --where "…").`,
    );
  }
  const pairs = keyPairs(words);
  if (pairs === null) return { table, select: { kind: "key", values: words } };
  return { table, select: { kind: "columns", values: pairs } };
}

/** Words of the form `column=value` as an object; null where one of them is a bare value. */
export function keyPairs(words: readonly string[]): Readonly<Record<string, string>> | null {
  if (!words.every((word) => /^[^=]+=/.test(word))) return null;
  const pairs = words.map(
    (word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] as const,
  );
  const twice = pairs.find(([column], index) => pairs.findIndex(([other]) => other === column) !== index);
  if (twice) throw usage(`The column ${twice[0]} is given twice.`, "Give each column once.");
  return Object.fromEntries(pairs);
}

const usage = (message: string, hint: string) => new OnDeleteError("usage", message, { hint });
