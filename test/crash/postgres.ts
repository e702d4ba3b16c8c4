import { setImmediate, setTimeout } from "node:timers/promises";
import pg from "pg";
import type { TestDatabase } from "../support/databases.ts";
import type { Attempt, CrashEngine, Job, Point } from "./crash-engine.ts";
import { runJob } from "./run-job.ts";

const NAME = "ondelete_crash";

type Query = (...args: unknown[]) => Promise<unknown>;

interface Interruption {
  readonly point: Point;
  /** Sessions of the test's own, to end others with. */
  readonly db: TestDatabase;
  seen: number;
  reached: string | null;
}

async function attempt(db: TestDatabase, job: Job, point: Point): Promise<Attempt> {
  const pool = new pg.Pool({ connectionString: db.url, max: 2, application_name: NAME });
  pool.on("error", () => {});
  const interruption: Interruption = { point, db, seen: 0, reached: null };
  const handle = new Proxy(pool, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "connect") return async () => interrupted(await target.connect(), interruption);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const failure = await runJob(handle, job).then(
    () => null,
    (error: unknown) => String(error),
  );
  await pool.end();
  return { reached: interruption.reached, failure, statements: interruption.seen };
}

function interrupted(client: pg.PoolClient, interruption: Interruption): pg.PoolClient {
  return new Proxy(client, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "query") return (config: { readonly text: string }) => query(target, config, interruption);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function query(
  client: pg.PoolClient,
  config: { readonly text: string },
  interruption: Interruption,
): Promise<unknown> {
  const run = () => (client.query as unknown as Query).call(client, config);
  if (++interruption.seen !== interruption.point.n) return run();
  interruption.reached = config.text;
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  switch (interruption.point.way) {
    case "an error before it":
      throw new Error("interrupted by the test");
    case "an error after it":
      await run();
      throw new Error("interrupted by the test");
    case "the connection lost before it":
      stream.destroy();
      return run();
    case "the connection lost while it runs": {
      const running = run();
      await setImmediate(); // the statement is written to the socket when the stack is empty
      stream.destroy();
      return running;
    }
    case "the session ended by the server before it": {
      const { processID } = client as unknown as { processID: number };
      await interruption.db.rows(`select pg_terminate_backend(${processID})`);
      return run();
    }
    default:
      throw new Error(`no such way: ${interruption.point.way}`);
  }
}

const OTHERS = `select count(*) as n from pg_stat_activity where datname = current_database() and application_name in ('${NAME}', 'ondelete')`;

export const postgresCrash: CrashEngine = {
  engine: "postgres",
  ways: [
    { name: "an error before it", stride: 5 },
    { name: "an error after it", stride: 16 },
    { name: "the connection lost before it", stride: 16 },
    { name: "the connection lost while it runs", stride: 16 },
    { name: "the session ended by the server before it", stride: 16 },
  ],
  settings: [{ name: "as it is", sql: [] }],
  attempt,
  leftBehind: async (db) => {
    // The server may still be working on the last statement of a client that is gone.
    while ((await db.rows(OTHERS))[0]?.n !== "0") await setTimeout(5);
    const rows = await db.rows(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname like 'pg\\_temp%' union all
       select 'prepared ' || gid from pg_prepared_xacts where database = current_database()`,
    );
    return rows.map((row) => row.name ?? "");
  },
  isChanging: async (db) => {
    const [row] = await db.rows(`${OTHERS} and backend_xid is not null`);
    return row?.n !== "0";
  },
  journal: (table) => `ondelete."${table}"`,
  hasJournal:
    "select 1 as found from pg_class where relname = 'operation' and relnamespace = to_regnamespace('ondelete')",
  dropJournal: ["drop schema if exists ondelete cascade"],
};
