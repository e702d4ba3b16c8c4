import type { PGlite } from "@electric-sql/pglite";
import type { Pool as MyPool } from "mysql2/promise";
import type pg from "pg";
import type { TestDatabase, Variant } from "../../../test/support/databases.ts";
import { eachVariant, type Fresh } from "../../../test/support/stages.ts";
import { connect, create, type Platform } from "../database.ts";
import type { Handle } from "../pool.ts";
import { fill, sampleRows } from "../sample-data.ts";
import type { Actor } from "../services/audit.ts";
import { type Services, servicesOf } from "../services/platform-services.ts";

/** The platform with its services on a database of its own. */
export interface Stage extends Services {
  readonly platform: Platform;
  readonly db: TestDatabase;
  readonly handle: Handle;
  /** What Kysely has sent since it was asked last, the queries of deletes left out. */
  queries(): readonly string[];
  /** All rows of all tables. */
  everything(): Promise<object>;
}

export type Staging = (users?: number) => Promise<Stage>;

export const ADMIN: Actor = { uid: "admin", username: "admin" };

const ENGINES = ["pglite", "postgres", "mariadb"] as const;
const BECAUSE = "the system runs on PostgreSQL and MariaDB";

/** Runs a suite on the embedded engine, on PostgreSQL and on MariaDB. */
export const eachEngine = (suite: (stage: Staging, engine: Variant["engine"]) => void): void =>
  eachVariant(({ engine }, fresh) => suite((users = 0) => staged(fresh, users), engine), {
    engines: ENGINES,
    because: BECAUSE,
  });

/** Runs a suite on servers, where connections are many. */
export const eachServer = (suite: (stage: Staging) => void): void =>
  eachVariant((_, fresh) => suite((users = 0) => staged(fresh, users)), {
    engines: ["postgres", "mariadb"],
    because: "it takes a server",
  });

const handleOf = ({ handle }: TestDatabase): Handle =>
  "pool" in handle ? (handle as MyPool).pool : (handle as pg.Pool | PGlite);

async function staged(fresh: Fresh, users: number): Promise<Stage> {
  const db = await fresh();
  const handle = handleOf(db);
  await create(handle);
  const sent: string[] = [];
  const platform = await connect(handle, ({ query }) => sent.push(query.sql));
  if (users > 0) await fill(platform, sampleRows(users));
  sent.length = 0;
  return {
    ...servicesOf(platform),
    platform,
    db,
    handle,
    queries: () => sent.splice(0),
    everything: async () => {
      const { tables } = await platform.ondelete.inspect();
      const all: Record<string, object> = {};
      for (const { name } of tables.filter(({ kind }) => kind === "table"))
        all[name] = await db.rows(`select * from "${name}" order by 1, 2`);
      return all;
    },
  };
}

/** The code of the refusal that a call ends with. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: { readonly code?: string }) => error.code ?? error,
  );
