import type { Capabilities } from "../capabilities.ts";

export type MysqlVariant = "mysql" | "mariadb";

const mariadb: Capabilities = {
  concurrentSessions: true,
  rowLocks: true,
  // `innodb_snapshot_isolation`, which would, is off unless told otherwise before MariaDB 11.6.2.
  snapshotsProtect: false,
  // Measured on MariaDB 10.11, which asks for SELECT alone.
  locksTakeUpdate: false,
  changesTablesTogether: false,
  defersChecks: false,
  checksAtOnce: true,
  suspendsActions: false,
  countsCascades: true,
  actionsFireTriggers: false,
  // Measured on 10.11: those of computed columns and those that were off when the row was written.
  actionsMindChecks: false,
  // 10.11 loses bytes that UNHEX made where they are sorted on the way.
  insertsAsGiven: false,
  checksChangedRowsAgain: false,
  transactionalDdl: false,
  // Measured on MariaDB 10.11: a row and 14 levels below it go, a fifteenth level fails the statement.
  rechecksOwnRows: false,
  cascadeDepth: 14,
  // Measured on MariaDB 10.11: 65 are "too many WITH elements".
  setsPerStatement: 64,
  namespaces: true,
  journalInNamespace: false,
  roles: true,
  partialIndexes: false,
  altersConstraints: true,
  restrictIsNoAction: true,
  // Measured on MariaDB 10.11.
  keepsSetDefault: false,
  keysAreRequired: true,
  addsUnvalidated: false,
  dropDeletesRows: false,
};

/**
 * MySQL was never run: what is said of it is from its manual. One of DELETE, LOCK TABLES and UPDATE lets rows be locked
 * there, and a delete takes the first.
 * @see https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html
 */
export const capabilitiesOf: Readonly<Record<MysqlVariant, Capabilities>> = { mariadb, mysql: mariadb };
