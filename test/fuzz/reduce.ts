import type { Case } from "./case.ts";

/** The smallest case found by leaving out one constraint, row, table or guard after the other while it still fails. */
export async function reduce(failing: Case, fails: (c: Case) => Promise<boolean>): Promise<Case> {
  let current = failing;
  for (let smaller: Case | null = current; smaller; ) {
    smaller = null;
    for (const candidate of candidates(current)) {
      if (!(await fails(candidate))) continue;
      smaller = candidate;
      current = candidate;
      break;
    }
  }
  return current;
}

function* candidates(c: Case): Generator<Case> {
  for (const i of c.fks.keys()) yield { ...c, fks: c.fks.toSpliced(i, 1) };
  for (const [i, t] of c.tables.entries()) {
    const used = t.name === c.target || c.fks.some((f) => f.child === t.name || f.parent === t.name);
    if (!used) yield { ...c, tables: c.tables.toSpliced(i, 1) };
    const lists = ["rows", "checks", "partialUniques", "uniques"] as const;
    for (const list of lists) {
      for (const k of t[list].keys())
        yield { ...c, tables: c.tables.with(i, { ...t, [list]: t[list].toSpliced(k, 1) }) };
    }
    for (const [k, column] of t.columns.entries()) {
      const needed =
        t.key.includes(column.name) ||
        JSON.stringify([t.checks, t.uniques, t.partialUniques, c.fks]).includes(`"${column.name}"`);
      if (needed) continue;
      const rows = t.rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([n]) => n !== column.name)),
      );
      yield { ...c, tables: c.tables.with(i, { ...t, rows, columns: t.columns.toSpliced(k, 1) }) };
    }
  }
  if (c.roots.length > 1) for (const i of c.roots.keys()) yield { ...c, roots: c.roots.toSpliced(i, 1) };
  for (const [i, f] of c.fks.entries()) {
    if (f.onUpdate !== "no action") yield { ...c, fks: c.fks.with(i, { ...f, onUpdate: "no action" }) };
    if (f.deferred) yield { ...c, fks: c.fks.with(i, { ...f, deferred: false }) };
  }
}
