import { mayCollide, mentions } from "../model/guards.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Index, type Table, type TableId } from "../model/table.ts";
import { Refused, Unforeseen } from "./native-end.ts";
import type { NativeFacts, NativeRow, Values } from "./native-facts.ts";

/** A row as it was at one moment. */
export interface Version {
  readonly row: NativeRow;
  /** The columns that were written until then, and what they got. */
  readonly written: Values;
}

const NOTHING: Values = new Map();

/** One simulated DELETE: which rows are gone and what was written into others so far. */
export class NativeRun {
  readonly #facts: NativeFacts;
  readonly #relations: readonly Relation[];
  readonly #inOrder: (rows: readonly NativeRow[]) => readonly NativeRow[];
  readonly #gone = new Set<string>();
  readonly #written = new Map<string, { readonly row: NativeRow; readonly values: Values }>();

  /**
   * @param relations enforced constraints in the order in which the engine runs them
   * @param inOrder the order in which the engine comes upon rows
   */
  constructor(
    facts: NativeFacts,
    relations: readonly Relation[],
    inOrder: (rows: readonly NativeRow[]) => readonly NativeRow[],
  ) {
    this.#facts = facts;
    this.#relations = relations;
    this.#inOrder = inOrder;
  }

  get gone(): ReadonlySet<string> {
    return this.#gone;
  }

  table(id: TableId): Table {
    return this.#facts.table(id);
  }

  /** Rows as they were, whose key is no longer there: gone, or written. */
  lost(): readonly Version[] {
    const before = [...this.#gone].map((id) => ({ row: this.#facts.row(id), written: NOTHING }));
    return [...before, ...this.written.map(({ row }) => ({ row, written: NOTHING }))];
  }

  /** Rows that got other values, gone ones too. */
  get written(): readonly Version[] {
    return [...this.#written.values()].map(({ row, values }) => ({ row, written: values }));
  }

  ordered(rows: readonly NativeRow[]): readonly NativeRow[] {
    return this.#inOrder(rows);
  }

  /** Constraints that reference a table, in the engine's order. */
  into(table: TableId): readonly Relation[] {
    return this.#relations.filter((r) => r.parent === table);
  }

  /** Constraints of a table. */
  from(table: TableId): readonly Relation[] {
    return this.#relations.filter((r) => r.child === table);
  }

  isGone(row: NativeRow): boolean {
    return this.#gone.has(row.id);
  }

  version(row: NativeRow): Version {
    return { row, written: this.#written.get(row.id)?.values ?? NOTHING };
  }

  remove(row: NativeRow): void {
    this.#gone.add(row.id);
  }

  /**
   * Writes values into a row.
   * @throws {Refused} where NOT NULL, a CHECK or a unique index forbids it
   */
  write(row: NativeRow, values: Values): void {
    const after = new Map([...this.version(row).written, ...values]);
    checkWritable(row.table, values);
    for (const [name, value] of values)
      if (value === null && !columnOf(row.table, name).nullable) throw new Refused(null, "not-null");
    const changed = [...values.keys()];
    for (const check of row.table.checks) {
      if (!check.enforced || !changed.some((c) => mentions(check.expression, c))) continue;
      if (this.#facts.ask({ kind: "check", row, values: after, check }).length > 0)
        throw new Refused(null, "check");
    }
    this.#checkUnique(row, values, after);
    this.#written.set(row.id, { row, values: after });
  }

  #checkUnique(row: NativeRow, values: Values, after: Values): void {
    const collides = [...values].map(([name, value]) => ({ name, toNull: value === null }));
    for (const index of row.table.indexes.filter((i) => collides.some((w) => mayCollide(i, w)))) {
      const concerns = (v: Version) =>
        [...v.written.keys()].some((c) =>
          [...index.entries, index.predicate ?? ""].some((e) => mentions(e, c)),
        );
      const rest = (r: NativeRow) => r.id !== row.id && !this.isGone(r);
      const holders = this.#facts.ask({ kind: "unique", row, values: after, index }).filter(rest);
      const moved = this.written.filter((v) => v.row.table === row.table && rest(v.row) && concerns(v));
      if (holders.some((h) => !moved.some((v) => v.row.id === h.id))) throw new Refused(null, "unique");
      if (moved.length > 0 && !this.#differs(index, { row, written: after }, moved))
        throw new Refused(null, "unique");
    }
  }

  /** Whether a row has another entry in a unique index than rows that were written before. */
  #differs({ columns, predicate, operators }: Index, version: Version, others: readonly Version[]): boolean {
    if (predicate !== null || operators !== undefined || columns.includes(null))
      throw new Unforeseen("two rows get new entries in a unique index");
    const names = columns.filter((c) => c !== null);
    return others.every(
      (o) =>
        !names.every((c) => sameText(version.row.table, c, currentValue(version, c), currentValue(o, c))),
    );
  }

  /** Rows that reference a row as it was at some moment, those that are gone too, in the order in which they are come upon. */
  referencing(relation: Relation, parent: Version): readonly NativeRow[] {
    const key = relation.parentColumns.map((c) => currentValue(parent, c));
    if (key.includes(null)) return [];
    const moved = relation.parentColumns.some((c) => parent.written.has(c));
    const known = moved
      ? this.#facts.ask({ kind: "rows", table: relation.child, values: zip(relation.columns, key) })
      : this.#facts.ask({ kind: "children", relation, row: parent.row });
    const unwritten = known.filter((row) => !this.#touches(row, relation.columns));
    const written = this.written.filter(
      (v) =>
        v.row.table.id === relation.child &&
        relation.columns.some((c) => v.written.has(c)) &&
        relation.columns.every((c, i) => sameText(v.row.table, c, currentValue(v, c), key[i] ?? null)),
    );
    const all = [...unwritten, ...written.map((v) => v.row)];
    if (relation.period && all.length > 0)
      throw new Unforeseen(`${relation.id} references periods, of which several make up one`);
    if (all.length > 0) this.#facts.working.add(relation.id);
    return this.ordered(all);
  }

  /** Whether a row that is there has the values. */
  exists(table: Table, columns: readonly string[], values: readonly (string | null)[]): boolean {
    const found = this.#facts
      .ask({ kind: "rows", table: table.id, values: zip(columns, values) })
      .some((row) => !this.isGone(row) && !this.#touches(row, columns));
    if (found) return true;
    return this.written.some(
      (v) =>
        v.row.table === table &&
        !this.isGone(v.row) &&
        columns.some((c) => v.written.has(c)) &&
        columns.every((c, i) => sameText(table, c, currentValue(v, c), values[i] ?? null)),
    );
  }

  #touches(row: NativeRow, columns: readonly string[]): boolean {
    const written = this.#written.get(row.id)?.values;
    return written !== undefined && columns.some((c) => written.has(c));
  }
}

const zip = (columns: readonly string[], values: readonly (string | null)[]): Values =>
  new Map(columns.map((c, i) => [c, values[i] ?? null]));

export const currentValue = ({ row, written }: Version, column: string): string | null =>
  written.has(column) ? (written.get(column) ?? null) : (row.values.get(column) ?? null);

/** Generated columns follow, and what they get is not known here. */
function checkWritable(table: Table, values: Values): void {
  const follows = table.columns.some(
    (c) => c.expression !== null && [...values.keys()].some((name) => mentions(c.expression ?? "", name)),
  );
  if (follows) throw new Unforeseen(`a generated column of ${table.id} changes`);
}

/** Only of integers is it known that the same text is the same value, and other text another. */
const isInteger = (type: string): boolean => /^(tiny|small|medium|big)?int(eger|\d)?\b/i.test(type);

function sameText(table: Table, column: string, left: string | null, right: string | null): boolean {
  if (left === null || right === null) return false;
  if (!isInteger(columnOf(table, column).type))
    throw new Unforeseen(`new values of ${table.id}.${column} are compared`);
  return left === right;
}

/** What an action on delete or update writes into a child. */
export function actionValues(
  table: Table,
  columns: readonly string[],
  action: "set null" | "set default",
): Values {
  return new Map(columns.map((c) => [c, action === "set null" ? null : defaultOf(table, c)]));
}

/** A column's default, where it is written out as an integer. */
export function defaultOf(table: Table, name: string): string | null {
  const { default: expression, type } = columnOf(table, name);
  if (expression === null || /^null(::[\w ]+)?$/i.test(expression)) return null;
  const literal = /^\(*'?(-?\d+)'?\)?(::[\w ]+)?\)*$/.exec(expression)?.[1];
  if (literal === undefined || !isInteger(type))
    throw new Unforeseen(`the default of ${table.id}.${name} is no integer that is written out`);
  return literal;
}

/** What ON UPDATE CASCADE writes into a child: the columns of the parent that changed. */
export function passedOn(relation: Relation, before: Version, after: Version): Values {
  const changed = relation.columns.flatMap((name, i) => {
    const from = relation.parentColumns[i] ?? "";
    return currentValue(before, from) === currentValue(after, from)
      ? []
      : [[name, currentValue(after, from)] as const];
  });
  return new Map(changed);
}

/** Whether a version differs from another in one of the columns. */
export const changes = (before: Version, after: Version, columns: readonly string[]): boolean =>
  columns.some((c) => currentValue(before, c) !== currentValue(after, c));
