import type { Capabilities } from "../dialect/capabilities.ts";
import type { Lexicon } from "../dialect/tokens.ts";
import { OnDeleteError } from "../error.ts";
import { relationId } from "../model/relation.ts";
import type { SourceName, SourceSchema } from "../model/source.ts";
import type { TableId } from "../model/table.ts";

/** What a source has to know of the database that it describes. */
export interface SourceEngine {
  readonly capabilities: Capabilities;
  readonly lexicon: Lexicon;
  /** The namespace whose tables are written without it. */
  readonly defaultNamespace: string;
}

/** A schema in code, which says what it declares for an engine. */
export interface SchemaSource {
  readonly source: SourceName;
  /**
   * Reads the schema anew.
   * @throws OnDeleteError `source-invalid` where it cannot be read
   */
  read(engine: SourceEngine): Promise<SourceSchema>;
}

/** The id of a table that a source names with or without its namespace. */
export function tableIdIn(
  { defaultNamespace }: Pick<SourceEngine, "defaultNamespace">,
  name: string,
  namespace: string | null | undefined,
): TableId {
  return namespace === null || namespace === undefined || namespace === defaultNamespace
    ? name
    : `${namespace}.${name}`;
}

/** A relation with its id. */
export function withId<const R extends Parameters<typeof relationId>[0]>(
  relation: R,
): R & { readonly id: string } {
  return { id: relationId(relation), ...relation };
}

/**
 * What a source declares, which is something: with none, every check of it would pass.
 *
 * @throws OnDeleteError `source-invalid` where it declares no table
 */
export function someTables<T>(what: string, tables: readonly T[], hint: string): readonly T[] {
  if (tables.length > 0) return tables;
  throw new OnDeleteError("source-invalid", `${what}.`, { hint });
}

/** The lists of a schema in their order. */
export function sorted({ tables, relations, cascades, ...rest }: SourceSchema): SourceSchema {
  return {
    ...rest,
    tables: tables.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    relations: relations.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    cascades: cascades.toSorted((a, b) => (a.relation.id < b.relation.id ? -1 : 1)),
  };
}

/** Lists of column names, each once. */
export function distinctKeys(keys: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()];
}
