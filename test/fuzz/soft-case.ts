import type { Config } from "../../src/index.ts";
import type { Case, Column, Row } from "./case.ts";
import { closure, strongest } from "./oracle.ts";

/** What a soft delete does with the rows of a table. */
export type Handling = "mark" | "keep" | "archive" | "block";

/** A case with markers, policies and two columns of the test's own: `rid` numbers the rows, `w` is edited meanwhile. */
export interface SoftCase {
  readonly c: Case;
  readonly handling: ReadonlyMap<string, Handling>;
  /** Rows, by table and `rid`, that are deleted softly before anything begins. */
  readonly marked: ReadonlySet<string>;
  /** Statements that mark them. */
  readonly marks: readonly string[];
  readonly config: Config;
  /** A number below `n` that is always the same for a name. */
  readonly pick: (name: string, n: number) => number;
}

export const MARKER = "gone_at";

const KINDS = [
  { kind: "timestamp", type: "timestamp null", value: "'2020-01-02 03:04:05'" },
  { kind: "seconds", type: "bigint", value: "1577934245" },
  { kind: "boolean", type: "boolean", value: "true" },
] as const;

const HANDLINGS: readonly Handling[] = [
  "mark",
  "mark",
  "mark",
  "mark",
  "keep",
  "archive",
  "archive",
  "block",
];

const own = (name: string): Column => ({ name, notNull: false, default: 0 });

export function softCase(plain: Case): SoftCase {
  const pick = (name: string, n: number) => hash(`${plain.salt ?? 0} ${name}`) % n;
  const handling = new Map(
    plain.tables.map((t) => [t.name, HANDLINGS[pick(`${t.name} handling`, HANDLINGS.length)] ?? "mark"]),
  );
  const kindOf = (table: string) => KINDS[pick(`${table} kind`, KINDS.length)] ?? KINDS[0];
  const tables = plain.tables.map((t) => ({
    ...t,
    columns: [
      ...t.columns,
      own("rid"),
      own("w"),
      ...(handling.get(t.name) === "mark"
        ? [{ name: MARKER, notNull: false, default: null, type: kindOf(t.name).type }]
        : []),
    ],
    rows: t.rows.map((row, i): Row => ({ ...row, rid: i + 1 })),
  }));
  const rows = tables.flatMap((table) => table.rows.map((row) => ({ table, row })));
  const first = rows.filter(({ table: t, row }) => pick(`${t.name} ${row.rid} marked`, 7) === 0);
  // With all that hangs off them: below a hidden parent a live row comes back only where times tell which was first.
  const marked = [...closure(rows, strongest(plain.fks), first)]
    .filter(({ table }) => handling.get(table.name) === "mark")
    .map(({ table, row }) => [table.name, row.rid] as const);
  const entries = [...handling].map(([table, what]) => [
    table,
    what === "mark" ? { softDelete: { column: MARKER, kind: kindOf(table).kind } } : { onSoftDelete: what },
  ]);
  return {
    c: { ...plain, tables },
    handling,
    marked: new Set(marked.map(([table, rid]) => `${table} ${rid}`)),
    marks: marked.map(([t, rid]) => `update "${t}" set ${MARKER} = ${kindOf(t).value} where rid = ${rid}`),
    config: { tables: Object.fromEntries(entries) },
    pick,
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  // The last characters would decide the lowest bits alone.
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
