import type { ColumnDefinition, TableDefinition, Workload } from "../workloads/workload.ts";

/** What the engines write in their own way when a workload is loaded. */
export interface LoadDialect {
  readonly types: Readonly<Record<ColumnDefinition["type"], string>>;
  /** An item of FROM with a column `i` from 1 to `n`. */
  series(n: number): string;
  concat(parts: readonly string[]): string;
  /** Before and after the rows. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Foreign keys stand in CREATE TABLE; otherwise they are added after the rows. */
  readonly inlineKeys: boolean;
}

/** The statements that make a workload's tables and rows: indexes and constraints last, where the engine can. */
export function loadStatements(workload: Workload, dialect: LoadDialect): readonly string[] {
  const { tables } = workload;
  const keys = dialect.inlineKeys ? [] : tables.flatMap((t) => addedKeys(t));
  return [
    ...dialect.before,
    ...schemaStatements(workload, dialect),
    ...tables.map((t) => insertStatement(t, dialect)),
    ...(workload.indexed ? tables.flatMap(indexes) : []),
    ...keys,
    ...dialect.after,
  ];
}

export const schemaStatements = ({ tables }: Workload, dialect: LoadDialect): readonly string[] =>
  tables.map((table) => {
    const columns = table.columns.map((c) => {
      const key = c.type === "id" ? " primary key" : "";
      const inline = c.references && dialect.inlineKeys ? ` ${clause(c.references)}` : "";
      return `${c.name} ${dialect.types[c.type]}${key}${inline}`;
    });
    return `create table ${table.name} (${columns.join(", ")})`;
  });

const clause = ({ table, onDelete }: NonNullable<ColumnDefinition["references"]>): string =>
  `references ${table} (id) on delete ${onDelete}`;

const referencing = (table: TableDefinition) => table.columns.filter((c) => c.references);

export const indexes = (table: TableDefinition): readonly string[] =>
  referencing(table).map((c) => `create index ${table.name}_${c.name} on ${table.name} (${c.name})`);

export const addedKeys = (table: TableDefinition): readonly string[] =>
  referencing(table).map(
    (c) =>
      `alter table ${table.name} add constraint ${table.name}_${c.name}_fk foreign key (${c.name}) ${c.references ? clause(c.references) : ""}`,
  );

function insertStatement(table: TableDefinition, dialect: LoadDialect): string {
  const value = (v: ColumnDefinition["value"]) => (typeof v === "string" ? v : dialect.concat(v));
  const names = table.columns.map((c) => c.name).join(", ");
  const values = table.columns.map((c) => value(c.value)).join(", ");
  return `insert into ${table.name} (${names}) select ${values} from ${dialect.series(table.rows)}`;
}
