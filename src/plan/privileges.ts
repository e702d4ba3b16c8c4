import type { Privilege } from "../dialect/engine.ts";
import type { RowSet } from "../dialect/row-set.ts";
import type { TableId } from "../model/table.ts";
import { type BlockerFound, type BlockerTask, found, originOf } from "./found.ts";
import { keysOfSet } from "./sample.ts";

/** What the connected role would have to do and may not: one missing right of a table is enough to know. */
export async function missingPrivileges(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const wanted = rightsWanted(task);
  const missing = await task.scope.engine.missingPrivileges(
    task.reader.tx,
    wanted.map((w) => w.privilege),
  );
  const out = new Map<TableId, readonly BlockerFound[]>();
  for (const { privilege, purpose, set, cause } of wanted) {
    const { right, columns } = privilege;
    if (!missing.includes(privilege) || out.has(set.table.id)) continue;
    const what = columns ? `${columns.join(", ")} in rows` : "rows";
    const message = `The connected role may not ${purpose} ${what} of ${set.table.id}${purpose === right ? "" : `, which takes ${right.toUpperCase()}`}.`;
    const blockers = await found(task, {
      relation: set.table.id,
      table: set.table,
      action: right,
      reason: "privilege",
      message,
      select: keysOfSet(set),
      uses: [set],
      cause,
    });
    out.set(set.table.id, blockers);
  }
  return [...out.values()].flat();
}

interface RightWanted {
  readonly privilege: Privilege;
  readonly purpose: "delete" | "update" | "lock";
  readonly set: RowSet;
  readonly cause: BlockerFound["cause"];
}

function rightsWanted({ scope, closure, removed, effects, marks }: BlockerTask): readonly RightWanted[] {
  const deleted = [...removed.tables.values()];
  const locks = scope.engine.capabilities.locksTakeUpdate ? [...closure.tables.values()] : [];
  return [
    ...deleted.map(({ set }): RightWanted => {
      const privilege = { table: set.table.id, right: "delete" } as const;
      return { privilege, purpose: "delete", set, cause: null };
    }),
    ...locks.map(({ set }): RightWanted => {
      const privilege = { table: set.table.id, right: "update" } as const;
      return { privilege, purpose: "lock", set, cause: null };
    }),
    ...marks.map(({ table, assignments, rows }): RightWanted => {
      const privilege = { table: table.id, right: "update", columns: [...assignments.keys()] } as const;
      return { privilege, purpose: "update", set: rows, cause: null };
    }),
    ...effects.effects.map((effect): RightWanted => {
      const columns = [...effect.assignments.keys()];
      const privilege = { table: effect.table.id, right: "update", columns } as const;
      return { privilege, purpose: "update", set: effect.rows, cause: originOf(effect) };
    }),
  ];
}
