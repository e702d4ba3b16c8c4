import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** What was seen of a program while it was loaded. */
export interface Loading {
  /** URLs of its modules. */
  readonly modules: Set<string>;
  /** Imports that led nowhere. */
  readonly unresolved: { readonly specifier: string; readonly from: string }[];
}

/**
 * Where a program that could not be loaded is wrong, as `file:line: ` with the file relative to the folder that the
 * command runs in; empty where that is not known.
 */
export function faultPlace(cause: unknown, { modules, unresolved }: Loading): string {
  if (!(cause instanceof Error)) return "";
  const told = placeIn(cause.stack ?? "");
  if (told) return told;
  if (cause instanceof SyntaxError) return firstOf(modules, unparsed);
  if ((cause as { readonly code?: string }).code !== "ERR_MODULE_NOT_FOUND") return "";
  return firstOf(unresolved.toReversed(), ({ specifier, from }) => lineOf(specifier, from));
}

function firstOf<T>(all: Iterable<T>, place: (one: T) => string): string {
  for (const one of all) {
    const found = place(one);
    if (found) return found;
  }
  return "";
}

/** Node keeps the place to itself unless the error ends the process. */
function unparsed(url: string): string {
  if (!url.startsWith("file:") || url.includes("/node_modules/")) return "";
  const { stderr } = spawnSync(process.execPath, ["--check", fileURLToPath(url)], { encoding: "utf8" });
  return placeIn(stderr);
}

function lineOf(specifier: string, from: string): string {
  if (!from.startsWith("file:")) return "";
  const lines = readFileSync(fileURLToPath(from), "utf8").split("\n");
  const at = lines.findIndex((line) => line.includes(`"${specifier}"`) || line.includes(`'${specifier}'`));
  return at < 0 ? "" : `${relative("", fileURLToPath(from))}:${at + 1}: `;
}

/** Node writes it above the line of code and what is wrong with it. */
function placeIn(text: string): string {
  const [, written, line] = /^(\S.*):(\d+)\n/.exec(text) ?? [];
  if (written === undefined) return "";
  return `${relative("", written.startsWith("file:") ? fileURLToPath(written) : written)}:${line}: `;
}
