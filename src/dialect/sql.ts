import { type QueryCompiler, type RawBuilder, sql } from "own-kysely";

/** A piece of SQL with its parameters: composed with the {@link sql} tag, spelled by the engine that compiles it. */
export type Sql = RawBuilder<unknown>;

export { sql };

/** What can be bound to a parameter. */
export type Value = string | number | bigint | Uint8Array | null;

/** A statement as a driver takes it. */
export interface Statement {
  readonly text: string;
  readonly values: readonly Value[];
}

/** An identifier, quoted; qualified where several names are given. */
export const id = (...names: readonly string[]): Sql => sql.id(...names);

/** Text taken as SQL as it is: only what ondelete itself wrote, the catalog printed, or the user gave as a condition. */
export const raw = (text: string): Sql => sql.raw(text);

export const join = (parts: readonly Sql[], separator: string): Sql => sql.join([...parts], raw(separator));

export const list = (parts: readonly Sql[]): Sql => join(parts, ", ");

/** All of the conditions; true where there is none. */
export const allOf = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? raw("1 = 1") : join(conditions, " and ");

/** At least one of the conditions; false where there is none. */
export const anyOf = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? raw("1 = 0") : sql`(${join(conditions, " or ")})`;

/** The statement that an engine's compiler makes of a fragment. */
export function compile(fragment: Sql, compiler: QueryCompiler): Statement {
  const query = compiler.compileQuery(fragment.toOperationNode() as never, { queryId: "ondelete" });
  return { text: query.sql, values: query.parameters as readonly Value[] };
}
