import type { Kysely } from "kysely";
import type { Outcome, RestorePlan, Target } from "ondelete";
import type { Kit } from "../database.ts";
import { blocked, conflicting, notFound, refusing } from "../errors.ts";
import type { Marked, Row } from "../schema.ts";

/** How many rows a delete took or hid, by table, and the operation that takes it back. */
export interface Removal {
  readonly operation: string;
  readonly rows: Readonly<Record<string, number>>;
}

export interface Page {
  readonly limit: number;
  /** The id after which the page begins. */
  readonly after?: string | number | undefined;
}

const FIRST: Page = { limit: 50 };

// biome-ignore lint/suspicious/noExplicitAny: the queries are the same for every table that has a marker
type AnyTable = Kysely<any>;

/** Soft deletes for one table; under the constraints as they are, so that RESTRICT refuses here too. */
export class SoftDeleteService<Table extends Marked> {
  readonly #kit: Kit;
  readonly #table: Table;

  constructor(kit: Kit, table: Table) {
    this.#kit = kit;
    this.#table = table;
  }

  /** Hides a live row. @throws KitError `not-found`, `blocked` */
  async softDelete(id: string | number, reason?: string): Promise<Removal> {
    const live = `id = '${String(id).replaceAll("'", "''")}' and deleted_at is null`;
    const target: Target = { table: this.#sqlName, select: { kind: "condition", sql: live } };
    return this.#removal(
      id,
      await this.#kit.strict.delete(target, { soft: true, ...(reason && { reason }) }),
    );
  }

  /** Deletes a row, live or hidden, into the archive. @throws KitError `not-found`, `blocked` */
  async hardDelete(id: string | number, reason?: string): Promise<Removal> {
    const target: Target = { table: this.#sqlName, select: { kind: "columns", values: { id: String(id) } } };
    return this.#removal(id, await refusing(this.#kit.strict.delete(target, { ...(reason && { reason }) })));
  }

  /** Takes back one operation on this table, soft or hard. @throws KitError `conflict` with what stands in the way, `not-found` */
  restore(operation: string): Promise<RestorePlan> {
    return restored(this.#kit.strict, this.#sqlName, operation);
  }

  findActive(where: Partial<Row<Table>> = {}, page: Page = FIRST): Promise<Row<Table>[]> {
    return this.#find(this.#kit.live, where, page);
  }

  findDeleted(where: Partial<Row<Table>> = {}, page: Page = FIRST): Promise<Row<Table>[]> {
    return this.#find(this.#kit.onlyDeleted, where, page);
  }

  #find(rows: AnyTable, where: Partial<Row<Table>>, { limit, after }: Page): Promise<Row<Table>[]> {
    const given = Object.entries(where).filter(([, value]) => value !== undefined);
    return rows
      .selectFrom(this.#table)
      .selectAll()
      .where((is) => is.and(Object.fromEntries(given)))
      .$if(after !== undefined, (query) => query.where("id", ">", after))
      .orderBy("id")
      .limit(limit)
      .execute() as Promise<Row<Table>[]>;
  }

  #removal(id: string | number, outcome: Outcome): Removal {
    if (outcome.state === "blocked") throw blocked(outcome.blockers ?? []);
    if (outcome.operation === null) throw notFound(this.#sqlName, id);
    return removalOf(outcome);
  }

  get #sqlName(): string {
    return this.#table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

export const removalOf = ({ operation, deleted }: Outcome): Removal => ({
  operation: operation ?? "",
  rows: deleted,
});

/** Takes back an operation on rows of one table. @throws KitError `conflict`, `not-found` */
export async function restored(
  ondelete: Kit["strict"],
  table: string,
  operation: string,
): Promise<RestorePlan> {
  const { operations } = await refusing(ondelete.status(operation));
  if (operations[0]?.target.table !== table) throw notFound(`operation on ${table}`, operation);
  const plan = await refusing(ondelete.restore(operation));
  if (plan.state === "blocked") throw conflicting(plan.conflicts);
  return plan;
}
