import mysql from "mysql2/promise";
import type { Workload } from "../workloads/workload.ts";
import type { BenchEngine, Connection, Template, Traced } from "./bench-engine.ts";
import { addedKeys, indexes, loadStatements, schemaStatements } from "./load-statements.ts";

const MARIADB_URL = process.env.MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";

const DIALECT = {
  types: { id: "bigint", reference: "bigint", text: "text" },
  series: (n: number) => `(select seq as i from seq_1_to_${n}) as g`,
  concat: (parts: readonly string[]) => `concat(${parts.join(", ")})`,
  before: ["set foreign_key_checks = 0, unique_checks = 0"],
  after: ["set foreign_key_checks = 1, unique_checks = 1"],
  inlineKeys: false,
} as const;

function urlOf(database: string): string {
  const url = new URL(MARIADB_URL);
  url.pathname = `/${database}`;
  return url.href;
}

async function run(database: string, statements: readonly string[]): Promise<void> {
  const client = await mysql.createConnection(urlOf(database));
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function build(workload: Workload): Promise<Template> {
  const name = `ondelete_bench_${process.pid}`;
  await run("", [`drop database if exists ${name}`, `create database ${name}`]);
  await run(name, loadStatements(workload, DIALECT));
  let copies = 0;
  return {
    copy: async () => {
      const copy = `${name}_${++copies}`;
      await run("", [`create database ${copy}`]);
      const rows = workload.tables.map((t) => `insert into ${t.name} select * from ${name}.${t.name}`);
      const made = [
        ...(workload.indexed ? workload.tables.flatMap(indexes) : []),
        ...workload.tables.flatMap(addedKeys),
      ];
      const analysed = workload.tables.map((t) => `analyze table ${t.name}`);
      await run(copy, [
        ...DIALECT.before,
        ...schemaStatements(workload, DIALECT),
        ...rows,
        ...made,
        ...DIALECT.after,
        ...analysed,
      ]);
      return urlOf(copy);
    },
    dropCopy: (url) => run("", [`drop database if exists ${new URL(url).pathname.slice(1)}`]),
    drop: () => run("", [`drop database if exists ${name}`]),
  };
}

async function connect(url: string): Promise<Connection> {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: 2,
    supportBigNumbers: true,
    bigNumberStrings: true,
  });
  const trace: Traced[] = [];
  const rows = async (sql: string) => (await pool.query(sql))[0] as Readonly<Record<string, unknown>>[];
  return {
    handle: traced(pool, trace),
    trace,
    run: async (sql) => void (await pool.query(sql)),
    rows,
    close: () => pool.end(),
  };
}

type Send = (options: { readonly sql: string }) => Promise<unknown>;

function traced(pool: mysql.Pool, trace: Traced[]): object {
  const timed =
    (send: Send): Send =>
    async (options) => {
      const started = performance.now();
      try {
        return await send(options);
      } finally {
        trace.push({ text: options.sql, ms: performance.now() - started });
      }
    };
  const connection = (target: mysql.PoolConnection) =>
    around(target, (name, method) =>
      name === "query" || name === "execute" ? timed(method as Send) : method,
    );
  return around(pool, (name, method) =>
    name === "getConnection" ? async () => connection(await pool.getConnection()) : method,
  );
}

type Method = (...values: never[]) => unknown;

/** The object with other methods. */
const around = <T extends object>(object: T, change: (name: string | symbol, method: Method) => unknown): T =>
  new Proxy(object, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? change(name, value.bind(target) as Method) : value;
    },
  });

export const mariadbBench: BenchEngine = {
  name: "mariadb",
  build,
  connect,
  warm: async ({ rows }) => {
    const tables = await rows(
      "select table_name as name from information_schema.tables where table_schema = database() and table_name not like 'ondelete%'",
    );
    for (const { name } of tables)
      await rows(`select count(*), max(length(concat_ws('', t.id))) from ${name} t force index (primary)`);
  },
  version: async ({ rows }) => String((await rows("select version() as v"))[0]?.v),
  archiveBytes: ({ tables }) => ({
    row: `select sum(n) / sum(c) as bytes from (${tables
      .map(
        (t) =>
          `select sum(${t.columns.map((c) => `coalesce(length(${c.name}), 0)`).join(" + ")}) as n, count(*) as c from ${t.name}`,
      )
      .join(" union all ")}) as sizes`,
    images: "select sum(length(images)) as bytes from ondelete_archive_chunk",
  }),
};
