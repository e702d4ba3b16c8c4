import { Refused, Unforeseen } from "../../dialect/native-end.ts";
import { Missing, type NativeRow, type Values } from "../../dialect/native-facts.ts";
import { currentValue, defaultOf, NativeRun } from "../../dialect/native-run.ts";
import type { Effect } from "../../dialect/planned.ts";
import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { Closure } from "../closure.ts";
import type { Reader } from "../sample.ts";
import type { Scope } from "../scope.ts";
import { NativeRows } from "./rows.ts";

/** What one simulated DELETE came to. */
export type Result =
  | { readonly kind: "applies" }
  | { readonly kind: "diverges" }
  | { readonly kind: "refused"; readonly by: Relation | null; readonly why: Refused["why"] }
  | { readonly kind: "unknown"; readonly because: string };

/** What a DELETE is simulated on. */
export interface ExperimentTask {
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  readonly effects: readonly Effect[];
}

/** An order in which an engine may come upon rows. */
type RowOrder = (rows: readonly NativeRow[], ranks: Ranks) => readonly NativeRow[];

interface Ranks {
  /** Lower for rows that reference others. */
  readonly referencing: Rank;
  /** Lower for rows whose cascades take what keeps others. */
  readonly freeing: Rank;
}

type Rank = (row: NativeRow) => number;

/** The bare DELETE of a plan's roots, to be tried with constraints in one order or another. */
export class Experiment {
  readonly #scope: Scope;
  readonly #rows: NativeRows;
  readonly #effects: readonly Effect[];
  #begun: Promise<Beginning> | null = null;

  constructor({ scope, reader, closure, effects }: ExperimentTask) {
    this.#scope = scope;
    this.#rows = new NativeRows(scope, reader, closure);
    this.#effects = effects;
  }

  /** The constraints that the database enforces, those of one parent in the order in which the engine runs them. */
  get relations(): readonly Relation[] {
    return this.#scope.declared
      .filter((r) => r.enforced)
      .toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  }

  /** Constraints that compete: of each parent those that came to act or look in what was run so far. */
  get competing(): readonly (readonly Relation[])[] {
    const working = this.relations.filter((r) => this.#rows.facts.working.has(r.id));
    return [...Map.groupBy(working, (r) => r.parent).values()].filter((group) => group.length > 1);
  }

  /** How many rows a run goes over, about. */
  get size(): number {
    return this.#rows.facts.size;
  }

  /** One result where the order of rows makes no difference; several where it does. */
  async run(relations: readonly Relation[]): Promise<readonly Result[]> {
    const results = new Map<string, Result>();
    for (const order of ROW_ORDERS) {
      const result = await this.#once(relations, order);
      results.set(result.kind, result);
      if (result.kind === "unknown") return [result];
    }
    return [...results.values()];
  }

  async #once(relations: readonly Relation[], order: RowOrder): Promise<Result> {
    try {
      this.#begun ??= this.#begin();
      const { roots, going, written, ranks } = await this.#begun;
      for (;;) {
        const run = new NativeRun(this.#rows.facts, relations, (rows) => order(rows, ranks));
        const missing = attempt(() => this.#scope.engine.native.simulate(run, roots));
        if (!missing) return compare(run, going, written);
        await this.#rows.load(missing.need);
      }
    } catch (error) {
      if (error instanceof Refused) return { kind: "refused", by: error.relation, why: error.why };
      if (error instanceof Unforeseen) return { kind: "unknown", because: error.message };
      throw error;
    }
  }

  async #begin(): Promise<Beginning> {
    const special = this.#scope.reached.map((t) => this.#rows.facts.table(t)).find(isSpecial);
    if (special) throw new Unforeseen(`triggers or partitions of ${special.id} have a part in it`);
    const going = await this.#rows.going();
    // Constraints that have not come to act in one order may be the first in another.
    for (const row of firstOfEachTable(going))
      for (const relation of this.relations.filter((r) => r.parent === row.table.id))
        await this.#rows.load({ kind: "children", relation, row });
    const written = new Map<NativeRow, Values>();
    for (const effect of this.#effects) {
      const values = assigned(effect);
      // Where one relation nulls a column and another gives it its default, null holds.
      for (const row of await this.#rows.rowsOf(effect.rows))
        written.set(row, merge(written.get(row) ?? new Map(), values));
    }
    const ranks = { referencing: this.#referencing(going), freeing: this.#freeing(going) };
    return { going, written, roots: await this.#rows.roots(), ranks };
  }

  /** Ranks rows before those that they reference, on whatever way; in a circle somewhere. */
  #referencing(going: readonly NativeRow[]): Rank {
    return ranked(going, (row) => this.relations.flatMap((r) => this.#children(row, r)));
  }

  /** Ranks rows before those that a row they take by cascades, on whatever way, keeps from going; in a circle somewhere. */
  #freeing(going: readonly NativeRow[]): Rank {
    const cascades = this.relations.filter((r) => r.onDelete === "cascade");
    const keeps = this.relations.filter((r) => r.onDelete === "restrict" || r.onDelete === "no action");
    const above = new Map<string, NativeRow[]>();
    for (const row of going)
      for (const child of cascades.flatMap((r) => this.#children(row, r)))
        above.set(child.id, [...(above.get(child.id) ?? []), row]);
    return ranked(going, (row) => {
      const takers = new Map<string, NativeRow>();
      const climb = (from: NativeRow): void => {
        for (const parent of above.get(from.id) ?? []) {
          if (takers.has(parent.id)) continue;
          takers.set(parent.id, parent);
          climb(parent);
        }
      };
      for (const child of keeps.flatMap((r) => this.#children(row, r))) climb(child);
      return [...takers.values()];
    });
  }

  #children(row: NativeRow, relation: Relation): readonly NativeRow[] {
    return relation.parent === row.table.id ? this.#rows.facts.ask({ kind: "children", relation, row }) : [];
  }
}

/** Ranks rows after those that come before them, in key order else. */
function ranked(rows: readonly NativeRow[], before: (row: NativeRow) => readonly NativeRow[]): Rank {
  const ids = new Set(rows.map((row) => row.id));
  const ranks = new Map<string, number>();
  const begun = new Set<string>();
  const visit = (row: NativeRow): void => {
    if (begun.has(row.id) || !ids.has(row.id)) return;
    begun.add(row.id);
    for (const other of before(row)) visit(other);
    ranks.set(row.id, ranks.size);
  };
  for (const row of rows.toSorted(byKey)) visit(row);
  return (row) => ranks.get(row.id) ?? ranks.size;
}

const firstOfEachTable = (rows: readonly NativeRow[]): readonly NativeRow[] =>
  [...Map.groupBy(rows, (row) => row.table.id).values()].flatMap(([first]) => first ?? []);

interface Beginning {
  readonly roots: readonly NativeRow[];
  /** The rows that the plan deletes. */
  readonly going: readonly NativeRow[];
  /** The rows that the plan updates, and with what. */
  readonly written: ReadonlyMap<NativeRow, Values>;
  readonly ranks: Ranks;
}

function attempt(simulate: () => void): Missing | null {
  try {
    simulate();
    return null;
  } catch (error) {
    if (error instanceof Missing) return error;
    throw error;
  }
}

const isSpecial = (table: Table): boolean =>
  table.kind !== "table" ||
  table.inheritors === true ||
  table.triggers.some((t) => t.enabled && (t.events.includes("delete") || t.events.includes("update")));

function assigned({ table, assignments }: Effect): Values {
  return new Map([...assignments].map(([c, a]) => [c, a.kind === "null" ? null : defaultOf(table, c)]));
}

const merge = (left: Values, right: Values): Values =>
  new Map([...right, ...[...left].filter(([c, v]) => v === null || !right.has(c))]);

function compare(
  run: NativeRun,
  going: readonly NativeRow[],
  written: ReadonlyMap<NativeRow, Values>,
): Result {
  const asPlanned =
    run.gone.size === going.length &&
    going.every((row) => run.isGone(row)) &&
    [...run.written.map((v) => v.row), ...written.keys()].every((row) => {
      if (run.isGone(row)) return true;
      const [is, planned] = [run.version(row), { row, written: written.get(row) ?? new Map() }];
      return [...new Set([...is.written.keys(), ...planned.written.keys()])].every(
        (c) => currentValue(is, c) === currentValue(planned, c),
      );
    });
  return { kind: asPlanned ? "applies" : "diverges" };
}

const byKey = (a: NativeRow, b: NativeRow): number => {
  const at = a.key.findIndex((part, i) => part !== b.key[i]);
  if (at < 0) return a.table.id < b.table.id ? -1 : 1;
  const [left, right] = [a.key[at] ?? "", b.key[at] ?? ""];
  const numbers = Number(left) - Number(right);
  return Number.isNaN(numbers) || numbers === 0 ? (left < right ? -1 : 1) : numbers;
};

/**
 * By key, which is how engines mostly come upon rows, backwards, and with the first row last; and the orders in which a
 * RESTRICT between the rows is least and most in the way.
 */
const ROW_ORDERS: readonly RowOrder[] = [
  (rows) => rows.toSorted(byKey),
  (rows) => rows.toSorted(byKey).reverse(),
  (rows) => {
    const [first, ...rest] = rows.toSorted(byKey);
    return first ? [...rest, first] : rest;
  },
  (rows, { referencing }) => rows.toSorted((a, b) => referencing(a) - referencing(b)),
  (rows, { referencing }) => rows.toSorted((a, b) => referencing(b) - referencing(a)),
  (rows, { freeing }) => rows.toSorted((a, b) => freeing(a) - freeing(b)),
];
