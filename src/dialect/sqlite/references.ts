import type { Column } from "../../model/table.ts";
import { id, type Sql, sql } from "../sql.ts";
import { affinityOf, isNumeric } from "./affinity.ts";

/** One side of a reference. */
interface Side {
  readonly value: Sql;
  readonly column: Column;
}

/**
 * Whether a child's value references a parent's: SQLite applies the parent column's affinity and collation to the
 * child's value and compares then. The parent stands on the left, because its collation counts there. Where the two
 * affinities are the same, or the parent's is numeric, a plain `=` already does that; elsewhere a `=` that an index can
 * serve comes first and the exact comparison after it.
 * @see https://www.sqlite.org/foreignkeys.html#fk_schemacommands (section 3)
 */
export function referencesParent(child: Side, parent: Side): Sql {
  const alike = collationOf(child) === collationOf(parent);
  const left = alike ? parent.value : sql`${parent.value} collate ${id(collationOf(parent))}`;
  const parentAffinity = affinityOf(parent.column);
  if (parentAffinity === "text") return matchesText(child, left, alike);
  if (parentAffinity === "none" && mayBeNumeric(child)) {
    // `=` would make a number of the parent's text; without the child's affinity (+) nothing is converted.
    return sql`(${left} = ${child.value} and ${left} = +${child.value})`;
  }
  return sql`${left} = ${child.value}`;
}

const collationOf = ({ column }: Side): string => (column.collation ?? "BINARY").toUpperCase();

/** ANY is NUMERIC where the table is not STRICT, which a column does not tell. */
const mayBeNumeric = ({ column }: Side): boolean =>
  isNumeric(affinityOf(column)) || column.type.toUpperCase() === "ANY";

/**
 * A number in the child references the text that it would be stored as in the parent's column. That text reads back as
 * the same number (measured on 3.53), so the `=` in front misses nothing.
 */
function matchesText(child: Side, parent: Sql, alike: boolean): Sql {
  const { value } = child;
  const affinity = affinityOf(child.column);
  if (affinity === "text") return sql`${parent} = ${value}`;
  const asText = sql`case when typeof(${value}) in ('integer', 'real') then cast(${value} as text) else ${value} end`;
  const exact = sql`${parent} = ${asText}`;
  if (isNumeric(affinity)) return sql`(${parent} = ${value} and ${exact})`;
  // IN compares with the child's collation, which can only narrow the search where it is the parent's.
  return alike ? sql`(${value} in (${parent}, cast(${parent} as numeric)) and ${exact})` : exact;
}
