import type { BlockReason } from "../../index.ts";

/** What to do about a blocker. */
const ADVICE: Readonly<Record<BlockReason, string>> = {
  restrict:
    "Delete or re-point these rows first, or give the relation another onDelete in ondelete.config.ts.",
  "no-action":
    "Delete or re-point these rows first, or give the relation another onDelete in ondelete.config.ts.",
  "not-null": "The column is NOT NULL: re-point these rows first, or have the relation cascade.",
  check: "A CHECK constraint refuses the new row: change these rows first.",
  unique: "The new rows would clash on a unique key: change or delete all but one of them first.",
  "default-missing": "The default refers to no row that stays: add that row, or re-point these rows first.",
  "required-cycle":
    "These rows require each other and the engine checks row by row: make one of the columns nullable.",
  privilege: "Have the privilege granted; `ondelete doctor` says what the role lacks.",
  protected:
    "The configuration protects this table: delete its rows on their own terms, or lift the protection.",
  external: "Clear the rows where they live first.",
};

export const advice = (reason: BlockReason): string => ADVICE[reason];
