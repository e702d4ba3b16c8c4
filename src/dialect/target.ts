import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Selection, Target } from "../model/plan.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";
import { nearest } from "../std/nearest.ts";
import { allOf, id, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/**
 * The table of a target.
 * @throws `unknown-table` with the nearest name; `no-key` where the table has no key to name rows by.
 */
export function targetTable(model: Model, target: Target): Table {
  const table = model.tables.find((t) => t.id === target.table) ?? caseless(model, target.table);
  if (!table) throw unknownTable(model, target.table);
  if (identityOf(table).length === 0) throw noKey(table);
  return table;
}

/** `no-key`: rows of the table cannot be told apart. */
export function noKey(table: Table): OnDeleteError {
  return new OnDeleteError(
    "no-key",
    `Table ${table.id} has neither a primary key nor a unique key that is never null, so its rows cannot be told apart: they could be neither counted once nor restored.`,
    {
      hint: `Add a primary key to ${table.id}, or a unique constraint on columns that are NOT NULL.`,
      details: { table: table.id },
    },
  );
}

/**
 * The condition that selects the root rows, for a FROM with the table alone.
 * @throws `unknown-column` with the nearest name; `bad-key` where the number of values does not fit the key.
 */
export function rootCondition(syntax: Syntax, table: Table, select: Selection): Sql {
  switch (select.kind) {
    case "key":
      return equalTo(syntax, table, keyValues(table, select.values));
    case "columns":
      return equalTo(syntax, table, Object.entries(select.values));
    case "condition":
      // On lines of its own, so that a comment at its end does not swallow the parenthesis.
      return sql`(\n${raw(select.sql)}\n)`;
  }
}

function equalTo(syntax: Syntax, table: Table, values: readonly (readonly [string, string])[]): Sql {
  return allOf(
    values.map(([name, text]) => {
      if (!table.columns.some((c) => c.name === name)) throw unknownColumn(table, name);
      return sql`${id(name)} = ${keyValue(syntax, table, { name, text })}`;
    }),
  );
}

/** @throws `bad-key` where the engine's rules make no value of the text */
function keyValue(syntax: Syntax, table: Table, { name, text }: { name: string; text: string }): Sql {
  try {
    return syntax.value(text, columnOf(table, name));
  } catch (error) {
    if (!(error instanceof OnDeleteError) || error.code !== "bad-key") throw error;
    throw new OnDeleteError(
      "bad-key",
      `The key given for ${table.id} does not fit its columns: ${error.message}`,
      {
        hint: error.hint ?? `The key is (${identityOf(table).join(", ")}).`,
        details: { ...error.details, table: table.id },
        cause: error,
      },
    );
  }
}

function keyValues(table: Table, values: readonly string[]): readonly (readonly [string, string])[] {
  const key = identityOf(table);
  if (key.length === values.length) return key.map((name, i) => [name, values[i] ?? ""] as const);
  const example = key.map((name) => `${name}=…`).join(" ");
  throw new OnDeleteError(
    "bad-key",
    `The key of ${table.id} is (${key.join(", ")}): ${key.length} ${key.length === 1 ? "value" : "values"}, but ${values.length} ${values.length === 1 ? "was" : "were"} given.`,
    { hint: `Write: ${table.id} ${example}`, details: { table: table.id, key } },
  );
}

function unknownTable(model: Model, name: string): OnDeleteError {
  const names = model.tables.map((t) => t.id);
  const near = nearest(name, names);
  return new OnDeleteError("unknown-table", `There is no table ${name} in this database.`, {
    hint: near ? `Did you mean ${near}?` : `It has: ${names.slice(0, 20).join(", ") || "no table at all"}.`,
    details: { table: name, nearest: near },
  });
}

function unknownColumn(table: Table, name: string): OnDeleteError {
  const near = nearest(
    name,
    table.columns.map((c) => c.name),
  );
  return new OnDeleteError("unknown-column", `Table ${table.id} has no column ${name}.`, {
    hint: near ? `Did you mean ${near}?` : `It has: ${table.columns.map((c) => c.name).join(", ")}.`,
    details: { table: table.id, column: name, nearest: near },
  });
}

function caseless(model: Model, name: string): Table | undefined {
  const same = model.tables.filter((t) => t.id.toLowerCase() === name.toLowerCase());
  return same.length === 1 ? same[0] : undefined;
}

/** The condition of a target as a person reads it. */
export function whereText({ root }: { readonly root: Table }, select: Selection): string {
  if (select.kind === "condition") return select.sql;
  const values =
    select.kind === "columns"
      ? Object.entries(select.values)
      : identityOf(root).map((c, i) => [c, select.values[i] ?? ""] as const);
  return values.map(([c, v]) => `${c} = ${v}`).join(" and ");
}
