import { OnDeleteError } from "../../error.ts";
import type { Model } from "../../model/model.ts";
import type { CopiedTables, Engine } from "../engine.ts";
import { scratchModel, scratchName } from "../scratch-model.ts";
import type { Connection } from "./connection.ts";
import { tokensOf } from "./lexicon.ts";

/** In memory, attached to the connection; the order of tables is that of their constraints. */
export const scratchCopy =
  (connection: Connection, engine: () => Engine): Engine["scratchCopy"] =>
  async (what, work) => {
    if (connection.inTransaction)
      throw new OnDeleteError("unsupported", "SQLite attaches no database in a transaction.", {
        hint: "Verify on a handle that is in no transaction.",
      });
    const model = scratchModel(what, scratchName());
    connection.exec(`attach database ':memory:' as "${model.defaultNamespace}"`);
    try {
      for (const statement of made(connection, what, model)) connection.exec(statement);
      return await work({ engine: engine(), model });
    } finally {
      connection.exec(`detach database "${model.defaultNamespace}"`);
    }
  };

function made(connection: Connection, { order }: CopiedTables, model: Model): readonly string[] {
  const names = new Set(model.tables.map((t) => t.name));
  const rows = connection
    .rows({
      text: "select type, tbl_name, sql from main.sqlite_schema where sql is not null order by rowid",
      values: [],
    })
    .filter((row) => names.has(row.tbl_name ?? ""));
  const ofType = (type: string) => rows.filter((row) => row.type === type);
  const tables = order === "reversed" ? ofType("table").reverse() : ofType("table");
  return [...tables, ...ofType("index"), ...ofType("trigger")].map((row) =>
    inNamespace(row.sql ?? "", model.defaultNamespace),
  );
}

const BEFORE_NAME = new Set([
  "create",
  "unique",
  "table",
  "index",
  "trigger",
  "temp",
  "temporary",
  "if",
  "not",
  "exists",
]);

/** A stored definition with the namespace put before the name of what it makes. */
function inNamespace(text: string, namespace: string): string {
  const at =
    tokensOf(text).find((t) => t.kind !== "word" || !BEFORE_NAME.has(t.value.toLowerCase()))?.start ?? 0;
  return `${text.slice(0, at)}"${namespace}".${text.slice(at)}`;
}
