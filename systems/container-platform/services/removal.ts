import type { Outcome, Plan } from "ondelete";
import type { Platform, Session } from "../database.ts";
import { blocked, conflicting, notFound, refusing } from "../errors.ts";
import { type Actor, record } from "./audit.ts";
import { type Kind, requireLive } from "./locks.ts";

/** How many rows were deleted or hidden, by table, and the operation that takes it back. */
export interface Removal {
  readonly operation: string;
  readonly rows: Readonly<Record<string, number>>;
}

/** Deletes of one kind of row: what a delete would do, the delete, and its restore. Each is one transaction. */
export class RemovalService {
  readonly #platform: Platform;
  readonly #kind: Kind;

  constructor(platform: Platform, kind: Kind) {
    this.#platform = platform;
    this.#kind = kind;
  }

  /** What a delete would do; changes nothing. @throws PlatformError `not-found` */
  preview(id: string): Promise<Plan> {
    const { table, key } = this.#kind;
    return refusing(this.#platform.softly.planDelete(table, { [key]: id }));
  }

  /** Deletes a row, hidden or not, with everything below. @throws PlatformError `not-found`, `blocked` */
  destroy(id: string, by: Actor): Promise<Removal> {
    const { table, key } = this.#kind;
    return this.removed(id, by, async (session) =>
      (await session.softly()).delete(table, { [key]: id }, { actor: by.username }),
    );
  }

  /**
   * Brings back what one operation on the row took, and nothing else.
   * @throws PlatformError `not-found`, `conflict`
   */
  restore(id: string, operation: string, by: Actor): Promise<void> {
    const { table, key, name } = this.#kind;
    return this.#platform.transaction(async (session) => {
      const softly = await session.softly();
      const { operations } = await softly.database.status(operation);
      const target = operations[0]?.target;
      const isOfRow =
        target?.table === table && target.select.kind === "columns" && target.select.values[key] === id;
      if (!isOfRow) throw notFound(`operation on ${name} ${id},`, operation);
      const { state, conflicts } = await softly.restore(operation);
      if (state === "blocked") throw conflicting(conflicts);
      await record(session, by, { action: "restore", type: name, id, description: operation });
    });
  }

  protected removed(id: string, by: Actor, remove: (session: Session) => Promise<Outcome>): Promise<Removal> {
    const { name } = this.#kind;
    return this.#platform.transaction(async (session) => {
      const { state, operation, deleted, blockers } = await remove(session);
      if (state === "blocked") throw blocked(blockers ?? []);
      if (operation === null) throw notFound(name, id);
      const tables = Object.entries(deleted).map(([table, rows]) => `${table} ${rows}`);
      await record(session, by, { action: "delete", type: name, id, description: tables.join(", ") });
      return { operation, rows: deleted };
    });
  }
}

/** The same for rows that can be hidden before they are deleted. */
export class HidingService extends RemovalService {
  readonly #kind: Kind;

  constructor(platform: Platform, kind: Kind) {
    super(platform, kind);
    this.#kind = kind;
  }

  /** Hides a live row with everything below. @throws PlatformError `not-found`, `blocked` */
  hide(id: string, by: Actor): Promise<Removal> {
    const { table, key } = this.#kind;
    return this.removed(id, by, async (session) => {
      await requireLive(session, this.#kind, id, "change");
      return (await session.softly()).softDelete(table, { [key]: id }, { actor: by.username });
    });
  }
}
