import { bare, inlineText, NAME } from "./inline.ts";
import { actionIn } from "./said.ts";
import type { List, Statement } from "./statement.ts";

/** What stands above a part of a document, which tells what it is about. */
export interface Above {
  /** The text of the nearest heading, without marks of emphasis; empty above the first one. */
  readonly heading: string;
  /** All headings that it stands under, the nearest last. */
  readonly headings: readonly string[];
  /** The line of text just before; empty after a heading. */
  readonly lead: string;
}

/** What is found in a part of a document. Places of lists count from those found before. */
export interface Found {
  readonly statements: readonly Statement[];
  readonly lists?: readonly List[];
  readonly sections?: readonly string[];
}

const DELETED = [
  /^(?:\d+[.)]\s*)?(?:what happens )?(?:when|if|on|once)\s+(?:an?\s+|the\s+)?(.+?)\s+(?:is|are|gets?)\s+(soft[- ])?(?:deleted|removed)\b/iu,
  /^(?:\d+[.)]\s*)?(?:when\s+)?(soft[- ])?(?:deleting|removing)\s+(?:from\s+|an?\s+|the\s+)?(.+?)\s*:?$/iu,
  /^(?:\d+[.)]\s*)?(?:on\s+)?(.+?)\s+(soft[- ])?deletion\s*:?$/iu,
];

/** The table whose deletion a heading or a lead is about, as it is written; null where it is about none. */
export function deletedIn(text: string): string | null {
  for (const pattern of DELETED) {
    const [, first, second] = pattern.exec(text.trim()) ?? [];
    const named = [first, second].find((part) => part !== undefined && !/^soft[- ]$/iu.test(part));
    if (named !== undefined && named.split(/\s+/u).length <= 4) return bare(named);
  }
  return null;
}

export const modeOf = ({ headings, lead }: Above): List["mode"] =>
  [...headings, lead].some((text) => /soft[- ]?delet/iu.test(text)) ? "soft" : "hard";

/** The action that a heading names for all that stands below it. */
export const actionAbove = ({ heading }: Above) => actionIn(heading);

const TITLE = new RegExp(
  `^(?:\\d+[.)]\\s*)?(?:(?:the\\s+)?table:?\\s+)?(${NAME})(?:\\s+(?:table|model|entity))?$`,
  "iu",
);

/** The table that a section is about, as its heading writes it; null where it is no name. */
export function tableAbove({ heading }: Above): string | null {
  const [, named] = TITLE.exec(heading) ?? [];
  return named === undefined ? null : bare(named);
}

/** What stands above next, after a heading. */
export function under(above: readonly { level: number; text: string }[], level: number, text: string) {
  return [...above.filter((h) => h.level < level), { level, text: inlineText(text) }];
}
