// What a soft delete means, worked out over rows in memory after the words of docs/soft-delete.md; no code of src/.
import type { Row } from "./case.ts";
import {
  closure,
  type Live,
  refers,
  requiredCircle,
  restricting,
  strongest,
  update,
  violates,
} from "./oracle.ts";
import type { SoftCase } from "./soft-case.ts";

export interface SoftExpected {
  readonly verdict: "allowed" | "blocked";
  readonly ambiguous: boolean;
  /** All rows afterwards by table, where the verdict is allowed; `deleted` is 1 for those that are marked. */
  readonly final: Readonly<Record<string, readonly Row[]>>;
}

export function expectSoft(
  { c, handling, marked }: SoftCase,
  engine: { readonly checksAtOnce: boolean },
): SoftExpected {
  const rows: Live[] = c.tables.flatMap((table) => table.rows.map((row) => ({ table, row })));
  const isMarked = (x: Live) => marked.has(`${x.table.name} ${x.row.rid}`);
  const followed = strongest(c.fks);
  const roots = rows.filter(
    (x) =>
      x.table.name === c.target && c.roots.some((r) => Object.entries(r).every(([k, v]) => x.row[k] === v)),
  );
  const reached = closure(rows, followed, roots);
  const does = (x: Live, what: string) => handling.get(x.table.name) === what;
  const removed = new Set([...reached].filter((x) => does(x, "archive")));
  const stay = rows.filter((x) => !removed.has(x));
  const { changes, refused, ambiguous } = update(c, followed, removed, stay);
  const image = new Map(
    stay.map((x) => [x, { ...x.row, ...Object.fromEntries(changes.get(x) ?? []) } as Row]),
  );
  const outside = rows.filter((x) => !reached.has(x) && !isMarked(x));
  const dangling = stay.some((x) =>
    followed.some(
      (fk) => !fk.onDelete.startsWith("set") && [...removed].some((parent) => refers(x, fk, parent)),
    ),
  );
  const blocked =
    [...reached].some((x) => does(x, "block")) ||
    Object.keys(restricting(followed, reached, outside)).length > 0 ||
    Object.keys(refused).length > 0 ||
    dangling ||
    [...changes.keys()].some((x) => violates(c, x, image, changes)) ||
    (engine.checksAtOnce && requiredCircle(c, removed));
  const after = (x: Live): Row => ({
    ...(image.get(x) as Row),
    deleted: isMarked(x) || (reached.has(x) && does(x, "mark")) ? 1 : 0,
  });
  return {
    verdict: blocked ? "blocked" : "allowed",
    ambiguous,
    final: Object.fromEntries(c.tables.map((t) => [t.name, stay.filter((x) => x.table === t).map(after)])),
  };
}
