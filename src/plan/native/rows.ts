import { childFrom, references } from "../../dialect/edge.ts";
import { Unforeseen } from "../../dialect/native-end.ts";
import { NativeFacts, type NativeRow, type Need, type Values } from "../../dialect/native-facts.ts";
import { type RowSet, sameKey } from "../../dialect/row-set.ts";
import { allOf, id, list, raw, type Sql, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf, identityOf, type Table } from "../../model/table.ts";
import { type Closure, edgeFrom } from "../closure.ts";
import type { Reader } from "../sample.ts";
import type { Scope } from "../scope.ts";
import { checkRefuses, imageOf, sharingEntry } from "./image.ts";

/** Up to how many rows a bare DELETE is simulated on. */
const SIMULATED_ROWS = 2_000;

/** Reads the rows that a simulation asks for. */
export class NativeRows {
  readonly facts: NativeFacts;
  readonly #scope: Scope;
  readonly #reader: Reader;
  readonly #closure: Closure;
  readonly #relations: readonly Relation[];
  readonly #going = new Map<string, readonly NativeRow[]>();

  constructor(scope: Scope, reader: Reader, closure: Closure) {
    this.facts = new NativeFacts(new Map(scope.model.tables.map((t) => [t.id, t])));
    this.#scope = scope;
    this.#reader = reader;
    this.#closure = closure;
    this.#relations = scope.declared.filter((r) => r.enforced);
  }

  /** The rows that go, read at the first time. */
  async going(): Promise<readonly NativeRow[]> {
    const all = [...this.#closure.tables.values()];
    this.#checkSize(all.reduce((n, t) => n + t.rows, 0));
    for (const { table, set } of all) {
      if (this.#going.has(table.id)) continue;
      const from = sql`${set.from} as d join ${this.#rows(table)} as c on ${sameKey("d", "c", set.key)}`;
      this.#going.set(table.id, await this.#select(table, from, [set]));
    }
    return [...this.#going.values()].flat();
  }

  async roots(): Promise<readonly NativeRow[]> {
    const { root } = this.#scope;
    const set = this.#closure.tables.get(root.id)?.set;
    if (!set) return [];
    const on = sameKey("d", "c", set.key);
    const from = sql`${set.from} as d join ${this.#rows(root)} as c on ${on} where ${id("d", DEPTH)} = 0`;
    return this.#select(root, from, [set]);
  }

  /** The rows of a set. */
  async rowsOf(set: RowSet): Promise<readonly NativeRow[]> {
    const from = sql`${set.from} as d join ${this.#rows(set.table)} as c on ${sameKey("d", "c", set.key)}`;
    return this.#select(set.table, from, [set]);
  }

  async load(need: Need): Promise<void> {
    if (need.kind === "children") return this.#loadChildren(need);
    if (need.kind === "rows") {
      const table = tableOf(this.#scope.model, need.table);
      const from = sql`${this.#rows(table)} as c where ${this.#equal(table, "c", need.values)}`;
      return this.facts.learn(need, await this.#select(table, from, []));
    }
    const { table } = need.row;
    const where = this.#equal(table, "t", keyValues(need.row));
    const image = imageOf(this.#reader.syntax, { table, values: need.values, where });
    if (need.kind === "check") {
      const refuses = await this.#reader.tx.rows(
        checkRefuses(this.#reader.syntax, { table, image, check: need.check }),
      );
      return this.facts.learn(need, refuses.length > 0 ? [need.row] : []);
    }
    const sharing = sharingEntry(this.#reader.syntax, { table, image, index: need.index });
    this.facts.learn(need, await this.#select(table, sql`${this.#rows(table)} as c where ${sharing}`, []));
  }

  /** Of rows that go all children are read at once. */
  async #loadChildren(need: Extract<Need, { kind: "children" }>): Promise<void> {
    const { relation, row } = need;
    const parents = (await this.going()).filter((r) => r.table.id === relation.parent);
    const set = this.#closure.tables.get(relation.parent)?.set;
    if (set && parents.some((p) => p.id === row.id)) {
      const found = await this.#pairs(relation, edgeFrom(this.#scope, relation, set), [set]);
      for (const parent of parents) this.facts.learn({ ...need, row: parent }, found.get(parent.id) ?? []);
      return;
    }
    const one = sql`(select * from ${this.#rows(row.table)} as t where ${this.#equal(row.table, "t", keyValues(row))})`;
    const { syntax, model } = { syntax: this.#reader.syntax, model: this.#scope.model };
    const on = references(syntax, model, relation, { child: "c", parent: "p" });
    const from = sql`from ${one} as p join ${childFrom(syntax, model, relation)} as c on ${on}`;
    this.facts.learn(need, (await this.#pairs(relation, from, [])).get(row.id) ?? []);
  }

  /** Children by the id of the parent's row. */
  async #pairs(
    relation: Relation,
    from: Sql,
    uses: readonly RowSet[],
  ): Promise<ReadonlyMap<string, readonly NativeRow[]>> {
    const parent = tableOf(this.#scope.model, relation.parent);
    const child = tableOf(this.#scope.model, relation.child);
    const parentKey = keyOf(parent).map(
      (c, i) => sql`${this.#reader.syntax.text(id("p", c), columnOf(parent, c))} as ${id(`p${i}`)}`,
    );
    const select = sql`select ${list([...parentKey, ...this.#texts(child)])} ${from} limit ${LIMIT}`;
    const rows = await this.#reader.tx.rows(this.#reader.sets.over(uses, select));
    this.#checkSize(rows.length);
    const pairs = rows.map((row) => ({
      parent: idOf(
        parent,
        keyOf(parent).map((_, i) => row[`p${i}`] ?? ""),
      ),
      child: this.#row(child, row),
    }));
    return new Map(
      [...Map.groupBy(pairs, (p) => p.parent)].map(([key, group]) => [key, group.map((p) => p.child)]),
    );
  }

  async #select(table: Table, from: Sql, uses: readonly RowSet[]): Promise<readonly NativeRow[]> {
    const select = sql`select ${list(this.#texts(table))} from ${from} limit ${LIMIT}`;
    const rows = await this.#reader.tx.rows(this.#reader.sets.over(uses, select));
    this.#checkSize(rows.length);
    return rows.map((row) => this.#row(table, row));
  }

  #checkSize(more: number): void {
    if (more > SIMULATED_ROWS || this.facts.size > 2 * SIMULATED_ROWS)
      throw new Unforeseen(`more than ${SIMULATED_ROWS} rows take part`);
  }

  #row(table: Table, row: Readonly<Record<string, string | null>>): NativeRow {
    const values = new Map(this.#columns(table).map((c, i) => [c, row[`c${i}`] ?? null]));
    const key = keyOf(table).map((c) => values.get(c) ?? "");
    return this.facts.add({ id: idOf(table, key), table, key, values });
  }

  #texts(table: Table): readonly Sql[] {
    return this.#columns(table).map(
      (c, i) => sql`${this.#reader.syntax.text(id("c", c), columnOf(table, c))} as ${id(`c${i}`)}`,
    );
  }

  /** The columns by which rows are found. */
  #columns(table: Table): readonly string[] {
    const names = [
      ...keyOf(table),
      ...this.#relations.flatMap((r) => [
        ...(r.child === table.id ? r.columns : []),
        ...(r.parent === table.id ? r.parentColumns : []),
      ]),
      ...table.indexes.filter((i) => i.unique).flatMap((i) => i.columns.filter((c) => c !== null)),
    ];
    return [...new Set(names)];
  }

  #rows(table: Table): Sql {
    return this.#reader.syntax.rows(table);
  }

  #equal(table: Table, alias: string, values: Values): Sql {
    return allOf(
      [...values].map(([name, value]) =>
        value === null
          ? raw("1 = 0")
          : sql`${id(alias, name)} = ${this.#reader.syntax.value(value, columnOf(table, name))}`,
      ),
    );
  }
}

const LIMIT = raw(String(SIMULATED_ROWS + 1));

const keyOf = (table: Table): readonly string[] => {
  const key = identityOf(table);
  if (key.length === 0) throw new Unforeseen(`table ${table.id} has no key`);
  return key;
};

const keyValues = (row: NativeRow): Values =>
  new Map(identityOf(row.table).map((c, i) => [c, row.key[i] ?? ""]));

const idOf = (table: Table, key: readonly string[]): string => JSON.stringify([table.id, ...key]);
