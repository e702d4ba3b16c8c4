import type { Values } from "../dialect/native-facts.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { mentions } from "../model/guards.ts";
import type { Column, Table } from "../model/table.ts";
import type { Candidates } from "./solve-checks.ts";
import { Unprovable } from "./unprovable.ts";

interface Given {
  readonly syntax: Syntax;
  /** Values that stand. */
  readonly values: Values;
  /** A row that is there, as a pattern; null for none. */
  readonly copied: Values | null;
  /** Columns that may not be null, because others reference them. */
  readonly filled: readonly string[];
  readonly seed: number;
}

/** Of each column that is to be written what it may get. @throws {Unprovable} */
export function candidatesOf(table: Table, { syntax, values, copied, filled, seed }: Given): Candidates {
  const out = new Map<string, readonly (string | null)[]>();
  for (const column of table.columns.filter((c) => !c.generated)) {
    const { name } = column;
    const value = values.get(name);
    if (value !== undefined) out.set(name, [value]);
    else if (copied && !isKeyed(table, name)) out.set(name, [copied.get(name) ?? null]);
    else {
      const free = freeValues(table, column, { syntax, seed, filled: filled.includes(name) });
      if (free.length > 0) out.set(name, free);
    }
  }
  return out;
}

/**
 * What a column gets that nothing is asked of; nothing where the engine gives it its value.
 * @throws {Unprovable} where no value of its type is known
 */
export function freeValues(
  table: Table,
  column: Column,
  { syntax, seed, filled }: Pick<Given, "syntax" | "seed"> & { readonly filled: boolean },
): readonly (string | null)[] {
  if (column.identity !== null && syntax.lastCounted) return [];
  const checked = table.checks.some((c) => mentions(c.expression, column.name));
  const known = syntax.samples(column, seed);
  if (column.nullable && !filled) {
    if (checked) return [null, ...known];
    // Its default may reference a row that is not there.
    return column.default === null ? [] : [null];
  }
  if (column.default !== null && !isKeyed(table, column.name) && !checked) return [];
  if (known.length > 0 || column.default !== null) return known;
  throw new Unprovable(`no value is known for ${table.id}.${column.name}, whose type is ${column.type}`);
}

/** Whether the column's values tell rows apart. */
const isKeyed = (table: Table, name: string): boolean =>
  table.primaryKey.includes(name) ||
  table.uniqueKeys.some((k) => k.columns.includes(name)) ||
  table.indexes.some((i) => i.unique && i.columns.includes(name));
