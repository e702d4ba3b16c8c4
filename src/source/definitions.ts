import { readFile } from "node:fs/promises";
import { OnDeleteError } from "../error.ts";
import type { SourceLocation } from "../model/finding.ts";

/** Files in which definitions are looked for, one or several; named as findings are to name them. */
export type Files = string | readonly string[];

export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** A part of a file. */
export interface Region extends SourceText {
  readonly start: number;
  readonly end: number;
}

/** @throws OnDeleteError `source-invalid` where a file cannot be read */
export function readTexts(files: Files | undefined): Promise<readonly SourceText[]> {
  return Promise.all([files ?? []].flat().map(async (file) => ({ file, text: await textOf(file) })));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new OnDeleteError(
      "source-invalid",
      `The source ${file} cannot be read: ${(cause as Error).message}`,
      {
        hint: "Paths are relative to the folder that the command runs in.",
        cause,
      },
    );
  }
}

/** From the first match of `start` to the next one of `next`, or the end of the file; null where nothing matches. */
export function regionOf(texts: readonly SourceText[], start: RegExp, next: RegExp): Region | null {
  for (const { file, text } of texts) {
    const found = start.exec(text);
    if (!found) continue;
    const from = found.index + found[0].length;
    const length = text.slice(from).search(next);
    return { file, text, start: found.index, end: length < 0 ? text.length : from + length };
  }
  return null;
}

/** The part of a region from the first match on; null where nothing matches. */
export function regionIn(region: Region | null, pattern: RegExp): Region | null {
  if (!region) return null;
  const at = region.text.slice(region.start, region.end).search(pattern);
  return at < 0 ? null : { ...region, start: region.start + at };
}

/** Where a region begins, white space aside. */
export function locationOf(region: Region | null): SourceLocation | null {
  if (!region) return null;
  const { file, text, start, end } = region;
  const at = start + text.slice(start, end).search(/\S|$/);
  return { file, line: text.slice(0, at).split("\n").length };
}
