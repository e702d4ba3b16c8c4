import { type InlineIgnore, inlineIgnores } from "../../model/inline-ignore.ts";

/**
 * The ignores in the comments of a CREATE TABLE, which SQLite keeps as it was written. One behind a definition holds
 * for the columns that the line names, one on a line of its own for the table.
 */
export function ignoresIn(source: string, columns: readonly string[]): readonly InlineIgnore[] {
  if (!source.includes("ondelete-ignore")) return [];
  return source.split("\n").flatMap((line) => {
    const at = line.search(/--.*ondelete-ignore/);
    if (at < 0) return [];
    const words = new Set(line.slice(0, at).toLowerCase().match(/\w+/g));
    return inlineIgnores(
      line.slice(at),
      columns.filter((name) => words.has(name.toLowerCase())),
    );
  });
}
