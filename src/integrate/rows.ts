import { type ModelDocument, OnDeleteError, type Target } from "../index.ts";

/** What a column can hold that rows are selected by. */
export type Value = string | number | bigint | boolean | Date | Uint8Array;

/** Values of those properties of an entity that are columns. */
export type ColumnValues<Entity> = {
  readonly [P in keyof Entity & string as Entity[P] extends Value | null | undefined
    ? P
    : never]?: NonNullable<Entity[P]>;
};

/**
 * The rows of a table whose columns have some values, as a target.
 * @throws OnDeleteError `bad-key` where no column is given, which would mean every row, or one without a value, which
 * would mean more of them than the application thinks
 */
export function targetOf({ tables }: ModelDocument, table: string, rows: object): Target {
  const id = nameIn(
    table,
    tables.map((t) => t.id),
  );
  const columns = tables.find((t) => t.id === id)?.columns.map((c) => c.name) ?? [];
  const given = Object.entries(rows);
  const without = given.find(([, value]) => value === undefined || value === null);
  if (without) {
    throw new OnDeleteError("bad-key", `${table}.${without[0]} is ${without[1]}, which selects no rows.`, {
      hint: `Give ${without[0]} a value, or leave it out. For rows where it is null, use database with a condition.`,
    });
  }
  if (given.length === 0) {
    throw new OnDeleteError("bad-key", `No column of ${table} says which rows are meant.`, {
      hint: "Name at least one column, e.g. { id: 42 }.",
    });
  }
  const values = given.map(([column, value]) => [nameIn(column, columns), textOf(value)]);
  return { table: id, select: { kind: "columns", values: Object.fromEntries(values) } };
}

/** A name as the database has it, where the application writes it in camel case. */
function nameIn(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const snake = snakeCase(name);
  return known.includes(snake) ? snake : name;
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function textOf(value: unknown): string {
  // PostgreSQL takes them for booleans, and elsewhere booleans are numbers.
  if (typeof value === "boolean") return value ? "1" : "0";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return String(value);
}
