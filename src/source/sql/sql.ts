import type { SourceRelation, SourceSchema, SourceTable } from "../../model/source.ts";
import type { Files, SourceText } from "../definitions.ts";
import { readTexts } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import {
  distinctKeys,
  type SchemaSource,
  type SourceEngine,
  someTables,
  sorted,
  tableIdIn,
  withId,
} from "../source.ts";
import { apply } from "./apply.ts";
import { Draft, type DraftForeignKey, type DraftTable } from "./draft.ts";
import { statementsOf } from "./statements.ts";

/**
 * The tables that files of DDL make, read as SQL of the engine that is checked and in the order of the list: what
 * CREATE TABLE, ALTER TABLE, CREATE UNIQUE INDEX, DROP and RENAME come to.
 *
 * @example
 * export default defineConfig({ source: sql("schema.sql") });
 */
export function sql(files: Files): SchemaSource {
  return {
    source: "sql",
    read: async (engine) => schemaOf(await readTexts(files), engine),
  };
}

function schemaOf(texts: readonly SourceText[], engine: SourceEngine): SourceSchema {
  const draft = new Draft(engine.lexicon, engine.defaultNamespace);
  for (const text of texts)
    for (const statement of statementsOf(text, engine.lexicon)) apply(statement, draft);
  const tables = someTables(
    `No table is left of the SQL in ${texts.map(({ file }) => file).join(", ") || "no file"}`,
    draft.tables,
    "Name the files of DDL in the order in which they run.",
  );
  return sorted({
    source: "sql",
    tables: tables.map((table) => tableOf(table, engine)),
    relations: draft.tables.flatMap((table) =>
      table.foreignKeys.flatMap((key) => relationOf(table, key, { draft, engine }) ?? []),
    ),
    cascades: [],
    ignores: ignoresIn(texts),
  });
}

const primaryKeyOf = ({ keys }: DraftTable): readonly string[] =>
  keys.find((key) => key.kind === "primary")?.columns ?? [];

function tableOf(table: DraftTable, engine: SourceEngine): SourceTable {
  const { columns, keys, location } = table;
  const named = columnNames(table, engine);
  const primaryKey = named(primaryKeyOf(table));
  return {
    id: idOf(table, engine),
    columns: columns.map(({ name, nullable, location: at }) => {
      const required = engine.capabilities.keysAreRequired && primaryKey.includes(name);
      return { name, nullable: nullable && !required, location: at };
    }),
    primaryKey,
    uniqueKeys: distinctKeys(keys.filter((key) => key.kind === "unique").map((key) => named(key.columns))),
    hooks: [],
    softDelete: null,
    location,
  };
}

const idOf = ({ name }: DraftTable, engine: SourceEngine) => tableIdIn(engine, name.name, name.namespace);

/** Names as the table's own definition has them. */
const columnNames =
  ({ columns }: DraftTable, { lexicon }: SourceEngine) =>
  (names: readonly string[]): readonly string[] =>
    names.map((name) => columns.find((c) => lexicon.same(c.name) === lexicon.same(name))?.name ?? name);

/** Null where the referenced table is in none of the files. */
function relationOf(
  table: DraftTable,
  key: DraftForeignKey,
  { draft, engine }: { readonly draft: Draft; readonly engine: SourceEngine },
): SourceRelation | null {
  const parent = draft.find(key.parent);
  if (!parent) return null;
  return withId({
    child: idOf(table, engine),
    columns: columnNames(table, engine)(key.columns),
    parent: idOf(parent, engine),
    parentColumns: columnNames(parent, engine)(key.parentColumns ?? primaryKeyOf(parent)),
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    written: key.written,
    enforcement: "database",
    location: key.location,
  });
}
