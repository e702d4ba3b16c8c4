import { access } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Migration, MigrationStatement, MigrationStep } from "../../model/migration.ts";
import type { Model } from "../../model/model.ts";
import { readTexts, type SourceText } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import type { SourceEngine } from "../source.ts";
import { apply } from "./apply.ts";
import { Draft } from "./draft.ts";
import { tablesOf } from "./seed.ts";
import { DOWN, type Statement, statementsOf, type TableName, tableNameIn } from "./statements.ts";
import { stepsOf } from "./steps.ts";

export interface MigrationOptions {
  /** In the order in which they run. */
  readonly files: readonly string[];
  /**
   * Whether what runs them begins a transaction for each file; unless given, only for files of drizzle-kit, whose
   * migrator does.
   */
  readonly inTransaction?: boolean;
}

/** What migrations run against. */
export interface Migrated extends SourceEngine {
  /** The database now. Of tables that the files make themselves, only the files are asked. */
  readonly model: Model;
}

/**
 * What files of SQL change, statement by statement.
 * @throws OnDeleteError `source-invalid` where a file cannot be read
 */
export async function readMigrations(
  { files, inTransaction }: MigrationOptions,
  on: Migrated,
): Promise<readonly Migration[]> {
  const texts = await readTexts(files);
  const draft = new Draft(on.lexicon, on.defaultNamespace);
  const made = texts.flatMap((text) => statementsOf(text, on.lexicon).flatMap((s) => createdBy(s) ?? []));
  for (const table of tablesOf(on.model))
    if (!made.some((name) => draft.isSame(name, table.name))) draft.add(table);
  const migrations: Migration[] = [];
  for (const text of texts) {
    const wrapped = inTransaction ?? text.text.includes("--> statement-breakpoint");
    migrations.push({
      file: text.file,
      statements: statementsIn(text, { draft, on, wrapped }),
      hasDown: await hasDown(text),
      ignores: ignoresIn([text]),
    });
  }
  return migrations;
}

function createdBy({ cursor, lexicon }: Statement): TableName | null {
  if (!cursor.takes("create", "table")) return null;
  cursor.takes("if", "not", "exists");
  return tableNameIn({ cursor, lexicon });
}

interface Reading {
  readonly draft: Draft;
  readonly on: Migrated;
  readonly wrapped: boolean;
}

function statementsIn(text: SourceText, { draft, on, wrapped }: Reading): readonly MigrationStatement[] {
  let transaction = 0;
  let open = wrapped;
  return statementsOf(text, on.lexicon).map((statement) => {
    const words = statement.text.trim();
    if (/^(?:begin|start\s+transaction)\b/i.test(words)) open = true;
    const place = { location: statement.location, transaction, inTransaction: open };
    const before = draft.tables;
    apply(statement, draft);
    const steps: readonly MigrationStep[] = stepsOf(statement, { before, draft, engine: on });
    if (!wrapped && /^(?:commit|end|rollback)\b/i.test(words)) open = false;
    if (!open) transaction += 1;
    return { ...place, steps };
  });
}

/** `1_users.down.sql` beside `1_users.up.sql` or `1_users.sql`, `down.sql` in the folder, or a part of the file itself. */
async function hasDown({ file, text }: SourceText): Promise<boolean> {
  if (DOWN.test(text)) return true;
  const name = basename(file);
  const downs = [name.replace(/(?:\.up)?\.sql$/, ".down.sql"), "down.sql"].filter((down) => down !== name);
  const found = await Promise.all(downs.map((down) => exists(join(dirname(file), down))));
  return found.includes(true);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
