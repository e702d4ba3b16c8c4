import type { Engine } from "../engine.ts";
import { sumKeysBy } from "../key-sum.ts";
import { capabilitiesOf, type MysqlVariant } from "./capabilities.ts";
import type { MyDriver } from "./connection.ts";
import { constraints } from "./constraints.ts";
import { countChanges } from "./count-changes.ts";
import { grants } from "./grants.ts";
import { hasJournal, journalTables } from "./journal-tables.ts";
import { keySums } from "./key-sum.ts";
import { lexicon } from "./lexicon.ts";
import { readModel } from "./model.ts";
import { native } from "./native-behaviour.ts";
import { missingPrivileges } from "./privileges.ts";
import { mysqlSyntax } from "./syntax.ts";
import { readTransaction, writeTransaction } from "./transaction.ts";
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
  const syntax = mysqlSyntax(name);
  const read: Engine["read"] = (how, run) => readTransaction({ driver, syntax, run }, how);
  return {
    info: { name, version: full.split("-")[0] ?? "" },
    capabilities: capabilitiesOf[name],
    lexicon,
    syntax,
    readModel: (scope) => read({ scratch: false }, (tx) => readModel(tx, scope)),
    modelVersion: async () => null,
    read,
    write: (how, run) => writeTransaction({ driver, syntax, run }, how),
    sumKeys: (tx, keys) => sumKeysBy(keySums, tx, keys),
    countChanges,
    innerVerdict,
    native,
    constraints,
    missingPrivileges,
    grants,
    journalTables,
    hasJournal,
    close: () => driver.close(),
  };
}
