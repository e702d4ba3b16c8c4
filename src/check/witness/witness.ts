import { Refused, Unforeseen } from "../../dialect/native-end.ts";
import { Missing, NativeFacts, type NativeRow, type Need } from "../../dialect/native-facts.ts";
import { currentValue, NativeRun } from "../../dialect/native-run.ts";
import { ordersOf } from "../../graph/orders.ts";
import type { Relation } from "../../model/relation.ts";
import { identityOf, type Table, type TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";

/**
 * One row in each of some tables, each of which references the others by all of some constraints: the smallest rows on
 * which these constraints meet. A bare DELETE of the root is simulated on them by what the engine is known to do, so that
 * what is said of an order of constraints was tried, and not reasoned.
 */
export interface Witness {
  readonly root: TableId;
  readonly relations: readonly Relation[];
}

/** What the DELETE comes to, as text that is equal for equal ends; null where the engine's behaviour is not known. */
export type End =
  | { readonly kind: "refused"; readonly by: Relation | null }
  | { readonly kind: "done"; readonly left: string };

/** Columns of the witness's rows all hold this. */
const VALUE = "1";

const rowOf = (table: Table): NativeRow => ({
  id: table.id,
  table,
  key: identityOf(table).map(() => VALUE),
  values: new Map(table.columns.map((c) => [c.name, VALUE])),
});

/** The rows of a witness, and what is known of them whatever the order is. */
interface Stage {
  readonly rows: ReadonlyMap<TableId, NativeRow>;
  readonly known: NativeFacts;
}

const stages = new WeakMap<Witness, Stage>();

function stageOf(facts: Facts, witness: Witness): Stage {
  const before = stages.get(witness);
  if (before) return before;
  const ids = [witness.root, ...witness.relations.flatMap((r) => [r.child, r.parent])];
  const rows = new Map(ids.map((id) => [id, rowOf(facts.table(id))]));
  const known = new NativeFacts(new Map([...rows].map(([id, row]) => [id, row.table])));
  for (const row of rows.values()) known.add(row);
  // Learnt now, no run has to begin again for want of them.
  for (const relation of witness.relations) {
    const [row, child] = [rows.get(relation.parent), rows.get(relation.child)];
    if (row && child) known.learn({ kind: "children", relation, row }, [child]);
  }
  const stage = { rows, known };
  stages.set(witness, stage);
  return stage;
}

/** The end of the DELETE with the constraints run in one order. */
export function endOf(facts: Facts, witness: Witness, order: readonly Relation[]): End | null {
  const { rows, known } = stageOf(facts, witness);
  const start = rows.get(witness.root);
  if (!start) return null;
  try {
    for (;;) {
      const run = new NativeRun(known, order, (some) => some);
      const missing = attempt(() => facts.engine.native.simulate(run, [start]));
      if (!missing) return { kind: "done", left: leftBy(run) };
      known.learn(missing, answer(missing, rows));
    }
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", by: error.relation };
    if (error instanceof Unforeseen) return null;
    throw error;
  }
}

/** Ends of all orders in which the constraints may run; null where one is not known, or they are too many. */
export function endsOf(facts: Facts, witness: Witness): readonly End[] | null {
  const competing = [...Map.groupBy(witness.relations, (r) => r.parent).values()].filter((g) => g.length > 1);
  const orders = ordersOf(witness.relations, competing, 1);
  if (!orders) return null;
  const ends: End[] = [];
  for (const order of orders) {
    const end = endOf(facts, witness, order);
    if (!end) return null;
    ends.push(end);
  }
  return ends;
}

/** Constraints in the order in which the engine runs them now. */
export const inOrder = (relations: readonly Relation[]): readonly Relation[] =>
  relations.toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));

function attempt(simulate: () => void): Need | null {
  try {
    simulate();
    return null;
  } catch (error) {
    if (error instanceof Missing) return error.need;
    throw error;
  }
}

/** CHECKs and unique indexes refuse nothing here. */
function answer(need: Need, rows: ReadonlyMap<TableId, NativeRow>): readonly NativeRow[] {
  if (need.kind === "check" || need.kind === "unique") return [];
  const row = rows.get(need.kind === "children" ? need.relation.child : need.table);
  if (!row || (need.kind === "rows" && [...need.values.values()].some((v) => v !== VALUE))) return [];
  return [row];
}

/** Which rows are gone, and what was written into the others. */
function leftBy(run: NativeRun): string {
  const written = run.written
    .filter(({ row }) => !run.isGone(row))
    .map((v) => `${v.row.id}: ${[...v.written.keys()].map((c) => `${c}=${currentValue(v, c)}`).sort()}`);
  return [[...run.gone].sort().join(), ...written.sort()].join("; ");
}
