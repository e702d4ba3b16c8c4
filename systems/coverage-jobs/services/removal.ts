import type { Outcome, RestorePlan } from "ondelete";
import type { EntityTarget } from "typeorm";
import type { Deps } from "./deps.ts";

export interface RemovalOptions {
  /** Hides the rows and leaves them, and their files, where they are. */
  readonly soft?: boolean;
}

/** Deletes a row and what hangs on it. What stands in the way, if anything, is in the outcome. */
export const remove = (
  { connections, ondelete, actor }: Deps,
  row: { readonly entity: EntityTarget<{ id: string }>; readonly id: string },
  { soft = false }: RemovalOptions = {},
): Promise<Outcome> =>
  connections.queue.run(() => {
    const { entity, id } = row;
    return soft ? ondelete.softDelete(entity, { id }, { actor }) : ondelete.delete(entity, { id }, { actor });
  });

/** Brings back what one operation took: rows, links and logs. */
export const restore = ({ connections, ondelete }: Deps, operation: string): Promise<RestorePlan> =>
  connections.queue.run(() => ondelete.restore(operation));
