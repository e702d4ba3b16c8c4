// What a delete means, worked out over rows in memory: a plain fixpoint after the words of the semantics page. It shares
// no code with src/, so that the same mistake would have to be made twice.
import type { Action, Case, ForeignKey, Row, Table } from "./case.ts";

/** A row in its table. */
export interface Live {
  readonly table: Table;
  readonly row: Row;
}

export interface Expected {
  readonly verdict: "allowed" | "blocked";
  /** Rows deleted by table. */
  readonly deleted: Readonly<Record<string, number>>;
  /** Rows by relation id without constraint name. */
  readonly updates: Readonly<Record<string, number>>;
  readonly inner: Readonly<Record<string, number>>;
  /** RESTRICT and NO ACTION blockers by relation id. */
  readonly blockers: Readonly<Record<string, number>>;
  /** Whether something else than RESTRICT or NO ACTION blocks. */
  readonly fails: boolean;
  /** All rows afterwards by table, where the verdict is allowed. */
  readonly final: Readonly<Record<string, readonly Row[]>>;
  /** Whether two relations want different values in one column of a row, so that the state afterwards is not defined. */
  readonly ambiguous: boolean;
  /** Roots that could be deleted, as JSON of their keys, where only RESTRICT and NO ACTION block. */
  readonly deletable: readonly string[];
}

const relationId = (fk: ForeignKey): string =>
  `${fk.child}(${fk.columns.join(",")}) -> ${fk.parent}(${fk.parentColumns.join(",")})`;

const STRENGTH: readonly Action[] = ["cascade", "set null", "set default", "restrict", "no action"];

export function expect(c: Case, engine: { readonly checksAtOnce: boolean }): Expected {
  const rows: Live[] = c.tables.flatMap((table) => table.rows.map((row) => ({ table, row })));
  const followed = strongest(c.fks);
  const isRoot = (x: Live, roots: readonly Row[]) =>
    x.table.name === c.target && roots.some((r) => Object.entries(r).every(([k, v]) => x.row[k] === v));
  const gone = closure(
    rows,
    followed,
    rows.filter((x) => isRoot(x, c.roots)),
  );
  const stay = rows.filter((x) => !gone.has(x));
  const { changes, updates, refused, ambiguous } = update(c, followed, gone, stay);
  const blockers = restricting(followed, gone, stay);
  for (const [id, n] of Object.entries(refused)) blockers[id] = (blockers[id] ?? 0) + n;
  const image = new Map(
    stay.map((x) => [x, { ...x.row, ...Object.fromEntries(changes.get(x) ?? []) } as Row]),
  );
  const fails =
    [...changes.keys()].some((x) => violates(c, x, image, changes)) ||
    (engine.checksAtOnce && requiredCircle(c, gone));
  const deletable = c.roots
    .filter((root) => largest(c, rows, followed, isRoot).includes(root))
    .map((r) => JSON.stringify(r));
  return {
    verdict: Object.keys(blockers).length > 0 || fails ? "blocked" : "allowed",
    deleted: countBy([...gone], (x) => x.table.name),
    updates,
    inner: inner(c.fks, gone),
    blockers,
    fails,
    final: Object.fromEntries(
      c.tables.map((t) => [t.name, stay.filter((x) => x.table === t).map((x) => image.get(x) as Row)]),
    ),
    ambiguous,
    deletable,
  };
}

/** Of constraints on the same columns to the same parent the most destructive. */
export function strongest(fks: readonly ForeignKey[]): readonly ForeignKey[] {
  const best = new Map<string, ForeignKey>();
  for (const fk of fks) {
    const pairs = fk.columns.map((c, i) => `${c}>${fk.parentColumns[i]}`).sort();
    const key = `${fk.child} ${fk.parent} ${pairs}`;
    const other = best.get(key);
    if (!other || STRENGTH.indexOf(fk.onDelete) < STRENGTH.indexOf(other.onDelete)) best.set(key, fk);
  }
  return [...best.values()];
}

export function refers(child: Live, fk: ForeignKey, parent: Live): boolean {
  return (
    child.table.name === fk.child &&
    parent.table.name === fk.parent &&
    fk.columns.every(
      (c, i) => child.row[c] !== null && child.row[c] === parent.row[fk.parentColumns[i] ?? ""],
    )
  );
}

export function closure(
  rows: readonly Live[],
  fks: readonly ForeignKey[],
  roots: readonly Live[],
): Set<Live> {
  const gone = new Set(roots);
  for (const parent of gone) {
    for (const fk of fks.filter((f) => f.onDelete === "cascade")) {
      for (const child of rows) if (refers(child, fk, parent)) gone.add(child);
    }
  }
  return gone;
}

export function restricting(
  fks: readonly ForeignKey[],
  gone: Set<Live>,
  stay: readonly Live[],
): Record<string, number> {
  const out: Record<string, number> = {};
  for (const fk of fks.filter((f) => f.onDelete === "restrict" || f.onDelete === "no action")) {
    const n = stay.filter((child) => [...gone].some((parent) => refers(child, fk, parent))).length;
    if (n > 0) out[relationId(fk)] = (out[relationId(fk)] ?? 0) + n;
  }
  return out;
}

function inner(fks: readonly ForeignKey[], gone: Set<Live>): Record<string, number> {
  const out: Record<string, number> = {};
  for (const fk of fks.filter((f) => f.onDelete === "restrict" || f.onDelete === "no action")) {
    const n = [...gone].filter((child) => [...gone].some((parent) => refers(child, fk, parent))).length;
    if (n > 0) out[relationId(fk)] = (out[relationId(fk)] ?? 0) + n;
  }
  return out;
}

type Changes = Map<Live, Map<string, number | null>>;

interface Updated {
  readonly changes: Changes;
  readonly updates: Record<string, number>;
  readonly refused: Record<string, number>;
  readonly ambiguous: boolean;
}

export function update(c: Case, fks: readonly ForeignKey[], gone: Set<Live>, stay: readonly Live[]): Updated {
  const changes: Changes = new Map();
  const touched = new Map<string, Set<Live>>();
  const refused = new Map<string, Set<Live>>();
  let ambiguous = false;
  const write = (x: Live, fk: ForeignKey, values: readonly (readonly [string, number | null])[]): boolean => {
    const mine = changes.get(x) ?? new Map<string, number | null>();
    let fresh = false;
    for (const [column, value] of values) {
      if (mine.has(column) && mine.get(column) !== value) ambiguous = true;
      if (!mine.has(column)) {
        mine.set(column, value);
        fresh = true;
      }
    }
    changes.set(x, mine);
    touched.set(relationId(fk), (touched.get(relationId(fk)) ?? new Set()).add(x));
    return fresh;
  };
  const valuesFor = (x: Live, fk: ForeignKey, action: Action) =>
    fk.columns.map((name) => [name, action === "set default" ? defaultOf(x.table, name) : null] as const);
  for (const fk of fks.filter((f) => f.onDelete === "set null" || f.onDelete === "set default")) {
    for (const x of stay)
      if ([...gone].some((p) => refers(x, fk, p))) write(x, fk, valuesFor(x, fk, fk.onDelete));
  }
  for (let again = true; again && !ambiguous; ) {
    again = false;
    for (const [parent, values] of [...changes]) {
      for (const fk of fks.filter(
        (f) =>
          f.parent === parent.table.name &&
          f.parentColumns.some((p) => values.has(p) && values.get(p) !== parent.row[p]),
      )) {
        for (const x of stay.filter((s) => refers(s, fk, parent))) {
          if (fk.onUpdate === "restrict" || fk.onUpdate === "no action") {
            refused.set(relationId(fk), (refused.get(relationId(fk)) ?? new Set()).add(x));
            continue;
          }
          const passed = fk.columns.flatMap((name, i) => {
            const from = fk.parentColumns[i] ?? "";
            return values.has(from) ? [[name, values.get(from) ?? null] as const] : [];
          });
          if (write(x, fk, fk.onUpdate === "cascade" ? passed : valuesFor(x, fk, fk.onUpdate))) again = true;
        }
      }
    }
  }
  const sizes = (m: Map<string, Set<Live>>) => Object.fromEntries([...m].map(([id, set]) => [id, set.size]));
  void c;
  return { changes, updates: sizes(touched), refused: sizes(refused), ambiguous };
}

/** Whether rows that go wait for each other by references that cannot be undone, and one of them refuses. */
export function requiredCircle(c: Case, gone: Set<Live>): boolean {
  const held = c.fks.filter((f) => f.onDelete !== "set null" && !canBeUndone(c, f));
  const children = (parent: Live) =>
    held.flatMap((fk) => [...gone].filter((x) => refers(x, fk, parent)).map((child) => ({ fk, child })));
  const leadsTo = (from: Live, to: Live): boolean => {
    const seen = new Set([from]);
    for (const row of seen) {
      if (row === to) return true;
      for (const { child } of children(row)) seen.add(child);
    }
    return false;
  };
  return [...gone].some((parent) =>
    children(parent).some(
      ({ fk, child }) =>
        fk.onDelete !== "cascade" &&
        // A column that references itself holds nobody back.
        !(child === parent && String(fk.columns) === String(fk.parentColumns)) &&
        leadsTo(child, parent),
    ),
  );
}

function canBeUndone(c: Case, fk: ForeignKey): boolean {
  const table = c.tables.find((t) => t.name === fk.child) as Table;
  return fk.columns.some(
    (name) =>
      !table.columns.find((x) => x.name === name)?.notNull &&
      !table.checks.some((k) => k.column === name) &&
      !c.fks.some((f) => f.parent === table.name && f.parentColumns.includes(name)),
  );
}

const defaultOf = (table: Table, column: string): number | null =>
  table.columns.find((x) => x.name === column)?.default ?? null;

export function violates(c: Case, x: Live, image: ReadonlyMap<Live, Row>, changes: Changes): boolean {
  const row = image.get(x) as Row;
  const changed = changes.get(x) as Map<string, number | null>;
  const { table } = x;
  if (table.columns.some((col) => col.notNull && row[col.name] === null)) return true;
  if (table.checks.some((k) => row[k.column] === k.not)) return true;
  const others = [...image].filter(([o]) => o !== x && o.table === table).map(([, r]) => r);
  const clash = (columns: readonly string[], o: Row) =>
    columns.every((k) => row[k] !== null && row[k] === o[k]);
  if ([table.key, ...table.uniques].some((columns) => others.some((o) => clash(columns, o)))) return true;
  if (
    table.partialUniques.some(
      (p) => row[p.whereNull] === null && others.some((o) => o[p.whereNull] === null && clash([p.column], o)),
    )
  )
    return true;
  return c.fks.some((fk) => {
    if (
      fk.child !== table.name ||
      !fk.columns.some((k) => changed.has(k)) ||
      fk.columns.some((k) => row[k] === null)
    )
      return false;
    return ![...image].some(
      ([p, r]) =>
        p.table.name === fk.parent && fk.columns.every((k, i) => r[fk.parentColumns[i] ?? ""] === row[k]),
    );
  });
}

/** The largest set of roots whose closure no row outside it holds back. */
function largest(
  c: Case,
  rows: readonly Live[],
  fks: readonly ForeignKey[],
  isRoot: (x: Live, roots: readonly Row[]) => boolean,
): readonly Row[] {
  let best: readonly Row[] = [];
  for (let mask = 1; mask < 2 ** c.roots.length; mask++) {
    const roots = c.roots.filter((_, i) => mask & (2 ** i));
    const gone = closure(
      rows,
      fks,
      rows.filter((x) => isRoot(x, roots)),
    );
    const held =
      Object.keys(
        restricting(
          fks,
          gone,
          rows.filter((x) => !gone.has(x)),
        ),
      ).length > 0;
    if (!held && roots.length > best.length) best = roots;
  }
  return best;
}

function countBy(list: readonly Live[], key: (x: Live) => string): Record<string, number> {
  const out: Record<string, number> = {};
  for (const x of list) out[key(x)] = (out[key(x)] ?? 0) + 1;
  return out;
}
