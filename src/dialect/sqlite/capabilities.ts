import type { Capabilities } from "../capabilities.ts";

/** What SQLite can do; `shared` is false for a database in memory, which no other session sees. */
export function sqliteCapabilities(build: {
  readonly shared: boolean;
  readonly cascadeDepth: number;
}): Capabilities {
  return {
    concurrentSessions: build.shared,
    rowLocks: false,
    snapshotsProtect: true,
    locksTakeUpdate: false,
    changesTablesTogether: false,
    defersChecks: true,
    checksAtOnce: false,
    suspendsActions: true,
    countsCascades: false,
    actionsFireTriggers: true,
    actionsMindChecks: true,
    insertsAsGiven: true,
    checksChangedRowsAgain: false,
    transactionalDdl: true,
    rechecksOwnRows: false,
    cascadeDepth: build.cascadeDepth,
    // Common table expressions become one join where they can, of 64 tables at most: https://www.sqlite.org/limits.html#max_tables_in_a_join
    setsPerStatement: 64,
    namespaces: false,
    journalInNamespace: false,
    roles: false,
    partialIndexes: true,
    altersConstraints: false,
    restrictIsNoAction: false,
    keepsSetDefault: true,
    // For historical reasons: https://www.sqlite.org/lang_createtable.html#the_primary_key
    keysAreRequired: false,
    addsUnvalidated: false,
    // https://www.sqlite.org/lang_droptable.html
    dropDeletesRows: true,
  };
}
