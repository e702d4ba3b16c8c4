import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import type { Pool } from "mysql2";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import type { TestDatabase } from "../../../test/support/databases.ts";
import { connect, type Platform } from "../database.ts";
import { closed, type Handle, openedPool, poolState } from "../pool.ts";
import { type PoolSettings, settingsOf } from "../settings.ts";
import { eachServer, type Staging } from "./stage.ts";

interface Opened {
  readonly pool: Handle;
  readonly platform: Platform;
  /** The server's numbers of this pool's connections, told by another connection. */
  connections(): Promise<string[]>;
  /** The server ends them. */
  end(connections: readonly string[]): Promise<void>;
  /** Transactions at the same time, each of which keeps its connection until they are let go. */
  hold(many: number): { letGo(): Promise<unknown> };
}

async function opened(stage: Staging, settings: Partial<PoolSettings>): Promise<Opened> {
  const { db } = await stage();
  const own = new Set(await connectionsTo(db));
  const pool = openedPool(db.url, { idle: 10, open: 100, lifetimeSeconds: 3600, ...settings });
  onTestFinished(() => closed(pool));
  const platform = await connect(pool);
  return {
    pool,
    platform,
    connections: async () => (await connectionsTo(db)).filter((one) => !own.has(one)),
    end: async (ended) => {
      const statement = (id: string) =>
        platform.engine === "mariadb" ? `kill ${id}` : `select pg_terminate_backend(${id})`;
      for (const id of ended) await db.exec(statement(id));
    },
    hold: (many) => {
      const gate = Promise.withResolvers<void>();
      const all = Promise.all(Array.from({ length: many }, () => platform.transaction(() => gate.promise)));
      return {
        letGo: () => {
          gate.resolve();
          return all;
        },
      };
    },
  };
}

const connectionsTo = async ({ handle, rows }: TestDatabase): Promise<string[]> => {
  const found =
    handle instanceof pg.Pool
      ? await rows("select pid as id from pg_stat_activity where datname = current_database()")
      : await rows("select id from information_schema.processlist where db = database()");
  return found.map(({ id }) => id ?? "");
};

const rowsOf = async ({ platform }: Opened, query: string): Promise<unknown[]> =>
  (await sql.raw(query).execute(platform.live)).rows;

const number = async (own: Opened): Promise<string> => {
  const id = own.platform.engine === "mariadb" ? "connection_id()" : "pg_backend_pid()";
  const [row] = (await rowsOf(own, `select ${id} as id`)) as { readonly id: number }[];
  return String(row?.id);
};

/** Waits for what has to come about; the test's time limit ends it where it does not. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(50);
}

describe("the settings reach the driver", () => {
  const settings = settingsOf({}).pool;

  test("on PostgreSQL: 10 idle, 100 open, one hour lifetime", async () => {
    const pool = openedPool("postgres://127.0.0.1:1/nowhere", settings) as pg.Pool;
    expect(pool.options).toMatchObject({ min: 10, max: 100, maxLifetimeSeconds: 3600 });
    await closed(pool);
  });

  test.each(["mysql", "mariadb"])("on MariaDB, by %s://: 10 idle, 100 open", async (scheme) => {
    const pool = openedPool(`${scheme}://127.0.0.1:1/nowhere`, settings) as Pool;
    expect(pool.config).toMatchObject({ maxIdle: 10, connectionLimit: 100 });
    await closed(pool);
  });
});

eachServer((stage) => {
  test("with 3 open, 12 transactions at once have 3 connections on the server, the others wait, and all come to their end", async () => {
    const own = await opened(stage, { open: 3, idle: 3 });
    const held = own.hold(12);
    await until(async () => (await own.connections()).length === 3);
    expect(poolState(own.pool)).toEqual({ open: 3, idle: 0, waiting: 9 });
    expect((await held.letGo()) as object).toHaveLength(12);
    expect((await own.connections()).length).toBe(3);
    expect(poolState(own.pool)).toEqual({ open: 3, idle: 3, waiting: 0 });
  });

  test("after a burst the idle connections go down to as many as are kept, and no further", async () => {
    const own = await opened(stage, { open: 8, idle: 2 });
    const held = own.hold(8);
    await until(async () => (await own.connections()).length === 8);
    await held.letGo();
    await until(async () => (await own.connections()).length === 2);
    // Beyond the times after which either driver closes what is too many.
    await wait(2500);
    expect((await own.connections()).length).toBe(2);
    expect(poolState(own.pool)).toEqual({ open: 2, idle: 2, waiting: 0 });
  });

  test("an idle connection that is older than its lifetime is closed, and replaced when one is needed", async () => {
    const own = await opened(stage, { open: 1, idle: 1, lifetimeSeconds: 1 });
    const first = await number(own);
    await until(async () => !(await own.connections()).includes(first));
    expect(await number(own)).not.toBe(first);
  });

  test("under load as well: a connection that is handed on without a pause is replaced", async () => {
    const own = await opened(stage, { open: 1, idle: 1, lifetimeSeconds: 1 });
    const first = await number(own);
    // Two lines of queries for one connection: whenever one gives it back, the other waits for it.
    let replaced = false;
    const line = async () => {
      while (!replaced) if ((await number(own)) !== first) replaced = true;
    };
    await Promise.all([line(), line()]);
    await until(async () => !(await own.connections()).includes(first));
    expect(poolState(own.pool).waiting).toBe(0);
  });

  test("a transaction keeps its connection to its end, however old that gets", async () => {
    const own = await opened(stage, { open: 1, idle: 1, lifetimeSeconds: 1 });
    const before = await own.platform.transaction(async ({ unscoped }) => {
      await unscoped
        .insertInto("users")
        .values({ uid: "ada", username: "ada", email: "a@example.org" })
        .execute();
      const [mine, ...others] = await own.connections();
      expect(others).toEqual([]);
      await wait(1500);
      expect(await own.connections()).toEqual([mine]);
      return mine ?? "";
    });
    await until(async () => !(await own.connections()).includes(before));
    const { username } = await own.platform.live
      .selectFrom("users")
      .select("username")
      .where("uid", "=", "ada")
      .executeTakeFirstOrThrow();
    expect(username).toBe("ada");
  });

  test("with a lifetime of 0 a connection is kept", async () => {
    const own = await opened(stage, { open: 1, idle: 1, lifetimeSeconds: 0 });
    const first = await number(own);
    await wait(1500);
    expect(await number(own)).toBe(first);
  });

  test("a connection that the server ended is replaced, and nothing else fails", async () => {
    const own = await opened(stage, { open: 2, idle: 2 });
    const held = own.hold(2);
    await until(async () => (await own.connections()).length === 2);
    await held.letGo();
    const ended = await own.connections();
    await own.end(ended);
    await until(async () => poolState(own.pool).open === 0);
    expect(ended).not.toContain(await number(own));
  });

  test("a time comes back as it was written", async () => {
    const own = await opened(stage, { open: 1, idle: 1 });
    const at = new Date("2026-07-01T12:00:00.123Z");
    await own.platform.unscoped
      .insertInto("users")
      .values({ uid: "ada", username: "ada", email: "a@example.org", created_at: at })
      .execute();
    const row = await own.platform.unscoped
      .selectFrom("users")
      .select("created_at")
      .where("uid", "=", "ada")
      .executeTakeFirstOrThrow();
    expect(row.created_at).toEqual(at);
  });

  test("every session of MariaDB is in UTC, also one that replaces another", async (context) => {
    const own = await opened(stage, { open: 1, idle: 1, lifetimeSeconds: 1 });
    context.skip(own.platform.engine === "postgres", "PostgreSQL keeps moments, whatever the session's zone");
    const first = await number(own);
    expect(await rowsOf(own, "select @@session.time_zone as zone")).toEqual([{ zone: "+00:00" }]);
    await until(async () => !(await own.connections()).includes(first));
    expect(await rowsOf(own, "select @@session.time_zone as zone")).toEqual([{ zone: "+00:00" }]);
  });
});
