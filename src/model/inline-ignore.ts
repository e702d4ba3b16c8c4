/** Findings that a comment in the database says to leave out. */
export interface InlineIgnore {
  readonly rule: string;
  /** Null where the comment gives none, and so does not hold. */
  readonly reason: string | null;
  /** Only findings about one of these columns; all of the table's where there is none. */
  readonly columns: readonly string[];
}

const IGNORE = /ondelete-ignore\s+([a-z][a-z-]*[a-z])(?:[^\S\n]+--[^\S\n]*(\S[^\n]*))?/g;

/** The ignores in a comment: `ondelete-ignore <rule> -- reason`, one a line. */
export function inlineIgnores(text: string, columns: readonly string[]): readonly InlineIgnore[] {
  return [...text.matchAll(IGNORE)].map(([, rule = "", reason]) => ({
    rule,
    reason: reason?.trim() ?? null,
    columns,
  }));
}
