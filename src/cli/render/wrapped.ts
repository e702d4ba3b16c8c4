import { stripVTControlCharacters } from "node:util";

/** Text in lines of at most some columns, each indented; a word that is longer has a line to itself. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line].join("\n");
}

/**
 * Text behind a lead, its further lines indented as deep as the lead is long.
 *
 * @param width columns of the screen; null for one line
 */
export function hanging(lead: string, text: string, width: number | null): string {
  const indent = " ".repeat(stripVTControlCharacters(lead).length);
  return lead + wrapped(text, width ?? Number.POSITIVE_INFINITY, indent).slice(indent.length);
}
