import type { Blocker, Database, Outcome } from "ondelete";

/** What went, by table. */
export interface Removal {
  readonly operation: string | null;
  readonly removed: Readonly<Record<string, number>>;
}

/** A delete that something stands in the way of; nothing was changed. */
export class BlockedError extends Error {
  readonly blockers: readonly Blocker[];

  constructor(blockers: readonly Blocker[]) {
    super(blockers.map((b) => b.message).join(" "));
    this.blockers = blockers;
  }
}

/**
 * Deletes one row and all that hangs on it, in one transaction: by constraints, or by the relations of the configuration.
 * @throws OnDeleteError `not-found`
 */
export async function remove(
  ondelete: Database,
  table: string,
  id: string,
  how: { readonly soft?: boolean } = {},
): Promise<Removal> {
  return removalOf(await ondelete.delete({ table, select: { kind: "key", values: [id] } }, how));
}

/** @throws BlockedError */
function removalOf({ state, operation, deleted, blockers = [] }: Outcome): Removal {
  if (state === "blocked") throw new BlockedError(blockers);
  return { operation, removed: deleted };
}

/** Deletes an attempt for as long as it is one that failed: one that runs again stays. @throws OnDeleteError `not-found` */
export async function deleteAttempt(ondelete: Database, table: string, id: string): Promise<Removal> {
  const { target } = await ondelete.attempt({ table, key: [id] });
  return removalOf(await ondelete.delete(target));
}
