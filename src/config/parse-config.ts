import type { z } from "zod";
import { didYouMean } from "../std/nearest.ts";
import type { Config } from "./config.ts";
import { type ConfigProblem, entryAt, invalidConfig, printPath } from "./config-problem.ts";
import { configSchema, keysAt, NOT_YET } from "./config-schema.ts";

type Issue = z.core.$ZodIssue;

/**
 * The configuration, checked for shape.
 *
 * @param file its name in messages, null where an application gave it in code
 * @throws OnDeleteError `config-invalid`, with every problem in `details.problems`
 */
export function parseConfig(value: unknown, file: string | null): Config {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  throw invalidConfig(
    file,
    flatten(result.error.issues).flatMap((issue) => problems(issue, value)),
  );
}

/**
 * Zod reports a failed union as one issue. Its last alternative is the object form, whose issues say more, unless the
 * value is a list whose entries another alternative found fault with.
 */
function flatten(issues: readonly Issue[]): readonly Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union") return [issue];
    const inner = issue.errors.find((e) => e.every((i) => i.path.length > 0)) ?? issue.errors.at(-1) ?? [];
    return flatten(inner.map((i) => ({ ...i, path: [...issue.path, ...i.path] })));
  });
}

function problems(issue: Issue, config: unknown): readonly ConfigProblem[] {
  const entry = entryAt(config, issue.path);
  if (issue.code !== "unrecognized_keys") {
    return [{ path: printPath(issue.path), message: describe(issue, valueAt(config, issue.path)), entry }];
  }
  return issue.keys.map((key) => ({
    path: printPath([...issue.path, key]),
    message: unknownKey(key, keysAt(issue.path)),
    entry,
  }));
}

function unknownKey(key: string, known: readonly string[]): string {
  if (NOT_YET.includes(key)) return `"${key}" is not supported yet; take it out.`;
  const guess = didYouMean(key, known);
  return `there is no key "${key}" here.${guess === "" ? ` Known keys: ${known.join(", ")}.` : guess}`;
}

function describe(issue: Issue, value: unknown): string {
  if (value === undefined) return "is missing.";
  const shown = shorten(JSON.stringify(value));
  switch (issue.code) {
    case "invalid_value": {
      const allowed = issue.values.map(String);
      return `${shown} is none of ${allowed.map((v) => `"${v}"`).join(", ")}.${didYouMean(String(value), allowed)}`;
    }
    case "invalid_type":
      return `must be ${article(issue.expected)}, but is ${shown}.`;
    case "too_small":
      return issue.origin === "number" ? `${shown} is too small.` : "must not be empty.";
    default:
      return `${issue.message}.`;
  }
}

const article = (type: string) =>
  type === "array" ? "a list" : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;

const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  let value = config;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}
