import type { Engine } from "../engine.ts";
import { sumKeysBy } from "../key-sum.ts";
import { sql } from "../sql.ts";
import { capabilitiesOf, type PostgresVariant } from "./capabilities.ts";
import { constraintsOf } from "./constraints.ts";
import { countChanges } from "./count-changes.ts";
import { deferral } from "./deferral.ts";
import { type PgDriver, within } from "./driver.ts";
import { grants } from "./grants.ts";
import { hasJournal, journalTables } from "./journal-tables.ts";
import { keySums } from "./key-sum.ts";
import { lexicon } from "./lexicon.ts";
import { readModel } from "./model.ts";
import { modelVersion } from "./model-version.ts";
import { native } from "./native-behaviour.ts";
import { partitionBounds } from "./partition-bounds.ts";
import { missingPrivileges } from "./privileges.ts";
import { scratchCopy } from "./scratch-copy.ts";
import { postgresSyntax } from "./syntax.ts";
import { readTransaction, writeTransaction } from "./transaction.ts";
import { innerVerdict } from "./verdict.ts";

/**
 * Opens PostgreSQL over a driver, or PGlite, which is PostgreSQL in the process. Work inside `read` and `write` must
 * not call the engine again: on a single client or a PGlite it would wait for itself.
 * @throws OnDeleteError `unreachable` where no connection is had
 */
export async function postgresEngine(
  driver: PgDriver,
  options: { readonly variant?: PostgresVariant } = {},
): Promise<Engine> {
  const name = options.variant ?? "postgres";
  const [server] = await readTransaction(
    { driver, syntax: postgresSyntax, run: (tx) => tx.rows(SERVER) },
    { scratch: false },
  );
  const version = server?.version?.split(" ")[0] ?? "";
  return engineOver(driver, { name, version, number: Number(server?.number), copy: false });
}

const SERVER = sql`select current_setting('server_version') as version, current_setting('server_version_num') as number`;

interface Server {
  readonly name: PostgresVariant;
  readonly version: string;
  readonly number: number;
  /** Whether it works in a scratch copy, whose constraints can all be deferred. */
  readonly copy: boolean;
}

/** @see https://www.postgresql.org/docs/current/runtime-config-client.html */
const SETTINGS = sql`select current_setting('session_replication_role') as session_replication_role, current_setting('default_transaction_isolation') as default_transaction_isolation, current_setting('default_transaction_deferrable') as default_transaction_deferrable`;

function engineOver(driver: PgDriver, server: Server): Engine {
  const { name, version } = server;
  const read: Engine["read"] = (how, run) => readTransaction({ driver, syntax: postgresSyntax, run }, how);
  const rehearse: Engine["rehearse"] = (work, { signal } = {}) =>
    driver.transact(false, (session) => {
      signal?.throwIfAborted();
      return work(on(within(session)));
    });
  const on = (inner: PgDriver) => engineOver(inner, server);
  const inCopy = (inner: PgDriver) => engineOver(inner, { ...server, copy: true });
  const engine: Engine = {
    info: { name, version },
    capabilities: capabilitiesOf[name],
    lexicon,
    syntax: postgresSyntax,
    readModel: (scope) => read({ scratch: false }, (tx) => readModel(tx, scope)),
    modelVersion: () => read({ scratch: false }, (tx) => modelVersion(tx, server.number)),
    read,
    write: (how, run) => writeTransaction({ driver, syntax: postgresSyntax, run }, how),
    rehearse,
    scratchCopy: (what, work) => scratchCopy({ driver, engine, inCopy })(what, work),
    sumKeys: (tx, keys) => sumKeysBy(keySums, tx, keys),
    countChanges,
    innerVerdict,
    native,
    settings: async (tx) => ({ ...(await tx.rows(SETTINGS))[0] }) as Record<string, string>,
    partitionBounds,
    constraints: constraintsOf(server.number),
    deferral: { ...deferral, ...(server.copy && { possible: () => true }) },
    missingPrivileges,
    grants,
    journalTables,
    hasJournal,
    close: () => driver.close(),
  };
  return engine;
}
