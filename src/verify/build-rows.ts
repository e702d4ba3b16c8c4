import type { Defer } from "../dialect/engine.ts";
import type { Values } from "../dialect/native-facts.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { Relation } from "../model/relation.ts";
import { type Column, columnOf, identityOf, type Table, type TableId } from "../model/table.ts";
import { type BuiltRow, whereRow } from "./built-row.ts";
import { candidatesOf, freeValues } from "./candidates.ts";
import { assign, copiedReference, isOwn } from "./referencing.ts";
import { anyRow, bounded, counts, findRow, lastNumber, nextNumber, type RowsTask } from "./rows-there.ts";
import { solveChecks } from "./solve-checks.ts";
import { Unprovable } from "./unprovable.ts";

/** A reference that a row is to have: by the relation, to the row. */
export interface Pin {
  readonly relation: Relation;
  readonly to: BuiltRow;
}

interface Wanted {
  readonly pins: readonly Pin[];
  /** Values that the row has to have. */
  readonly given: Values;
  /** Columns that may not be null, because others reference them. */
  readonly filled: readonly string[];
  /** Tables whose rows wait for this one. */
  readonly waiting: readonly TableId[];
  /** The promise that this row, or one that waits for it, keeps. */
  readonly keeps: Promised | null;
  readonly defer: Defer;
  /** Whether it may reference rows that were made for the one that waits for it. */
  readonly reuses?: boolean;
}

/** A row that is referenced already and made later. */
interface Promised {
  readonly table: Table;
  readonly values: Values;
}

/** How often another row is tried where a unique value was there already. */
const TRIES = 6;

/** Makes the smallest valid rows: what may be null is null, and what is referenced is made before. */
export class Rows {
  readonly task: RowsTask;
  readonly #made: BuiltRow[] = [];
  #promised: readonly Promised[] = [];
  #seed: number;

  constructor(task: RowsTask) {
    this.task = task;
    this.#seed = task.seed;
  }

  /** All rows that were made, in the order of their making. */
  get made(): readonly BuiltRow[] {
    return this.#made;
  }

  /**
   * Makes a row with these references.
   * @throws {Unprovable} where the engine refuses all that was tried
   */
  build(table: Table, pins: readonly Pin[], filled: readonly string[] = []): Promise<BuiltRow> {
    const { tx, deferral } = this.task;
    return deferral.during(tx, async (defer) => {
      const made = await this.#build(table, {
        pins,
        filled,
        given: new Map(),
        waiting: [],
        keeps: null,
        defer,
      });
      const promised = this.#promised;
      this.#promised = [];
      for (const keeps of promised)
        await this.#build(keeps.table, {
          pins: [],
          filled: [],
          given: keeps.values,
          waiting: [],
          keeps,
          defer,
        });
      return made;
    });
  }

  async #build(table: Table, wanted: Wanted): Promise<BuiltRow> {
    if (table.nonTransactional) throw new Unprovable(`what is written into ${table.id} cannot be taken back`);
    let refusal: OnDeleteError | null = null;
    const promised = this.#promised;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const reuses = wanted.keeps !== null && attempt % 2 === 0;
      const made = await this.#once(table, { ...wanted, reuses }, attempt === TRIES - 1);
      if (!(made instanceof OnDeleteError)) return made;
      this.#promised = promised;
      // Where nothing is unique another try comes to the same; the last one copies a row that is there.
      if (refusal?.message === made.message && attempt < TRIES - 2) attempt = TRIES - 2;
      refusal = made;
    }
    throw new Unprovable(`no row could be made in ${table.id}: ${refusal?.message ?? ""}`);
  }

  /** One try, taken back where the engine refuses it. */
  async #once(table: Table, wanted: Wanted, byCopy: boolean): Promise<BuiltRow | OnDeleteError> {
    const { tx } = this.task;
    return tx.attempt(async () => {
      const values = new Map<string, string | null>(wanted.given);
      for (const { relation, to } of wanted.pins) assign(values, relation, to.values);
      const copied = byCopy ? await anyRow(this.task, table) : null;
      await this.#reference(table, values, { ...wanted, copied });
      await this.#count(table, values);
      const narrowed = await bounded(this.task, table);
      const { syntax } = this.task;
      const given = { syntax, values, copied, filled: wanted.filled, seed: this.#seed++ };
      const candidates = candidatesOf(narrowed, given);
      return this.#insert(table, await solveChecks({ ...this.task, table: narrowed }, candidates));
    });
  }

  /** Gives the row every reference that it needs, making what is referenced. */
  async #reference(
    table: Table,
    values: Map<string, string | null>,
    wanted: Wanted & { readonly copied: Values | null },
  ): Promise<void> {
    const pinned = new Set(wanted.pins.map((p) => p.relation.id));
    const open = (this.task.relations.get(table.id) ?? []).filter((r) => !pinned.has(r.id) && !isOwn(r));
    const fixed = (r: Relation) => r.columns.filter((c) => values.has(c)).length;
    // What shares columns with references that stand already has the least choice.
    for (const relation of open.toSorted((a, b) => fixed(b) - fixed(a))) {
      const given = new Map(
        relation.columns.flatMap((c, i) => {
          const value = values.get(c);
          return value == null ? [] : [[relation.parentColumns[i] ?? "", value] as const];
        }),
      );
      if (relation.columns.some((c) => values.has(c) && values.get(c) === null)) continue;
      const complete = given.size === relation.columns.length;
      const required = relation.columns.some(
        (c) => !columnOf(table, c).nullable || wanted.filled.includes(c),
      );
      if (!complete && !required && relation.match !== "full") continue;
      const copied = wanted.copied && !complete ? copiedReference(wanted.copied, relation) : null;
      const parent =
        copied ??
        (await this.#parent(relation, given, { ...wanted, waiting: [...wanted.waiting, table.id] }));
      assign(values, relation, parent ?? (await this.#itself(table, values, relation)));
    }
  }

  /**
   * The row that a reference needs: the one that its fixed values name, or one that is made. What would wait for itself
   * takes a row that was there before, or one that is made later where its reference can wait; null where the row can only
   * reference itself.
   */
  async #parent(
    relation: Relation,
    given: Values,
    { waiting, keeps, defer, reuses }: Wanted,
  ): Promise<Values | null> {
    const table = this.#table(relation, relation.parentPartition ?? relation.parent);
    const named = given.size > 0 ? await findRow(this.task, table, given) : null;
    if (named) return named.values;
    const reused =
      reuses && waiting.length === 1 ? this.#made.findLast((row) => row.table === table) : undefined;
    if (reused && given.size === 0) return reused.values;
    // A row that is named can be made also where another one of its table waits for it.
    const complete = given.size === relation.columns.length;
    const circular = waiting.filter((id) => id === table.id).length > (complete ? 1 : 0);
    const old = circular ? await this.#findOld(table, given) : null;
    if (old) return old.values;
    if (circular && waiting.at(-1) === table.id) return null;
    if (circular) return this.#later(relation, table, { waiting, keeps, defer });
    try {
      const wanted = { pins: [], given, filled: relation.parentColumns, waiting, keeps, defer };
      return (await this.#build(table, wanted)).values;
    } catch (error) {
      // Rows that require each other can begin with one that is there.
      const other = error instanceof Unprovable ? await this.#findOld(table, given) : null;
      if (!other) throw error;
      return other.values;
    }
  }

  #table(relation: Relation, id: TableId): Table {
    const table = this.task.tables.get(id);
    if (!table) throw new Unprovable(`${relation.id} is of a table that is not there`);
    return table;
  }

  /** The key of a row that is made when those are done that wait for each other. */
  async #later(
    relation: Relation,
    table: Table,
    { waiting, keeps, defer }: Pick<Wanted, "waiting" | "keeps" | "defer">,
  ): Promise<Values> {
    const checked = relation.origin === "declared" && relation.enforced;
    if (checked && !this.task.deferral.possible(relation)) throw new Unprovable(circle(waiting, table.id));
    if (keeps?.table === table && relation.parentColumns.every((c) => keeps.values.has(c)))
      return keeps.values;
    if (keeps) throw new Unprovable(circle(waiting, table.id));
    if (checked) await defer(relation, this.#table(relation, relation.childPartition ?? relation.child));
    const values = await this.#itself(table, new Map(), relation);
    this.#seed++;
    this.#promised = [...this.#promised, { table, values }];
    return values;
  }

  /** The values of a row's own key, chosen now, so that it can reference itself. */
  async #itself(
    table: Table,
    values: Map<string, string | null>,
    { parentColumns }: Relation,
  ): Promise<Values> {
    for (const name of parentColumns) {
      const column = columnOf(table, name);
      if (values.get(name) != null) continue;
      const { syntax } = this.task;
      const [first] = counts(this.task, column)
        ? [await this.#next(table, column)]
        : freeValues(table, column, { syntax, seed: this.#seed, filled: true });
      if (first == null) throw new Unprovable(circle([table.id], table.id));
      values.set(name, first);
    }
    return values;
  }

  /** Gives the number that the engine would give, where that is the one of a row that is made later. */
  async #count(table: Table, values: Map<string, string | null>): Promise<void> {
    if (!this.#promised.some((p) => p.table === table)) return;
    for (const column of table.columns.filter((c) => counts(this.task, c) && !values.has(c.name)))
      values.set(column.name, await this.#next(table, column));
  }

  /** The next number, because a higher one would move the engine's counter for good. */
  async #next(table: Table, column: Column): Promise<string> {
    const promised = this.#promised.filter((p) => p.table === table).length;
    return String((await nextNumber(this.task, table, column)) + BigInt(promised));
  }

  /** Makes the row with these values where there is none. */
  async have(table: Table, given: Values): Promise<void> {
    if (await findRow(this.task, table, given)) return;
    const { tx, deferral } = this.task;
    await deferral.during(tx, (defer) =>
      this.#build(table, { pins: [], given, filled: [], waiting: [], keeps: null, defer }),
    );
  }

  /** A row that was there before the experiment. */
  #findOld(table: Table, given: Values): Promise<BuiltRow | null> {
    const { syntax } = this.task;
    const made = this.#made.filter((row) => row.table.id === table.id);
    return findRow(
      this.task,
      table,
      given,
      made.map((row) => sql`not (${whereRow(syntax, row)})`),
    );
  }

  async #insert(table: Table, values: Values): Promise<BuiltRow> {
    const { tx, syntax } = this.task;
    const columns = list([...values.keys()].map((name) => id(name)));
    const texts = [...values].map(
      ([name, text]): Sql => (text === null ? raw("null") : syntax.value(text, columnOf(table, name))),
    );
    await tx.run(
      sql`insert into ${syntax.table(table)} (${columns}) ${syntax.overridingIdentity} values (${list(texts)})`,
    );
    const counted = await lastNumber(this.task, table, values);
    const row = await findRow(this.task, table, keyOrAll(table, new Map([...values, ...counted])));
    if (!row)
      throw new Unprovable(`a row that was made in ${table.id} is not there: a trigger changed or moved it`);
    this.#made.push(row);
    return row;
  }
}

/** The columns that find a row just made. */
function keyOrAll(table: Table, values: Values): Values {
  const key = identityOf(table);
  const names = key.length > 0 ? key : [...values.keys()];
  return new Map(names.map((name) => [name, values.get(name) ?? null]));
}

const circle = (waiting: readonly TableId[], table: TableId): string =>
  waiting.at(-1) === table
    ? `every row of ${table} must reference another row of it, and there is none to begin with`
    : `rows of ${[...waiting.slice(waiting.indexOf(table)), table].join(", ")} require each other in a circle, and there is none to begin with`;
