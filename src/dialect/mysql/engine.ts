import type { Engine } from "../engine.ts";
import { sumKeysBy } from "../key-sum.ts";
import { id, sql } from "../sql.ts";
import { capabilitiesOf, type MysqlVariant } from "./capabilities.ts";
import type { MyDriver } from "./connection.ts";
import { constraints } from "./constraints.ts";
import { countChanges } from "./count-changes.ts";
import { deferral } from "./deferral.ts";
import { grants } from "./grants.ts";
import { hasJournal, journalTables } from "./journal-tables.ts";
import { keySums } from "./key-sum.ts";
import { lexicon } from "./lexicon.ts";
import { readModel } from "./model.ts";
import { native } from "./native-behaviour.ts";
import { missingPrivileges } from "./privileges.ts";
import { scratchCopy } from "./scratch-copy.ts";
import { mysqlSyntax } from "./syntax.ts";
import { readTransaction, rehearsed, within, writeTransaction } from "./transaction.ts";
import { innerVerdict } from "./verdict.ts";

/**
 * Opens MariaDB or MySQL over a driver.
 * @throws OnDeleteError `unreachable` where no connection is had
 */
export async function mysqlEngine(driver: MyDriver): Promise<Engine> {
  const { rows } = await driver.session((session) =>
    session.query({ text: "select version() as version", values: [] }),
  );
  const full = rows[0]?.version ?? "";
  const name: MysqlVariant = /mariadb/i.test(full) ? "mariadb" : "mysql";
  return engineOver(driver, { name, version: full.split("-")[0] ?? "" });
}

interface Server {
  readonly name: MysqlVariant;
  readonly version: string;
}

/** @see https://mariadb.com/kb/en/server-system-variables/ */
const SETTINGS = sql`select @@foreign_key_checks as ${id("foreign_key_checks")}, @@unique_checks as ${id("unique_checks")}, @@global.sql_mode as ${id("sql_mode")}`;

function engineOver(driver: MyDriver, server: Server): Engine {
  const { name, version } = server;
  const syntax = mysqlSyntax(name);
  const read: Engine["read"] = (how, run) => readTransaction({ driver, syntax, run }, how);
  const on = (inner: MyDriver) => engineOver(inner, server);
  const engine: Engine = {
    info: { name, version },
    capabilities: capabilitiesOf[name],
    lexicon,
    syntax,
    readModel: (scope) => read({ scratch: false }, (tx) => readModel(tx, scope)),
    modelVersion: async () => null,
    read,
    // MySQL has no such timeout.
    write: ({ idleTimeoutMs, ...how }, run) =>
      writeTransaction(
        { driver, syntax, run },
        name === "mariadb" && idleTimeoutMs ? { ...how, idleTimeoutMs } : how,
      ),
    rehearse: (work, options) => rehearsed(driver, (session) => work(on(within(session))), options),
    scratchCopy: (what, work) => scratchCopy({ driver, engine, on })(what, work),
    sumKeys: (tx, keys) => sumKeysBy(keySums, tx, keys),
    countChanges,
    innerVerdict,
    native,
    settings: async (tx) => ({ ...(await tx.rows(SETTINGS))[0] }) as Record<string, string>,
    partitionBounds: async () => null,
    constraints,
    deferral,
    missingPrivileges,
    grants,
    journalTables,
    hasJournal,
    close: () => driver.close(),
  };
  return engine;
}
