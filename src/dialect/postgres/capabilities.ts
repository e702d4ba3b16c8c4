import type { Capabilities } from "../capabilities.ts";

export type PostgresVariant = "postgres" | "pglite";

const postgres: Capabilities = {
  concurrentSessions: true,
  rowLocks: true,
  snapshotsProtect: true,
  locksTakeUpdate: true,
  changesTablesTogether: true,
  defersChecks: false,
  checksAtOnce: false,
  suspendsActions: false,
  countsCascades: true,
  actionsFireTriggers: true,
  actionsMindChecks: true,
  insertsAsGiven: true,
  checksChangedRowsAgain: true,
  transactionalDdl: true,
  rechecksOwnRows: true,
  cascadeDepth: null,
  setsPerStatement: null,
  namespaces: true,
  journalInNamespace: true,
  roles: true,
  partialIndexes: true,
  altersConstraints: true,
  restrictIsNoAction: false,
  keepsSetDefault: true,
  keysAreRequired: true,
  addsUnvalidated: true,
  dropDeletesRows: false,
};

/** PGlite is PostgreSQL in the process with a single session. */
export const capabilitiesOf: Readonly<Record<PostgresVariant, Capabilities>> = {
  postgres,
  pglite: { ...postgres, concurrentSessions: false },
};
