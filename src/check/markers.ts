import { type Marker, markerKind } from "../model/marker.ts";
import { markerOf } from "../model/policy.ts";
import type { Column, Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

const NAMES = /^(is_?)?(deleted?|archived|removed|discarded)(_?at)?$/i;

/** A marker that the configuration names, or one that a column's name makes likely. */
export interface LikelyMarker extends Marker {
  readonly confidence: "certain" | "inferred";
}

/** What says of a table's rows that they are deleted; null where nothing does. */
export function likelyMarker(facts: Facts, table: Table): LikelyMarker | null {
  const named = markerOf(table, facts.policy);
  if (named) return { ...named, confidence: "certain" };
  const [guessed] = guessedMarkers(table);
  return guessed ? { ...guessed, confidence: "inferred" } : null;
}

/** Columns named like markers that could be some; those of times first. */
export function guessedMarkers(table: Table): readonly Marker[] {
  return table.columns
    .filter((c) => NAMES.test(c.name))
    .flatMap((column): readonly Marker[] => {
      const kind = markerKind(column);
      return kind && canBeLive(column, kind) ? [{ column: column.name, kind }] : [];
    })
    .toSorted((a, b) => Number(a.kind === "boolean") - Number(b.kind === "boolean"));
}

const canBeLive = (column: Column, kind: Marker["kind"]): boolean => kind === "boolean" || column.nullable;

/** Columns named like a time of deletion that cannot be empty. */
export const filledMarkers = (table: Table): readonly Column[] =>
  table.columns.filter((c) => NAMES.test(c.name) && markerKind(c) === "timestamp" && !c.nullable);
