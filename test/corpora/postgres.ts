import type { Pool } from "pg";
import type { TestDatabase } from "../support/databases.ts";
import { type Action, type Catalog, edgeId } from "./catalog.ts";
import { copiesAsInserts } from "./copy-script.ts";
import type { CorpusEngine, Reader } from "./corpus-engine.ts";

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const TABLES = `select c.relname as "table", a.attname as "column",
    array_position(k.conkey, a.attnum) as pk,
    (select w.relname from pg_class w where w.oid = pg_partition_root(c.oid)) as counted_as,
    exists (select 1 from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal and (g.tgtype & 8) <> 0) as "trigger"
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1, a.attnum`;

const names = (relation: string, columns: string) =>
  `(select json_agg(a.attname order by u.i) from unnest(${columns}) with ordinality u(n, i)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.n)`;

const EDGES = `select k.conname as name, c.relname as child, ${names("k.conrelid", "k.conkey")} as columns,
    p.relname as parent, ${names("k.confrelid", "k.confkey")} as parent_columns, k.confdeltype as action,
    (select bool_and(not a.attnotnull) from pg_attribute a where a.attrelid = c.oid and a.attnum = any (k.conkey)) as nullable,
    c.relkind = 'r' and p.relkind = 'r' as plain, pg_get_constraintdef(k.oid) as definition
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
  where k.contype = 'f' and c.relnamespace = 'public'::regnamespace order by 1, 2`;

const ACTIONS: Readonly<Record<string, Action>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

async function catalog(db: Reader): Promise<Catalog> {
  const columns = Map.groupBy(await db.rows(TABLES), (row) => row.table ?? "");
  const edges = await db.rows(EDGES);
  // A partitioned table has no rows of its own; the corpora have their foreign keys on the partitions.
  if (edges.some((e) => e.plain !== "t"))
    throw new Error("a foreign key of a partitioned table: not foreseen here");
  return {
    tables: [...columns].map(([name, rows]) => ({
      name,
      transactional: true,
      countedAs: rows[0]?.counted_as ?? name,
      columns: rows.map((r) => r.column ?? ""),
      key: rows
        .filter((r) => r.pk !== null)
        .sort((a, b) => Number(a.pk) - Number(b.pk))
        .map((r) => r.column ?? ""),
      deleteTrigger: rows.some((r) => r.trigger === "t"),
    })),
    edges: edges.map((row) => {
      const sides = {
        child: row.child ?? "",
        columns: JSON.parse(row.columns ?? "[]") as string[],
        parent: row.parent ?? "",
        parentColumns: JSON.parse(row.parent_columns ?? "[]") as string[],
      };
      const action = ACTIONS[row.action ?? ""] ?? "no action";
      return { ...sides, id: edgeId(sides), name: row.name ?? "", action, nullable: row.nullable === "t" };
    }),
  };
}

async function load(db: TestDatabase, script: string, actions: ReadonlyMap<string, Action>): Promise<void> {
  const session = await (db.handle as Pool).connect();
  try {
    for (const part of copiesAsInserts(script)) await session.query(part);
    await session.query("reset all");
  } finally {
    session.release(true); // the script has set the search path of the session
  }
  const definitions = new Map((await db.rows(EDGES)).map((row) => [row.name, row.definition ?? ""]));
  const { edges } = await catalog(db);
  for (const { id, name, child } of edges) {
    const action = actions.get(id);
    if (action === undefined) continue;
    const bare = definitions.get(name)?.replace(/ ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)/, "");
    await db.exec(
      `alter table ${quote(child)} drop constraint ${quote(name)}, add constraint ${quote(name)} ${bare} on delete ${action}`,
    );
  }
  await db.exec("analyze");
}

async function checksums(db: Reader, tables: readonly { readonly name: string }[]): Promise<string[]> {
  const one = ({ name }: { readonly name: string }, i: number) =>
    `select ${i} as i, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from ${quote(name)} t`;
  const rows = await db.rows(`${tables.map(one).join(" union all ")} order by 1`);
  return rows.map((row) => row.sum ?? "");
}

/** Classes 23 (a constraint says no). */
const refused = (error: unknown): boolean => String((error as { code?: string }).code).startsWith("23");

async function attempt<T>(
  db: TestDatabase,
  statement: string,
  look: (session: Reader) => Promise<T>,
): Promise<T | null> {
  const session = await (db.handle as Pool).connect();
  const types = { getTypeParser: () => (value: string) => value } as never;
  await session.query("begin");
  try {
    await session.query(statement);
    await session.query("set constraints all immediate");
    return await look({ rows: async (text) => (await session.query({ text, types })).rows });
  } catch (error) {
    if (refused(error)) return null;
    throw error;
  } finally {
    await session.query("rollback");
    session.release();
  }
}

export const postgresCorpus: CorpusEngine = {
  engine: "postgres",
  deletesCycles: true,
  encoding: "utf8",
  load,
  catalog,
  quote,
  literal: (value) => `'${value.replaceAll("'", "''")}'`,
  checksums,
  attempt,
};
