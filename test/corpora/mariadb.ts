import { createConnection, type Pool } from "mysql2/promise";
import { mariadbRows, type TestDatabase } from "../support/databases.ts";
import { type Action, type Catalog, edgeId } from "./catalog.ts";
import type { CorpusEngine, Reader } from "./corpus-engine.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const TABLES = `select c.table_name as "table", c.column_name as "column",
    (select k.ordinal_position from information_schema.key_column_usage k where k.table_schema = c.table_schema
      and k.table_name = c.table_name and k.column_name = c.column_name and k.constraint_name = 'PRIMARY') as pk,
    exists (select 1 from information_schema.triggers g where g.trigger_schema = c.table_schema
      and g.event_object_table = c.table_name and g.event_manipulation = 'DELETE') as "trigger",
    exists (select 1 from information_schema.engines e where e.engine = t.engine and e.transactions = 'YES') as transactional
  from information_schema.columns c join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.table_schema = database() and t.table_type = 'BASE TABLE' and left(c.table_name, 9) <> 'ondelete_'
  order by c.table_name, c.ordinal_position`;

const EDGES = `select k.constraint_name as name, k.table_name as child, k.column_name as "column",
    k.referenced_table_name as parent, k.referenced_column_name as parent_column,
    lower(r.delete_rule) as action, lower(r.update_rule) as on_update, c.is_nullable as nullable
  from information_schema.key_column_usage k
  join information_schema.referential_constraints r on r.constraint_schema = k.constraint_schema
    and r.constraint_name = k.constraint_name and r.table_name = k.table_name
  join information_schema.columns c on c.table_schema = k.table_schema and c.table_name = k.table_name and c.column_name = k.column_name
  where k.table_schema = database() order by k.table_name, k.constraint_name, k.ordinal_position`;

async function catalog(db: Reader): Promise<Catalog> {
  const columns = Map.groupBy(await db.rows(TABLES), (row) => row.table ?? "");
  const edges = Map.groupBy(await db.rows(EDGES), (row) => `${row.child} ${row.name}`);
  return {
    tables: [...columns].map(([name, rows]) => ({
      name,
      transactional: rows.every((r) => r.transactional === "1"),
      countedAs: name,
      columns: rows.map((r) => r.column ?? ""),
      key: rows
        .filter((r) => r.pk !== null)
        .sort((a, b) => Number(a.pk) - Number(b.pk))
        .map((r) => r.column ?? ""),
      deleteTrigger: rows.some((r) => r.trigger === "1"),
    })),
    edges: [...edges.values()].map((rows) => {
      const sides = {
        child: rows[0]?.child ?? "",
        columns: rows.map((r) => r.column ?? ""),
        parent: rows[0]?.parent ?? "",
        parentColumns: rows.map((r) => r.parent_column ?? ""),
      };
      const { name, action } = rows[0] ?? {};
      const nullable = rows.every((r) => r.nullable === "YES");
      return { ...sides, id: edgeId(sides), name: name ?? "", action: action as Action, nullable };
    }),
  };
}

/** The scripts of a dump: it changes the delimiter around a trigger, whose definer need not be a user of this server. */
const scriptsOf = (dump: string): readonly string[] =>
  dump
    .split(/^DELIMITER .*$/m)
    .map((part) => part.replace(/;;\s*$/, "").replaceAll(/DEFINER=`\w+`@`%`/g, ""));

async function load(db: TestDatabase, script: string, actions: ReadonlyMap<string, Action>): Promise<void> {
  // The dump is written for a session with the server's own mode of SQL, and is sent byte by byte.
  const session = await createConnection({ uri: db.url, multipleStatements: true, charset: "latin1" });
  try {
    for (const part of scriptsOf(script)) await session.query(part);
  } finally {
    await session.end();
  }
  const onUpdate = new Map((await db.rows(EDGES)).map((row) => [`${row.child} ${row.name}`, row.on_update]));
  for (const edge of (await catalog(db)).edges) {
    const action = actions.get(edge.id);
    if (action === undefined) continue;
    const [table, name] = [quote(edge.child), quote(edge.name)];
    const list = (names: readonly string[]) => names.map(quote).join(", ");
    const key = `foreign key (${list(edge.columns)}) references ${quote(edge.parent)} (${list(edge.parentColumns)})`;
    const rules = `on delete ${action} on update ${onUpdate.get(`${edge.child} ${edge.name}`)}`;
    await db.exec([
      `alter table ${table} drop foreign key ${name}`,
      `alter table ${table} add constraint ${name} ${key} ${rules}`,
    ]);
  }
}

async function checksums(
  db: Reader,
  tables: readonly { readonly name: string; readonly columns: readonly string[] }[],
): Promise<string[]> {
  const one = ({ name, columns }: (typeof tables)[number], i: number) => {
    const row = `concat_ws(',', ${columns.map((c) => `quote(${quote(c)})`).join(", ")})`;
    return `select ${i} as i, concat(count(*), ' ', coalesce(sum(cast(conv(left(md5(${row}), 15), 16, 10) as unsigned)), 0)) as sum from ${quote(name)}`;
  };
  const rows = await db.rows(`${tables.map(one).join(" union all ")} order by 1`);
  return rows.map((row) => row.sum ?? "");
}

/** A row is referenced; a column may not be null; the cascade is too deep. */
const REFUSALS: readonly unknown[] = [1451, 1048, 1296];

async function attempt<T>(
  db: TestDatabase,
  statement: string,
  look: (session: Reader) => Promise<T>,
): Promise<T | null> {
  const session = await (db.handle as Pool).getConnection();
  await session.query("begin");
  try {
    await session.query(statement);
    return await look({ rows: (query) => mariadbRows(session as never, query) });
  } catch (error) {
    if (REFUSALS.includes((error as { errno?: number }).errno)) return null;
    throw error;
  } finally {
    await session.query("rollback");
    session.release();
  }
}

export const mariadbCorpus: CorpusEngine = {
  engine: "mariadb",
  deletesCycles: false,
  encoding: "latin1",
  load,
  catalog,
  quote,
  literal: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`,
  checksums,
  attempt,
};
