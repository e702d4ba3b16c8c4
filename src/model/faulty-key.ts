import type { ReferentialAction } from "./relation.ts";
import type { TableId } from "./table.ts";

/** A foreign key that the database keeps and cannot follow. */
export interface FaultyKey {
  /** Printed like a relation's. */
  readonly id: string;
  readonly child: TableId;
  readonly columns: readonly string[];
  /** The referenced table as the key names it. */
  readonly parent: string;
  /** Empty where the key means the primary key, whichever that is. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly name: string | null;
  /** The referenced table is not there, a referenced column is not, or the columns are no key. */
  readonly fault: "no-table" | "no-column" | "no-key";
}
