import { CompiledQuery } from "own-kysely";
import type { Row } from "./engine.ts";
import type { Statement } from "./sql.ts";

interface Result {
  readonly rows: readonly unknown[];
  readonly numAffectedRows?: bigint;
}

/** What is used of a Kysely instance, of any version that has these. @see https://kysely-org.github.io/kysely-apidoc/ */
export interface KyselyLike {
  readonly isTransaction: boolean;
  withoutPlugins(): KyselyLike;
  executeQuery(query: CompiledQuery): Promise<Result>;
  /** One connection for the length of some work. */
  connection(): { execute<T>(work: (db: KyselyLike) => Promise<T>): Promise<T> };
}

/** Runs one statement as the application's Kysely is set up; plugins, which may rename columns, left out. */
export const sendThrough = (
  db: KyselyLike,
  { text, values }: Pick<Statement, "text"> & { readonly values: readonly unknown[] },
): Promise<Result> => db.withoutPlugins().executeQuery(CompiledQuery.raw(text, [...values]));

/** Values as the text that the server sent, as far as a driver's own types can be taken back to it. */
export function textRow(row: unknown, truth: { readonly yes: string; readonly no: string }): Row {
  const entries = Object.entries(row as Record<string, unknown>);
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value, truth)]));
}

function textOf(value: unknown, truth: { readonly yes: string; readonly no: string }): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? truth.yes : truth.no;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (typeof value !== "object") return String(value);
  throw new Error("bug in ondelete: a statement asked for a value that drivers make an object of");
}
