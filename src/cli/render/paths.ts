import type { Key, Path } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { plain, samples, some } from "./words.ts";

/** The ways by which a row is reached, shortest first, each from a root down. */
export function renderPaths(
  row: { readonly table: string; readonly key: Key },
  paths: readonly (readonly Path[])[],
  { colors }: Pick<Terminal, "colors">,
): string {
  const name = colors.bold(`${plain(row.table)} ${samples([row.key], 1)}`);
  if (paths.length === 0) return `${name} is not reached by this delete.`;
  const texts = paths.map((path, index) => {
    const steps = path.map(({ table, key, relation }, depth) => {
      const by = relation === "" ? "" : `  ${colors.dim(`by ${plain(relation)}`)}`;
      return `${"  ".repeat(depth + 1)}${plain(table)} ${samples([key], 1)}${by}`;
    });
    return [colors.dim(`${index + 1}.`), ...steps].join("\n");
  });
  return [`${name} is reached in ${some(paths.length, "way")}:`, ...texts].join("\n");
}
