import { guessedMarkers } from "../model/guessed-markers.ts";
import type { Marker } from "../model/marker.ts";
import { markerOf } from "../model/policy.ts";
import type { Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

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
