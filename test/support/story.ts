import type { Config, NativeVerdict, Verdict } from "../../src/index.ts";
import type { TestDatabase, Variant } from "./databases.ts";
import { type Dress, quote } from "./dress.ts";

export type Value = string | number | null;
export type Rows = Readonly<Record<string, readonly (readonly Value[])[]>>;

/** A relation as its id: `child(columns) -> parent(columns)`, in plain names. */
export type Edge = string;

/** Tables by name with their columns as DDL without the name; entries whose name starts with + are constraints. */
export type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Variants of one engine behave alike. */
export type Family = "sqlite" | "postgres" | "mariadb";

export const familyOf = ({ engine }: Variant): Family => (engine === "pglite" ? "postgres" : engine);

export interface Schema {
  readonly tables: Tables;
  /** In order of creation: `child(columns) -> parent(columns) on delete …`. */
  readonly fks: readonly string[];
  readonly rows: Rows;
  /** More statements at the end, names in brackets. */
  readonly sql?: readonly string[];
}

export interface ExpectedPlan {
  readonly verdict: Verdict;
  /** What is not said of MariaDB is only compared with what it does. */
  readonly native:
    | NativeVerdict
    | (Readonly<Record<"sqlite" | "postgres", NativeVerdict>> & { readonly mariadb?: NativeVerdict });
  /** Table, rows, depth. */
  readonly deletes: readonly (readonly [string, number, number])[];
  readonly updates?: readonly (readonly [Edge, "null" | "default" | "cascade", number])[];
  readonly blockers?: readonly (readonly [Edge, string, number])[];
  readonly inner?: readonly (readonly [Edge, number])[];
  /** Codes, `no-index` aside. */
  readonly warnings?: readonly string[];
  readonly deletable?: readonly string[];
}

/** Schema, rows, what is deleted, and all that must come of it. */
export interface Story extends Schema {
  readonly title: string;
  readonly root: string;
  /** A SQL condition with names in brackets. */
  readonly where: string;
  readonly config?: (table: (name: string) => string, column: (name: string) => string) => Config;
  /** The engines that the story is about, and why not the others. */
  readonly only?: { readonly engines: readonly Family[]; readonly because: string };
  /** What is different on MariaDB, or why the story cannot be told there. */
  readonly mariadb?: Partial<ExpectedPlan> & { readonly leftOut?: string };
  /** Told under its plain names only, where other names would only take time. */
  readonly names?: "plain";
  readonly plan: ExpectedPlan;
  /** Rows after the delete, of tables that change. */
  readonly after?: Rows;
}

/** Why a story is not told on a variant; null where it is. */
export function leftOut(variant: Variant, { only, mariadb }: Story): string | null {
  if (only && !only.engines.includes(familyOf(variant))) return only.because;
  return variant.engine === "mariadb" ? (mariadb?.leftOut ?? null) : null;
}

export const PK = "integer primary key";
export const INT = "integer";

/** Names in brackets, dressed and quoted. */
export const dressed = (sql: string, dress: Dress): string =>
  sql.replaceAll(/\[([^\]]+)\]/g, (_, name: string) => quote(dress.name(name)));

interface ParsedEdge {
  readonly child: string;
  /** The type column and value of a polymorphic relation. */
  readonly when: readonly [string, string] | null;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly rest: string;
}

export function parseEdge(text: string): ParsedEdge {
  const match = /^(.+?)(?:\[(.+?)=(.+?)\])?\((.+?)\) -> (.+?)\((.+?)\) ?(.*)$/s.exec(text);
  if (!match) throw new Error(`not a relation: ${text}`);
  const [, child = "", column, value, columns = "", parent = "", parentColumns = "", rest = ""] = match;
  const when = column === undefined || value === undefined ? null : ([column, value] as const);
  return { child, when, columns: columns.split(","), parent, parentColumns: parentColumns.split(","), rest };
}

/** MariaDB's namespaces are databases, which the tests of one file do not have to themselves. */
export const hasNamespaces = (variant: Variant): boolean =>
  variant.engine === "postgres" || variant.engine === "pglite";

/** A table as ondelete prints it. */
export const tableId = (name: string, variant: Variant, dress: Dress): string => {
  const outside = hasNamespaces(variant) && dress.namespace !== null;
  return outside ? `${dress.namespace}.${dress.name(name)}` : dress.name(name);
};

export function edgeId(edge: Edge, variant: Variant, dress: Dress): string {
  const { child, when, columns, parent, parentColumns, rest } = parseEdge(edge);
  const type = when ? `[${dress.name(when[0])}=${when[1]}]` : "";
  const list = (names: readonly string[]) => names.map(dress.name).join(",");
  const [from, to] = [tableId(child, variant, dress), tableId(parent, variant, dress)];
  return `${from}${type}(${list(columns)}) -> ${to}(${list(parentColumns)})${rest.startsWith("#") ? rest : ""}`;
}

const constraint = (fk: ParsedEdge, dress: Dress): string => {
  const list = (names: readonly string[]) => names.map((n) => quote(dress.name(n))).join(", ");
  return `foreign key (${list(fk.columns)}) references ${quote(dress.name(fk.parent))} (${list(fk.parentColumns)}) ${dressed(fk.rest, dress)}`;
};

function literal(value: Value, variant: Variant): string {
  if (value === null || typeof value === "number") return String(value);
  const text = variant.engine === "mariadb" ? value.replaceAll("\\", "\\\\") : value;
  return `'${text.replaceAll("'", "''")}'`;
}

/** Makes the tables and rows. PostgreSQL gets its constraints last and in order, SQLite its tables in the order of theirs. */
export async function build(db: TestDatabase, variant: Variant, schema: Schema, dress: Dress): Promise<void> {
  const inline = variant.engine === "sqlite";
  const fks = schema.fks.map(parseEdge);
  const names = Object.keys(schema.tables);
  const order = [
    ...new Set([...names.filter((n) => !fks.some((f) => f.child === n)), ...fks.map((f) => f.child)]),
  ];
  const tables = (inline ? order : names).map((name) => {
    const columns = Object.entries(schema.tables[name] ?? {}).map(([column, type]) =>
      column.startsWith("+") ? dressed(type, dress) : `${quote(dress.name(column))} ${dressed(type, dress)}`,
    );
    const keys = inline ? fks.filter((f) => f.child === name).map((f) => constraint(f, dress)) : [];
    return `create table ${quote(dress.name(name))} (${[...columns, ...keys].join(", ")})`;
  });
  const inserts = Object.entries(schema.rows).flatMap(([table, rows]) =>
    rows.map(
      (row) =>
        `insert into ${quote(dress.name(table))} values (${row.map((value) => literal(value, variant)).join(", ")})`,
    ),
  );
  const later = inline
    ? []
    : fks.map((f) => `alter table ${quote(dress.name(f.child))} add ${constraint(f, dress)}`);
  const more = (schema.sql ?? []).map((s) => dressed(s, dress));
  const all = [...tables, ...inserts, ...later, ...more];
  if (inline) return db.exec(["pragma foreign_keys = off", ...all, "pragma foreign_keys = on"]);
  const path =
    dress.namespace === null || !hasNamespaces(variant)
      ? []
      : [`create schema ${quote(dress.namespace)}`, `set local search_path to ${quote(dress.namespace)}`];
  if (variant.engine === "mariadb") return db.exec(all.join(";\n"));
  await db.exec(["begin", ...path, ...all, "commit"].join(";\n"));
}
