import type { Kysely } from "kysely";
import type { Kit } from "../database.ts";
import { notFound, refusing } from "../errors.ts";
import type { Marked, Row } from "../schema.ts";
import { SoftDeleteService } from "./soft-delete-service.ts";

// biome-ignore lint/suspicious/noExplicitAny: the queries are the same for every table that has a marker
type AnyTable = Kysely<any>;

/** Live rows of one table, each call one query. */
export class Records<Table extends Marked> extends SoftDeleteService<Table> {
  readonly #rows: AnyTable;
  readonly #table: string;

  constructor(kit: Kit, table: Table) {
    super(kit, table);
    this.#rows = kit.kysely;
    this.#table = table;
  }

  /** @throws KitError `not-found` */
  async get(id: string | number): Promise<Row<Table>> {
    const [row] = await this.findActive({ id } as Partial<Row<Table>>);
    return row ?? missing(this.#table, id);
  }

  /** @throws KitError `not-found`, `taken`, `rule` */
  async update(id: string | number, change: object): Promise<Row<Table>> {
    const changed = this.#rows
      .updateTable(this.#table)
      .set(change)
      .where("id", "=", id)
      .where("deletedAt", "is", null)
      .returningAll()
      .executeTakeFirst();
    return ((await refusing(changed)) as Row<Table> | undefined) ?? missing(this.#table, id);
  }

  /**
   * A row below a live user, whose lock a delete of the user waits for, and which waits for such a delete.
   * @throws KitError `not-found` where no live user has the id, `taken`, `rule`
   */
  async createBelow(authUserId: string, values: object): Promise<Row<Table>> {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const created = this.#rows
      .with("owner", (q) =>
        q
          .selectFrom("user")
          .select("id")
          .where("id", "=", authUserId)
          .where("deletedAt", "is", null)
          .forShare(),
      )
      .insertInto(this.#table)
      .columns(["authUserId", ...given.map(([column]) => column)])
      .expression((q) =>
        q
          .selectFrom("owner")
          .select((is) => ["owner.id", ...given.map(([column, value]) => is.val(value).as(column))]),
      )
      .returningAll()
      .executeTakeFirst();
    return ((await refusing(created)) as Row<Table> | undefined) ?? missing("user", authUserId);
  }
}

function missing(what: string, id: string | number): never {
  throw notFound(what, id);
}
