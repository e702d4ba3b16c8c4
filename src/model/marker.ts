import type { Column } from "./table.ts";

/** What a marker holds: when a row was deleted (as a time, or as a number since 1970), or only whether it was. */
export type MarkerKind = "timestamp" | "boolean" | "seconds" | "milliseconds";

/** The column that says of a row whether it is deleted softly. */
export interface Marker {
  readonly column: string;
  readonly kind: MarkerKind;
}

/** What a soft delete does with rows that have no marker. */
export type Unmarked = "keep" | "archive" | "block";

const WHOLE = /^(?:tiny|small|medium|big)?int(?!erval)/i;
const FLAG = /^(?:is_?)?(?:deleted|archived|removed|discarded|trashed|deactivated)$/i;

/** What a column can hold as a marker, by its type and, for whole numbers, its name; null where it is none of it. */
export function markerKind(column: Column): MarkerKind | null {
  const type = column.baseType ?? column.type;
  if (/bool|^tinyint\(1\)|^bit(?:\(1\))?$/i.test(type)) return "boolean";
  if (/timestamp|datetime|^date/i.test(type)) return "timestamp";
  if (WHOLE.test(type)) return FLAG.test(column.name) ? "boolean" : "seconds";
  return /char|text|clob|^$/i.test(type) ? "timestamp" : null;
}

/** Whether a column can be a marker of that kind: a whole number can be one of three. */
export const holds = (column: Column, kind: MarkerKind): boolean =>
  WHOLE.test(column.baseType ?? column.type) ? kind !== "timestamp" : kind === markerKind(column);
