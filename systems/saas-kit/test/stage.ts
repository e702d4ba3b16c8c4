import type { PGlite } from "@electric-sql/pglite";
import type pg from "pg";
import type { TestDatabase } from "../../../test/support/databases.ts";
import { eachVariant, type Fresh } from "../../../test/support/stages.ts";
import { api } from "../api.ts";
import { connect, create, type Kit } from "../database.ts";
import { fill, sampleRows } from "../sample-data.ts";
import { K8sClusterService } from "../services/clusters.ts";
import { CustomerService } from "../services/customers.ts";
import { UserDeletionService } from "../services/user-deletion-service.ts";
import { UserService } from "../services/users.ts";

const TABLES = ["user", "customer", "k8s_cluster_config", "account", "session"];

/** The kit with its services on a database of its own. */
export interface Stage {
  readonly kit: Kit;
  readonly db: TestDatabase;
  readonly users: UserService;
  readonly customers: CustomerService;
  readonly clusters: K8sClusterService;
  readonly deletion: UserDeletionService;
  /** Answers of the routers: the status and the body. */
  request(method: string, path: string, body?: unknown): Promise<readonly [number, unknown]>;
  /** What Kysely has sent since it was asked last. */
  queries(): readonly string[];
  /** All rows of all tables. */
  everything(): Promise<object>;
}

export type Staging = (users?: number) => Promise<Stage>;

/** Runs a suite on the embedded engine and on PostgreSQL. */
export const eachEngine = (suite: (stage: Staging) => void): void =>
  eachVariant((_, fresh) => suite((users = 0) => staged(fresh, users)), {
    engines: ["pglite", "postgres"],
    because: "the system runs on PostgreSQL",
  });

/** Runs a suite where two connections can race. */
export const onServer = (suite: (stage: Staging) => void): void =>
  eachVariant((_, fresh) => suite((users = 0) => staged(fresh, users)), {
    engines: ["postgres"],
    because: "a race takes two connections to a PostgreSQL server",
  });

async function staged(fresh: Fresh, users: number): Promise<Stage> {
  const db = await fresh();
  const handle = db.handle as PGlite | pg.Pool;
  await create(handle);
  const sent: string[] = [];
  const kit = await connect(handle, ({ query }) => sent.push(query.sql));
  if (users > 0) await fill(kit, sampleRows(users));
  const app = api(kit);
  sent.length = 0;
  return {
    kit,
    db,
    users: new UserService(kit),
    customers: new CustomerService(kit),
    clusters: new K8sClusterService(kit),
    deletion: new UserDeletionService(kit),
    request: async (method, path, body) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const response = await app.request(path, { method, ...(body !== undefined && { body: text }) });
      return [response.status, await response.json()];
    },
    queries: () => sent.splice(0),
    everything: async () =>
      Object.fromEntries(
        await Promise.all(
          TABLES.map(
            async (table) => [table, await db.rows(`select * from "${table}" order by id`)] as const,
          ),
        ),
      ),
  };
}

/** The code of the refusal that a call ends with. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: { readonly code?: string }) => error.code ?? error,
  );
