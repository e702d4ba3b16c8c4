import type { Table } from "../model/table.ts";
import type { Transaction } from "./engine.ts";
import { id, join, type Sql, sql } from "./sql.ts";
import { DEPTH, type ScratchTable, type Syntax } from "./syntax.ts";

/** Rows of one table, named: something that a statement can select from. */
export interface RowSet {
  readonly name: string;
  readonly table: Table;
  /** The table's columns that the set holds, its key among them; beside them it has {@link DEPTH}. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** The set as an item of FROM. */
  readonly from: Sql;
}

/** Where the row sets of a plan live: in the statements themselves, or in scratch tables. */
export interface RowSets {
  /** Makes a set of the rows that `select` yields, columns in order, then depth. `uses` names the sets it reads. */
  define(set: ScratchTable, select: Sql, uses: readonly RowSet[]): Promise<RowSet>;
  /** The statement with all that it needs to read the sets it uses. */
  over(uses: readonly RowSet[], statement: Sql): Sql;
}

/** Row sets as common table expressions: nothing is written, one snapshot is all that is needed. */
export class VirtualRowSets implements RowSets {
  readonly #definitions = new Map<string, { readonly select: Sql; readonly uses: readonly RowSet[] }>();

  async define(set: ScratchTable, select: Sql, uses: readonly RowSet[]): Promise<RowSet> {
    this.#definitions.set(set.name, { select, uses });
    return { name: set.name, table: set.source, columns: set.columns, key: set.key, from: id(set.name) };
  }

  over(uses: readonly RowSet[], statement: Sql): Sql {
    const needed = new Set<string>();
    const need = (sets: readonly RowSet[]) => {
      for (const { name } of sets) {
        if (needed.has(name)) continue;
        need(this.#definitions.get(name)?.uses ?? []);
        needed.add(name);
      }
    };
    need(uses);
    const parts = [...needed].flatMap((name) => {
      const definition = this.#definitions.get(name);
      return definition ? [sql`${id(name)} as (${definition.select})`] : [];
    });
    return parts.length === 0 ? statement : sql`with ${join(parts, ", ")} ${statement}`;
  }
}

/** Row sets in scratch tables of a transaction: closures with cycles, and whatever is about to be executed. */
export class ScratchRowSets implements RowSets {
  readonly #tx: Transaction;
  readonly #syntax: Syntax;
  readonly #label: string;
  readonly #sizes = new Map<string, { readonly rows: number; readonly told: number }>();
  /** Every statement that made or filled a scratch table, in order. */
  readonly statements: Sql[] = [];

  /** @param label told apart from that of other row sets of the transaction */
  constructor(tx: Transaction, syntax: Syntax, label = "") {
    this.#tx = tx;
    this.#syntax = syntax;
    this.#label = label;
  }

  async define(set: ScratchTable, select: Sql, _uses: readonly RowSet[]): Promise<RowSet> {
    const made = await this.create(set);
    await this.add(made, select);
    return made;
  }

  /** Makes an empty set. */
  async create(set: ScratchTable): Promise<RowSet> {
    const name = `${set.name}${this.#label}`;
    for (const statement of this.#syntax.createScratch({ ...set, name })) {
      this.statements.push(statement);
      await this.#tx.run(statement);
    }
    const from = this.#syntax.scratch(name);
    return { name, table: set.source, columns: set.columns, key: set.key, from };
  }

  /** Adds the rows that `select` yields, columns and {@link DEPTH} by name, and returns how many they were. */
  async add(set: RowSet, select: Sql): Promise<number> {
    const columns = [...set.columns, DEPTH];
    this.statements.push(this.#syntax.fillScratch(set.from, columns, select, false));
    const added = await this.#tx.run(this.#syntax.fillScratch(set.from, columns, select, this.#tx.snapshot));
    await this.#tell(set.name, added);
    return added;
  }

  /**
   * Tells the planner how many rows are in a set, when it has got its first ones and whenever it has doubled since. A
   * planner that is not told takes it for thousands, and reads a table from end to end to find the children of one row.
   */
  async #tell(name: string, added: number): Promise<void> {
    const { rows, told } = this.#sizes.get(name) ?? { rows: 0, told: 0 };
    const statement = added > 0 && rows + added >= 2 * told ? this.#syntax.analyseScratch(name) : null;
    if (statement) await this.#tx.run(statement);
    this.#sizes.set(name, { rows: rows + added, told: statement ? rows + added : told });
  }

  /** A set that is not kept: a select over other sets. */
  derive(set: ScratchTable, select: Sql): RowSet {
    return { name: set.name, table: set.source, columns: set.columns, key: set.key, from: sql`(${select})` };
  }

  over(_uses: readonly RowSet[], statement: Sql): Sql {
    return statement;
  }
}

/** The columns of an alias, in order. */
export const columnsOf = (alias: string, columns: readonly string[]): readonly Sql[] =>
  columns.map((c) => id(alias, c));

/** Whether rows of two aliases have the same key. */
export function sameKey(left: string, right: string, key: readonly string[]): Sql {
  return join(
    key.map((c) => sql`${id(left, c)} = ${id(right, c)}`),
    " and ",
  );
}

/** How many rows are in at least one of several sets of one table. */
export async function distinctRows(tx: Transaction, sets: readonly RowSet[]): Promise<number> {
  const keys = sets.map((s) => sql`select ${join(columnsOf("s", s.key), ", ")} from ${s.from} as s`);
  const [row] = await tx.rows(sql`select count(*) as n from (${join(keys, " union ")}) as u`);
  return Number(row?.n);
}
