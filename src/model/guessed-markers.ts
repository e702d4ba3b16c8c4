import { type Marker, markerKind } from "./marker.ts";
import type { Column, Table } from "./table.ts";

const NAMES = /^(is_?)?(deleted?|archived|removed|discarded|trashed)(_?(at|on|time|date))?$/i;

/** Whether a column is named like a marker. */
export const isMarkerName = (column: string): boolean => NAMES.test(column);

/** Columns named like markers that could be some; those of times first. */
export function guessedMarkers(table: Table): readonly Marker[] {
  return table.columns
    .filter((c) => isMarkerName(c.name))
    .flatMap((column): readonly Marker[] => {
      const kind = markerKind(column);
      return kind && canBeLive(column, kind) ? [{ column: column.name, kind }] : [];
    })
    .toSorted((a, b) => Number(a.kind === "boolean") - Number(b.kind === "boolean"));
}

const canBeLive = (column: Column, kind: Marker["kind"]): boolean => kind === "boolean" || column.nullable;

/** Columns named like a time of deletion that cannot be empty. */
export const filledMarkers = (table: Table): readonly Column[] =>
  table.columns.filter((c) => isMarkerName(c.name) && markerKind(c) === "timestamp" && !c.nullable);
