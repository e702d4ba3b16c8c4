import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { TestDatabase } from "../support/databases.ts";
import { type Action, type Catalog, type CorpusTable, edgeId } from "./catalog.ts";
import type { CorpusEngine, Reader } from "./corpus-engine.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const TABLES = `select t.name as "table", c.name as "column", c.pk as pk,
    exists (select 1 from sqlite_schema g where g.type = 'trigger' and g.tbl_name = t.name and g.sql like '%delete on%') as "trigger"
  from pragma_table_list t, pragma_table_xinfo(t.name) c
  where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\' and t.name not like 'ondelete\\_%' escape '\\'
  order by t.name, c.cid`;

const EDGES = `select t.name as child, f.id, f."from" as "column", f."table" as parent, f."to" as parent_column,
    f.on_delete as action, (select c."notnull" from pragma_table_xinfo(t.name) c where c.name = f."from") as required
  from pragma_table_list t, pragma_foreign_key_list(t.name) f
  where t.schema = 'main' and t.type = 'table' order by t.name, f.id, f.seq`;

async function catalog(db: Reader): Promise<Catalog> {
  const columns = Map.groupBy(await db.rows(TABLES), (row) => row.table ?? "");
  const edges = Map.groupBy(await db.rows(EDGES), (row) => `${row.child} ${row.id}`);
  return {
    tables: [...columns].map(([name, rows]) => ({
      name,
      transactional: true,
      countedAs: name,
      columns: rows.map((r) => r.column ?? ""),
      key: rows
        .filter((r) => r.pk !== "0")
        .sort((a, b) => Number(a.pk) - Number(b.pk))
        .map((r) => r.column ?? ""),
      deleteTrigger: rows.some((r) => r.trigger === "1"),
    })),
    edges: [...edges].map(([name, rows]) => {
      const sides = {
        child: rows[0]?.child ?? "",
        columns: rows.map((r) => r.column ?? ""),
        parent: rows[0]?.parent ?? "",
        parentColumns: rows.map((r) => r.parent_column ?? ""),
      };
      const action = (rows[0]?.action ?? "").toLowerCase() as Action;
      return { ...sides, id: edgeId(sides), name, action, nullable: rows.every((r) => r.required === "0") };
    }),
  };
}

/** SQLite has its foreign keys inside CREATE TABLE: another action is another script. */
function withActions(script: string, actions: ReadonlyMap<string, Action>): string {
  const names = (text: string) => [...text.matchAll(/\[(.+?)\]/g)].map((m) => m[1] ?? "");
  return script.replaceAll(/CREATE TABLE \[(.+?)\][^;]*;/g, (table: string, child: string) =>
    table.replaceAll(
      /FOREIGN KEY \(([^)]*)\) REFERENCES \[(.+?)\] \(([^)]*)\)\s+ON DELETE [A-Z]+ [A-Z]+/g,
      (all: string, columns: string, parent: string, parentColumns: string) => {
        const id = edgeId({
          child,
          columns: names(columns),
          parent,
          parentColumns: names(parentColumns),
        });
        return all.replace(/ON DELETE.*$/s, `ON DELETE ${actions.get(id) ?? "no action"}`);
      },
    ),
  );
}

async function load(db: TestDatabase, script: string, actions: ReadonlyMap<string, Action>): Promise<void> {
  await db.exec(["begin", actions.size === 0 ? script : withActions(script, actions), "commit"]);
}

/** SQLite has no hash function: a table is one long text, rows in key order. `quote` tells 1 from 1.0 and '1'. */
async function checksums(db: Reader, tables: readonly CorpusTable[]): Promise<string[]> {
  const out: string[] = [];
  for (const { name, columns, key } of tables) {
    const row = columns.map((c) => `quote(${quote(c)})`).join(" || ',' || ");
    const rows = `select ${row} as r from ${quote(name)} order by ${key.map(quote).join(", ")}`;
    const [all] = await db.rows(`select group_concat(r, ';') as text from (${rows})`);
    out.push(
      createHash("md5")
        .update(all?.text ?? "")
        .digest("hex"),
    );
  }
  return out;
}

async function attempt<T>(
  db: TestDatabase,
  statement: string,
  look: (session: Reader) => Promise<T>,
): Promise<T | null> {
  const handle = db.handle as DatabaseSync;
  handle.exec("begin");
  try {
    handle.exec(statement);
    return await look(db);
  } catch (error) {
    if (/FOREIGN KEY constraint failed|NOT NULL constraint failed/.test(String(error))) return null;
    throw error;
  } finally {
    if (handle.isTransaction) handle.exec("rollback");
  }
}

export const sqliteCorpus: CorpusEngine = {
  engine: "sqlite",
  deletesCycles: true,
  encoding: "utf8",
  load,
  catalog,
  quote,
  literal: (value) => `'${value.replaceAll("'", "''")}'`,
  checksums,
  attempt,
};
