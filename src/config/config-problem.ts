import { OnDeleteError } from "../error.ts";

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  /** Where in the configuration, e.g. `relations[0].columns[1]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** The entry that holds the problem, as JSON of at most 200 characters; null for the top level. */
  readonly entry: string | null;
}

const SHOWN = 200;

/** A path as JavaScript writes it: `tables["public.users"].secret[0]`. */
export function printPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const word = String(part);
      if (!/^[A-Za-z_$][\w$]*$/.test(word)) return `[${JSON.stringify(word)}]`;
      return index === 0 ? word : `.${word}`;
    })
    .join("");
}

/** The relation, table entry or section that a path leads into, shortened; null for the top level. */
export function entryAt(config: unknown, path: readonly PropertyKey[]): string | null {
  const depth = ["relations", "external", "tables"].includes(String(path[0])) ? 2 : 1;
  if (path.length < depth || path[0] === "url") return null;
  let value: unknown = config;
  for (const part of path.slice(0, depth))
    value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
  if (typeof value !== "object" || value === null) return null;
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

/** The error that lists every problem of one configuration; `file` is null where an application gave it in code. */
export function invalidConfig(file: string | null, problems: readonly ConfigProblem[]): OnDeleteError {
  const lines = problems.map(({ path, message, entry }) => {
    const where = path === "" ? "" : `${path}: `;
    return `  ${where}${message}${entry === null ? "" : `\n    in ${entry}`}`;
  });
  const subject = file === null ? "The configuration" : `The configuration ${file}`;
  return new OnDeleteError("config-invalid", `${subject} is not valid:\n${lines.join("\n")}`, {
    hint: "Correct the entries; docs/config.md lists every key.",
    details: { file, problems },
  });
}
