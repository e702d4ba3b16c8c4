import type { Marker, ModelDocument } from "../index.ts";

/** The column that marks rows of a table as deleted. */
export interface Marked extends Marker {
  /** What a boolean one of a live row holds: SQL's `false`, or 0 where the column is a number. */
  readonly no: false | 0;
}

/** The marker of a table; null where it has none. */
export function markedBy({ tables }: ModelDocument, id: string): Marked | null {
  const table = tables.find((t) => t.id === id);
  if (!table?.softDelete) return null;
  const type = table.columns.find((c) => c.name === table.softDelete?.column)?.type ?? "";
  return { ...table.softDelete, no: /bool/i.test(type) ? false : 0 };
}

/** The condition by which a row is live, around a column as the ORM spells it. */
export const liveText = ({ kind, no }: Marked, column: string): string =>
  kind === "boolean" ? `coalesce(${column}, ${no}) = ${no}` : `${column} is null`;
