import { hash } from "node:crypto";
import { unreachable } from "../../error.ts";
import type { Engine, KeySelects, KeySum, Transaction } from "../engine.ts";
import { join, raw, sql } from "../sql.ts";
import { sqliteCapabilities } from "./capabilities.ts";
import { Connection, SqliteTransaction } from "./connection.ts";
import { constraints } from "./constraints.ts";
import type { SqliteHandle } from "./handle.ts";
import { createJournal, findJournal } from "./journal.ts";
import { lexicon } from "./lexicon.ts";
import { innerVerdict } from "./native.ts";
import { native } from "./native-behaviour.ts";
import { addPackFunctions } from "./pack.ts";
import { readModel } from "./read-model.ts";
import { scratchCopy } from "./scratch-copy.ts";
import { sqliteSyntax } from "./syntax.ts";
import { Transactions } from "./transaction.ts";

export type { SqliteHandle } from "./handle.ts";

/**
 * Opens the engine on a SQLite handle. A handle in a transaction is joined by savepoints; while ondelete works on it,
 * the handle's owner should run nothing else on it.
 * @param options.owned whether closing the engine closes the handle; false unless told
 * @throws {OnDeleteError} `unreachable` where the file is no SQLite database or the handle is closed
 */
export async function sqliteEngine(
  database: SqliteHandle,
  options: { readonly owned?: boolean } = {},
): Promise<Engine> {
  const connection = new Connection(database);
  const build = readBuild(connection);
  addPackFunctions(database);
  const syntax = sqliteSyntax(build);
  const engine = engineOver(connection, build, new Transactions(connection, syntax));
  return options.owned ? { ...engine, close: async () => connection.close() } : engine;
}

/** @see https://www.sqlite.org/pragma.html */
const SETTINGS = ["foreign_keys", "ignore_check_constraints", "recursive_triggers"];

function engineOver(connection: Connection, build: Build, transactions: Transactions): Engine {
  const syntax = sqliteSyntax(build);
  const engine: Engine = {
    info: { name: "sqlite", version: build.version },
    capabilities: sqliteCapabilities(build),
    lexicon,
    syntax,
    readModel: (scope) => transactions.read({ scratch: false }, (tx) => readModel(tx, scope)),
    modelVersion: async () => MODEL_SETTINGS.map((name) => connection.setting(name)).join(),
    read: (readOptions, work) => transactions.read(readOptions, work),
    write: (writeOptions, work) => transactions.write(writeOptions, work),
    rehearse: (work, rehearseOptions = {}) =>
      transactions.rehearse(rehearseOptions, (inside) => work(engineOver(connection, build, inside))),
    scratchCopy: scratchCopy(connection, () => engine),
    sumKeys: async (tx, keys) => sumKeys(tx, keys),
    // It counts the changes of a whole connection, not by table.
    countChanges: async () => null,
    innerVerdict,
    native,
    settings: async () => Object.fromEntries(SETTINGS.map((name) => [name, connection.setting(name)])),
    partitionBounds: async () => null,
    constraints,
    // A transaction that writes looks at the end of it.
    deferral: { possible: () => true, during: (_, work) => work(async () => {}) },
    missingPrivileges: async () => [],
    grants: async () => ({ reading: [], operating: [], migrating: [] }),
    journalTables: createJournal,
    hasJournal: async (tx, journal) => {
      const { query, tables } = findJournal(journal);
      return (await tx.rows(query)).length === tables;
    },
    close: async () => {},
  };
  return engine;
}

/** @see https://www.sqlite.org/pragma.html#pragma_schema_version */
const MODEL_SETTINGS = ["main.schema_version", "temp.schema_version", "foreign_keys"];

/** What the library was built with, and whether other sessions can have the database open. */
interface Build {
  readonly version: string;
  readonly cascadeDepth: number;
  readonly signedZero: boolean;
  readonly shared: boolean;
}

const BUILD = `select sqlite_version() as version,
  (select substr(compile_options, 19) from pragma_compile_options where compile_options like 'MAX_TRIGGER_DEPTH=%') as depth,
  sqlite_compileoption_used('ENABLE_MATH_FUNCTIONS') as math,
  (select count(*) from pragma_database_list where name = 'main' and file <> '') as files,
  (select count(*) from main.sqlite_schema) as readable`;

function readBuild(connection: Connection): Build {
  const [row] = connection.rows({ text: BUILD, values: [] });
  if (!row?.version) return unreachable("a select without FROM has one row");
  return {
    version: row.version,
    // https://www.sqlite.org/limits.html#max_trigger_depth
    cascadeDepth: Number(row.depth ?? 1000),
    signedZero: row.math === "1",
    shared: row.files === "1",
  };
}

/** SQLite has no hash function, so the keys are hashed here, one at a time. */
function sumKeys(tx: Transaction, { selects, over }: KeySelects): readonly KeySum[] {
  if (!(tx instanceof SqliteTransaction)) return unreachable("a transaction of another engine");
  const sums = selects.map(() => ({ rows: 0, high: 0n, low: 0n }));
  const parts = selects.map((keys, i) => sql`select ${raw(`${i}`)} as place, k.key from (${keys}) as k`);
  for (const { place, key } of tx.each(over(join(parts, " union all ")))) {
    const sum = sums[Number(place)] ?? unreachable("a place is that of its select");
    const digits = hash("sha256", key ?? "", "hex");
    sum.rows++;
    sum.high += BigInt(`0x${digits.slice(0, 15)}`);
    sum.low += BigInt(`0x${digits.slice(15, 30)}`);
  }
  return sums.map(({ rows, high, low }) => ({ rows, sums: [high.toString(), low.toString()] }));
}
