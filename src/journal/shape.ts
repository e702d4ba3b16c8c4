import { keepsApart } from "../model/guards.ts";
import { columnOf, type Table } from "../model/table.ts";

/** What a table asked of archived values when they were archived. */
export interface Shape {
  /** Each column's type and whether it may be null, by name. */
  readonly columns: Readonly<Record<string, string>>;
  /** Names of the indexes that keep rows apart. */
  readonly unique: readonly string[];
}

export function shapeOf(table: Table, columns: readonly string[]): Shape {
  const typeOf = (name: string) => {
    const { type, baseType, nullable, enumValues } = columnOf(table, name);
    const labels = enumValues && !type.includes("(") ? ` (${enumValues.join(", ")})` : "";
    return `${type}${baseType ? ` (${baseType})` : ""}${labels}${nullable ? "" : " not null"}`;
  };
  return {
    columns: Object.fromEntries(columns.map((name) => [name, typeOf(name)])),
    unique: table.indexes.filter(keepsApart).map((i) => i.name),
  };
}
