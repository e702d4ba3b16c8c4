import type { Capabilities } from "../capabilities.ts";

/** What SQLite can do; `shared` is false for a database in memory, which no other session sees. */
export function sqliteCapabilities(build: {
  readonly shared: boolean;
  readonly cascadeDepth: number;
}): Capabilities {
  return {
    concurrentSessions: build.shared,
    rowLocks: false,
    locksTakeUpdate: false,
    changesTablesTogether: false,
    defersChecks: true,
    checksAtOnce: false,
    suspendsActions: true,
    countsCascades: false,
    actionsFireTriggers: true,
    actionsMindChecks: true,
    checksChangedRowsAgain: false,
    transactionalDdl: true,
    cascadeDepth: build.cascadeDepth,
    namespaces: false,
    journalInNamespace: false,
    roles: false,
    altersConstraints: false,
  };
}
