import { printable } from "../../std/printable.ts";

const PLAIN = /^[\p{L}\d]+(?:[_.][\p{L}\d]+)*$/u;
const CODE = /^[^`|\\\s](?:[^`|\\]*[^`|\\\s])?$/u;

/**
 * A name as Markdown shows it, in tables too: as it is where it can be, as HTML code otherwise. Not in backticks: in
 * what people write these hold a name or a sentence, and `--check` has to know which.
 */
export function name(text: string): string {
  const shown = printable(text);
  return PLAIN.test(shown) ? shown : htmlCode(shown);
}

/** Text as code, whatever is in it. */
export function code(text: string): string {
  const shown = printable(text);
  return CODE.test(shown) ? `\`${shown}\`` : htmlCode(shown);
}

const htmlCode = (shown: string): string => `<code>${entities(shown)}</code>`;

/** Text that is shown as it is written: no character of it means anything to Markdown. */
export const words = (text: string): string =>
  printable(text).replace(
    /[\\`*{}[\]<>&|#~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
    (c) => `&#${c.codePointAt(0)};`,
  );

const entities = (text: string): string =>
  text.replace(/[^\p{L}\d ]| (?= )|^ | $/gu, (c) => `&#${c.codePointAt(0)};`);

export const names = (list: readonly string[]): string => list.map(name).join(", ");

/** A table in Markdown; empty where it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
