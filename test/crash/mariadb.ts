import { setImmediate, setTimeout } from "node:timers/promises";
import { createConnection, createPool, type Pool, type PoolConnection } from "mysql2/promise";
import type { TestDatabase } from "../support/databases.ts";
import type { Attempt, CrashEngine, Job, Point } from "./crash-engine.ts";
import { runJob } from "./run-job.ts";

interface Interruption {
  readonly point: Point;
  readonly db: TestDatabase;
  seen: number;
  reached: string | null;
  /** Scratch tables by the connection that made them: they outlive a rollback, and nobody else sees them. */
  readonly scratch: Map<number, Set<string>>;
}

async function attempt(db: TestDatabase, job: Job, point: Point): Promise<Attempt> {
  const pool = createPool({ uri: db.url, connectionLimit: 2 });
  const interruption: Interruption = { point, db, seen: 0, reached: null, scratch: new Map() };
  const handle = new Proxy(pool, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "getConnection")
        return async () => interrupted(await target.getConnection(), interruption);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const failure = await runJob(handle, job).then(
    () => null,
    (error: unknown) => String(error),
  );
  // A SET that worked and failed at once cannot be told from one that did nothing.
  const unsure = point.way === "an error after it" && /^set\b/i.test(interruption.reached ?? "");
  const changed = unsure ? [] : await changedSettings(pool, db.url);
  await pool.end();
  if (changed.length > 0)
    throw new Error(`a connection went back to its pool changed: ${changed.join(", ")}`);
  const left = [...interruption.scratch.values()].flatMap((names) => [...names]);
  if (left.length > 0)
    throw new Error(`a connection went back to its pool with scratch tables: ${left.join(", ")}`);
  return { reached: interruption.reached, failure, statements: interruption.seen };
}

/** Variables of a session that are other in one that ondelete gave back than in a new one. */
async function changedSettings(pool: Pool, url: string): Promise<readonly string[]> {
  const settings =
    "select variable_name as name, session_value as value from information_schema.system_variables where session_value is not null";
  const fresh = await createConnection({ uri: url });
  try {
    const [before] = (await fresh.query(settings)) as unknown as [readonly Setting[]];
    const [after] = (await pool.query(settings)) as unknown as [readonly Setting[]];
    const values = new Map(before.map((s) => [s.name, s.value]));
    return after
      .filter((s) => s.value !== values.get(s.name) && !CHANGING.has(s.name))
      .map((s) => `${s.name} ${s.value}, not ${values.get(s.name)}`);
  } finally {
    await fresh.end();
  }
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** What is other in every session, or after every statement. */
const CHANGING: ReadonlySet<string> = new Set(
  "GTID_SEQ_NO,IDENTITY,INSERT_ID,LAST_GTID,LAST_INSERT_ID,PSEUDO_THREAD_ID,RAND_SEED1,RAND_SEED2,TIMESTAMP,ERROR_COUNT,WARNING_COUNT".split(
    ",",
  ),
);

type Send = (options: { readonly sql: string }) => Promise<unknown>;

function interrupted(connection: PoolConnection, interruption: Interruption): PoolConnection {
  return new Proxy(connection, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name === "destroy")
        return () => {
          interruption.scratch.delete(target.threadId);
          target.destroy();
        };
      if (name === "query" || name === "execute") {
        const send = (value as Send).bind(target);
        return (options: { readonly sql: string }) =>
          sent(target, () => send(options), { interruption, sql: options.sql });
      }
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function sent(
  connection: PoolConnection,
  send: () => Promise<unknown>,
  { interruption, sql }: { readonly interruption: Interruption; readonly sql: string },
): Promise<unknown> {
  const run = async () => {
    const result = await send();
    note(interruption, connection.threadId, sql);
    return result;
  };
  if (++interruption.seen !== interruption.point.n) return run();
  interruption.reached = sql;
  switch (interruption.point.way) {
    case "an error before it":
      throw new Error("interrupted by the test");
    case "an error after it":
      await run();
      throw new Error("interrupted by the test");
    case "the connection lost before it":
      lose(connection);
      return run();
    case "the connection lost while it runs": {
      const running = run();
      await setImmediate(); // the statement is written to the socket when the stack is empty
      lose(connection);
      return running;
    }
    case "the session ended by the server before it":
      await interruption.db.rows(`kill ${connection.threadId}`);
      return run();
    default:
      throw new Error(`no such way: ${interruption.point.way}`);
  }
}

const lose = (connection: PoolConnection): void =>
  (connection.connection as unknown as { stream: { destroy(): void } }).stream.destroy();

function note({ scratch }: Interruption, session: number, sql: string): void {
  const names = [...sql.matchAll(/`((?:[^`]|``)+)`/g)].map((match) => match[1] ?? "");
  const made = scratch.get(session) ?? new Set();
  scratch.set(session, made);
  if (/^create temporary table /.test(sql)) made.add(names[0] ?? "");
  if (/^drop temporary table /.test(sql)) for (const name of names) made.delete(name);
}

const OTHERS = `from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
  where p.db = database() and p.id <> connection_id()`;

export const mariadbCrash: CrashEngine = {
  engine: "mariadb",
  ways: [
    { name: "an error before it", stride: 8 },
    { name: "an error after it", stride: 30 },
    { name: "the connection lost before it", stride: 30 },
    { name: "the connection lost while it runs", stride: 30 },
    { name: "the session ended by the server before it", stride: 30 },
  ],
  settings: [{ name: "InnoDB", sql: [] }],
  attempt,
  leftBehind: async (db) => {
    // The server may still be working on the last statement of a client that is gone. The list is 0.1 s old at most.
    do await setTimeout(10);
    while ((await db.rows(`select count(*) as n ${OTHERS}`))[0]?.n !== "0");
    return [];
  },
  isChanging: async (db) => {
    const [row] = await db.rows(`select count(*) as n ${OTHERS} and t.trx_rows_modified > 0`);
    return row?.n !== "0";
  },
  journal: (table) => `"ondelete_${table}"`,
  // DDL commits on its own: an interruption between its statements leaves some of the tables, and they are empty.
  hasJournal: `select 1 as found from information_schema.tables
    where table_schema = database() and table_name like 'ondelete\\_%' having count(*) = 5`,
  dropJournal: ["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"].map(
    (t) => `drop table if exists "ondelete_${t}"`,
  ),
};
