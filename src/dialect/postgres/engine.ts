import type { Engine } from "../engine.ts";
import { sumKeysBy } from "../key-sum.ts";
import { sql } from "../sql.ts";
import { capabilitiesOf, type PostgresVariant } from "./capabilities.ts";
import { constraintsOf } from "./constraints.ts";
import { countChanges } from "./count-changes.ts";
import type { PgDriver } from "./driver.ts";
import { grants } from "./grants.ts";
import { hasJournal, journalTables } from "./journal-tables.ts";
import { keySums } from "./key-sum.ts";
import { lexicon } from "./lexicon.ts";
import { readModel } from "./model.ts";
import { modelVersion } from "./model-version.ts";
import { native } from "./native-behaviour.ts";
import { missingPrivileges } from "./privileges.ts";
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
  const read: Engine["read"] = (how, run) => readTransaction({ driver, syntax: postgresSyntax, run }, how);
  const [server] = await read({ scratch: false }, (tx) =>
    tx.rows(
      sql`select current_setting('server_version') as version, current_setting('server_version_num') as number`,
    ),
  );
  return {
    info: { name, version: server?.version?.split(" ")[0] ?? "" },
    capabilities: capabilitiesOf[name],
    lexicon,
    syntax: postgresSyntax,
    readModel: (scope) => read({ scratch: false }, (tx) => readModel(tx, scope)),
    modelVersion: () => read({ scratch: false }, (tx) => modelVersion(tx, Number(server?.number))),
    read,
    write: (how, run) => writeTransaction({ driver, syntax: postgresSyntax, run }, how),
    sumKeys: (tx, keys) => sumKeysBy(keySums, tx, keys),
    countChanges,
    innerVerdict,
    native,
    constraints: constraintsOf(Number(server?.number)),
    missingPrivileges,
    grants,
    journalTables,
    hasJournal,
    close: () => driver.close(),
  };
}
