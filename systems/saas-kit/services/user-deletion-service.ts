import type { Blocker, Database, Outcome, Target } from "ondelete";
import type { Kit } from "../database.ts";
import { blocked, notFound, refusing } from "../errors.ts";
import { type Removal, removalOf, restored } from "./soft-delete-service.ts";

/** Rows of one kind below a user, and what each way to delete the user does to them. */
export interface SummaryRow {
  readonly table: string;
  readonly rows: number;
  /** Those of them that had been hidden before. */
  readonly hidden: number;
  readonly bareDelete: "blocks it" | "deleted";
  readonly softDeleteUser: "hidden" | "archived";
  readonly deleteUser: "archived and deleted";
}

export interface UserSummary {
  readonly user: string;
  readonly rows: readonly SummaryRow[];
  /** What stands in the way, for each way to delete the user; nothing where it is empty. */
  readonly blockers: Readonly<Record<"bareDelete" | "softDeleteUser" | "deleteUser", readonly Blocker[]>>;
}

/** A user who was deleted: first hidden with everything below, then deleted, each with its operation. */
export interface UserDeletion {
  /** Null where the user had been hidden before. */
  readonly hidden: Removal | null;
  readonly deleted: Removal;
}

/** Deletes users together with what RESTRICT keeps below them; each call is all or nothing. */
export class UserDeletionService {
  readonly #kit: Kit;

  constructor(kit: Kit) {
    this.#kit = kit;
  }

  /** What hangs off a user, what would happen to it, and what blocks; changes nothing. @throws KitError `not-found` */
  async getUserSummary(id: string): Promise<UserSummary> {
    const { strict, controlled } = this.#kit;
    const bare = await refusing(strict.plan(anyUser(id)));
    const hard = await controlled.plan(anyUser(id));
    const soft = await controlled.plan(anyUser(id), { soft: true });
    const below = hard.deletes.filter(({ table }) => table !== "user");
    return {
      user: id,
      rows: below.map(({ table, rows }) => {
        const archived = soft.archived.some((a) => a.table === table);
        const live = soft.marked.find((m) => m.table === table)?.rows ?? 0;
        return {
          table,
          rows,
          hidden: archived ? 0 : rows - live,
          bareDelete: bare.blockers.some((b) => b.table === table) ? "blocks it" : "deleted",
          softDeleteUser: archived ? "archived" : "hidden",
          deleteUser: "archived and deleted",
        };
      }),
      blockers: { bareDelete: bare.blockers, softDeleteUser: soft.blockers, deleteUser: hard.blockers },
    };
  }

  /** Hides a live user and everything below, as one operation. @throws KitError `not-found`, `blocked` */
  async softDeleteUser(id: string, reason?: string): Promise<Removal> {
    const outcome = await hide(this.#kit.controlled, id, reason);
    if (outcome.operation === null) throw notFound("user", id);
    return removalOf(outcome);
  }

  /**
   * Deletes a user: what is below is hidden and archived first, then it leaves the tables and the user with it. One
   * transaction; children go before the user, so that no row is orphaned and no constraint is switched off.
   *
   * @throws KitError `not-found`, `blocked`
   */
  deleteUser(id: string, reason?: string): Promise<UserDeletion> {
    return this.#kit.transaction(async (controlled) => {
      const hidden = await hide(controlled, id, reason);
      const deleted = unblocked(await refusing(controlled.delete(anyUser(id), why(reason))));
      return { hidden: hidden.operation === null ? null : removalOf(hidden), deleted: removalOf(deleted) };
    });
  }

  /** Takes back `softDeleteUser`. @throws KitError `conflict`, `not-found` */
  restore({ operation }: Pick<Removal, "operation">): Promise<unknown> {
    return restored(this.#kit.controlled, "user", operation);
  }

  /** Takes back `deleteUser`: the rows as they were, in one transaction. @throws KitError `conflict`, `not-found` */
  restoreUser({ hidden, deleted }: UserDeletion): Promise<void> {
    return this.#kit.transaction(async (controlled) => {
      await restored(controlled, "user", deleted.operation);
      if (hidden) await restored(controlled, "user", hidden.operation);
    });
  }
}

const anyUser = (id: string): Target => ({ table: "user", select: { kind: "columns", values: { id } } });

const liveUser = (id: string): Target => ({
  table: "user",
  select: { kind: "condition", sql: `id = '${id.replaceAll("'", "''")}' and deleted_at is null` },
});

const why = (reason: string | undefined) => (reason === undefined ? {} : { reason });

const hide = async (controlled: Database, id: string, reason?: string): Promise<Outcome> =>
  unblocked(await controlled.delete(liveUser(id), { soft: true, ...why(reason) }));

function unblocked(outcome: Outcome): Outcome {
  if (outcome.state === "blocked") throw blocked(outcome.blockers ?? []);
  return outcome;
}
