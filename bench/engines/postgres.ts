import { setTimeout } from "node:timers/promises";
import pg from "pg";
import type { Workload } from "../workloads/workload.ts";
import type { BenchEngine, Connection, Template, Traced } from "./bench-engine.ts";
import { loadStatements } from "./load-statements.ts";

const PGURL = process.env.PGURL ?? "postgres://postgres@127.0.0.1:5432/postgres";

const DIALECT = {
  types: { id: "bigint", reference: "bigint", text: "text" },
  series: (n: number) => `generate_series(1, ${n}::bigint) as g(i)`,
  concat: (parts: readonly string[]) => parts.map((p) => `(${p})`).join(" || "),
  before: [],
  after: ["vacuum analyze"],
  inlineKeys: false,
} as const;

async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: PGURL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(PGURL);
  url.pathname = `/${database}`;
  return url.href;
}

async function build(workload: Workload): Promise<Template> {
  const name = `ondelete_bench_${process.pid}`;
  await admin(`drop database if exists ${name} with (force)`);
  await admin(`create database ${name}`);
  const client = new pg.Client({ connectionString: urlOf(name) });
  await client.connect();
  await client.query("set synchronous_commit = off; set maintenance_work_mem = '256MB'");
  await client.query("create extension if not exists pg_prewarm");
  for (const statement of loadStatements(workload, DIALECT)) await client.query(statement);
  await untilVacuumed(client);
  await client.end();
  let copies = 0;
  return {
    copy: async () => {
      const copy = `${name}_${++copies}`;
      await admin(`create database ${copy} template ${name} strategy file_copy`);
      return urlOf(copy);
    },
    dropCopy: (url) => admin(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`),
    drop: () => admin(`drop database if exists ${name} with (force)`),
  };
}

/** The first VACUUM after a load may leave pages out of the visibility map, now these, now those. */
async function untilVacuumed(client: pg.Client): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const { rows } = await client.query(
      "select 1 from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relallvisible < relpages",
    );
    if (rows.length === 0) return;
    await setTimeout(500);
    await client.query("vacuum");
  }
  throw new Error("some pages stay out of the visibility map");
}

async function connect(url: string): Promise<Connection> {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on("error", () => {});
  const trace: Traced[] = [];
  const handle = new Proxy(pool, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "connect") return async () => traced(await target.connect(), trace);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    handle,
    trace,
    run: async (sql) => void (await pool.query(sql)),
    rows: async (sql) => (await pool.query(sql)).rows,
    close: () => pool.end(),
  };
}

function traced(client: pg.PoolClient, trace: Traced[]): pg.PoolClient {
  const query = async (config: { readonly text: string }) => {
    const started = performance.now();
    try {
      return await client.query(config);
    } finally {
      trace.push({ text: config.text, ms: performance.now() - started });
    }
  };
  return new Proxy(client, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "query") return query;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

export const postgresBench: BenchEngine = {
  name: "postgres",
  build,
  connect,
  warm: async ({ run, rows }) => {
    await rows(
      "select sum(pg_prewarm(oid)) from pg_class where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace",
    );
    await run("checkpoint");
  },
  version: async ({ rows }) => String((await rows("select current_setting('server_version') as v"))[0]?.v),
  archiveBytes: ({ tables }) => ({
    row: `select sum(n) / sum(c) as bytes from (${tables
      .map((t) => `select sum(pg_column_size(t.*)) as n, count(*) as c from ${t.name} t`)
      .join(" union all ")}) as sizes`,
    images: "select sum(pg_column_size(images)) as bytes from ondelete.archive_chunk",
  }),
};
