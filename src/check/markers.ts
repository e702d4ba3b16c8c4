import { guessedMarkers } from "../model/guessed-markers.ts";
import { type Marker, markerKind } from "../model/marker.ts";
import { markerOf } from "../model/policy.ts";
import type { Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

/** A marker that the configuration or the code names, or one that a column's name makes likely. */
export interface LikelyMarker extends Marker {
  readonly confidence: "certain" | "inferred";
}

/** What says of a table's rows that they are deleted, by the configuration, the code, or a name; null where nothing does. */
export function likelyMarker(facts: Facts, table: Table): LikelyMarker | null {
  const named = markerOf(table, facts.policy) ?? markerInCode(facts, table);
  if (named) return { ...named, confidence: "certain" };
  const [guessed] = guessedMarkers(table);
  return guessed ? { ...guessed, confidence: "inferred" } : null;
}

/** The column by which an ORM marks the table's rows. */
function markerInCode({ schemas }: Facts, table: Table): Marker | null {
  const name = schemas.flatMap((s) => s.tables).find((t) => t.id === table.id)?.softDelete;
  const column = table.columns.find((c) => c.name === name);
  const kind = column ? markerKind(column) : null;
  return column && kind ? { column: column.name, kind } : null;
}
