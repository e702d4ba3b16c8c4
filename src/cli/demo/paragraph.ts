import { columns } from "../render/columns.ts";
import type { Terminal } from "../terminal.ts";

export type Screen = Pick<Terminal, "colors" | "width">;

/** Longer lines are hard to read, however wide the screen is. */
const WIDEST = 90;

/** Text in lines that fit the screen. */
export const paragraph = (text: string, { width }: Screen): string =>
  columns([[text]], "l", Math.min(width ?? WIDEST, WIDEST));

/** The title of a step. */
export const heading = (text: string, { colors }: Screen): string => `\n${colors.bold(colors.cyan(text))}`;
