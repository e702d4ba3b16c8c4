import type { DocumentedTable } from "../../model/documentation.ts";
import type { TableId } from "../../model/table.ts";
import { singular, wordsOf } from "../../std/name-words.ts";
import { printable } from "../../std/printable.ts";

/** The table that a document means. */
export type Named =
  | { readonly kind: "found"; readonly table: TableId; readonly column?: string }
  | { readonly kind: "unknown" }
  | { readonly kind: "ambiguous"; readonly tables: readonly TableId[] };

/** Finds tables and columns under the names that people write. */
export interface Names {
  /** `User`, `users`, `user.User`, `AuditLog` for audit_logs; never by a part of a name. */
  table(written: string): Named;
  /** The same, or a column with its table: `User.uid`. */
  reference(written: string): Named;
  /** The column of a table, whatever its case and spelling. */
  column(table: TableId, written: string): string | null;
  /** The only one of some tables whose name ends or begins so: `Tag` for container_tags. */
  partial(written: string, among: readonly TableId[]): TableId | null;
}

const UNKNOWN: Named = { kind: "unknown" };

export function namesOf(tables: readonly DocumentedTable[]): Names {
  const ids = tables.map((t) => t.id);
  const columns = new Map(tables.map((t) => [t.id, t.columns.map((c) => c.name)]));
  const ways: readonly ((name: string) => string)[] = [
    printable,
    lower,
    (n) => lower(last(n)),
    key,
    (n) => key(last(n)),
  ];
  const indexes = ways.map((way) => Map.groupBy(ids, way));
  const table = (written: string): Named => {
    for (const [i, way] of ways.entries()) {
      const found = indexes[i]?.get(way(written));
      const [only] = found ?? [];
      if (only !== undefined)
        return found?.length === 1
          ? { kind: "found", table: only }
          : { kind: "ambiguous", tables: found ?? [] };
    }
    return UNKNOWN;
  };
  const column = (id: TableId, written: string) => columnIn(columns.get(id) ?? [], written);
  const whole = new Map(
    tables.flatMap((t) =>
      t.columns.map((c) => [printable(`${t.id}.${c.name}`), { table: t.id, column: c.name }]),
    ),
  );
  return {
    table,
    column,
    reference: (written) => {
      const known = whole.get(written);
      if (known) return { kind: "found", ...known };
      const at = written.lastIndexOf(".");
      const before = at < 0 ? UNKNOWN : table(written.slice(0, at));
      const named = before.kind === "found" ? column(before.table, written.slice(at + 1)) : null;
      return before.kind === "found" && named !== null ? { ...before, column: named } : table(written);
    },
    partial: (written, among) => {
      const wanted = key(written);
      const found = among.filter((id) => parts(last(id)).includes(wanted));
      return found.length === 1 ? (found[0] ?? null) : null;
    },
  };
}

const lower = (text: string): string => printable(text).toLowerCase();

const last = (id: string): string => id.slice(id.lastIndexOf(".") + 1);

function columnIn(columns: readonly string[], written: string): string | null {
  const same = (way: (text: string) => string) => columns.filter((c) => way(c) === way(written));
  for (const way of [printable, lower, letters]) {
    const found = same(way);
    if (found.length === 1) return found[0] ?? null;
  }
  return null;
}

const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The words of a name, in lower case and the singular: both sides of a comparison pass through it. */
export const singularWords = (name: string): readonly string[] => wordsOf(name).map(singular);

const key = (name: string): string => singularWords(name).join("");

/** The keys of all beginnings and ends of a name that are shorter than itself. */
function parts(name: string): readonly string[] {
  const words = singularWords(name);
  return words.slice(1).flatMap((_, i) => [words.slice(0, i + 1).join(""), words.slice(i + 1).join("")]);
}
