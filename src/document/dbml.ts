import type { Documentation, DocumentedRelation, DocumentedTable } from "../model/documentation.ts";
import type { Column } from "../model/table.ts";
import { printable } from "../std/printable.ts";

/**
 * The database as DBML: tables with all columns and indexes, references with what they do on delete.
 * @see https://dbml.dbdiagram.io/docs/
 */
export function dbml({ tables, relations }: Documentation): string {
  const drawn = tables.filter((t) => t.kind !== "partition");
  return [
    ...drawn.flatMap(tableLines),
    ...distinct(relations).map(([ref, notes]) => [...notes.map((n) => `// ${n}`), ref].join("\n")),
    "",
  ].join("\n");
}

function tableLines(t: DocumentedTable): readonly string[] {
  const single = t.primaryKey.length === 1 ? t.primaryKey[0] : undefined;
  const keys = [
    ...(t.primaryKey.length > 1 ? [`    (${list(t.primaryKey)}) [pk]`] : []),
    ...t.uniqueKeys.map((k) => `    (${list(k.columns)}) [unique]`),
  ];
  return [
    `Table ${quoted(t.id)} {`,
    ...t.columns.map((c) => `  ${column(c, c.name === single)}`),
    ...(keys.length > 0 ? ["  indexes {", ...new Set(keys), "  }"] : []),
    "}",
    "",
  ];
}

function column(c: Column, isKey: boolean): string {
  const settings = [...(isKey ? ["pk"] : []), ...(c.nullable ? [] : ["not null"])];
  return `${quoted(c.name)} ${quoted(c.type || "any")}${settings.length > 0 ? ` [${settings.join(", ")}]` : ""}`;
}

/**
 * DBML takes one reference between the same columns, so that of several the first stands and the others are told of in
 * comments, as is who carries a reference out where that is not the database.
 */
function distinct(
  relations: readonly DocumentedRelation[],
): readonly (readonly [string, readonly string[]])[] {
  const out = new Map<string, { readonly ref: string; readonly notes: string[] }>();
  for (const r of relations) {
    const ends = [end(r.child, r.columns), end(r.parent, r.parentColumns)];
    const same = out.get([...ends].sort().join());
    if (same) {
      same.notes.push(printable(`also ${r.id} on delete ${r.onDelete}`));
      continue;
    }
    const notes = [
      ...(r.enforcedBy === "application" ? ["carried out by the application"] : []),
      ...(r.when ? [printable(`where ${r.when.column} is ${r.when.values.join(" or ")}`)] : []),
    ];
    out.set([...ends].sort().join(), {
      ref: `Ref: ${ends[0]} > ${ends[1]} [delete: ${r.onDelete}, update: ${r.onUpdate}]`,
      notes,
    });
  }
  return [...out.values()].map(({ ref, notes }) => [ref, notes]);
}

const end = (table: string, columns: readonly string[]): string =>
  columns.length === 1
    ? `${quoted(table)}.${quoted(columns[0] ?? "")}`
    : `${quoted(table)}.(${list(columns)})`;

const list = (columns: readonly string[]): string => columns.map(quoted).join(", ");

const quoted = (name: string): string =>
  `"${printable(name).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
