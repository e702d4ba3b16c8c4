import { printable } from "../../std/printable.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text in HTML, in attributes too. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);

/** A value as a script of JSON within HTML. */
export const json = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");
