import type { Workload } from "../workloads/workload.ts";

export interface ChildEdge {
  readonly child: string;
  readonly column: string;
}

/** The tables that reference a table, with the column that does. */
export function childrenOf(workload: Workload, parent: string): readonly ChildEdge[] {
  return workload.tables.flatMap((t) =>
    t.columns.flatMap((c) => (c.references?.table === parent ? [{ child: t.name, column: c.name }] : [])),
  );
}
