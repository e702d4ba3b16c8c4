import { id, raw, sql } from "../../dialect/sql.ts";
import type { Fix } from "../../model/finding.ts";
import { mentions } from "../../model/guards.ts";
import { columnOf, type Index, type Table, type UniqueKey } from "../../model/table.ts";
import { conjuncts } from "../conjuncts.ts";
import type { Facts } from "../facts.ts";
import { type LikelyMarker, likelyMarker } from "../markers.ts";
import type { Found, Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** A value that a deleted row holds is taken for ever; both common ways around it are wrong (E25). */
export const softUniqueNotPartial: Rule = {
  id: "soft-unique-not-partial",
  severity: "error",
  confidence: "certain",
  title: "A unique key on a table of soft deletes that deleted rows take part in",
  find: (facts) =>
    facts.tables.flatMap((table) => {
      const marker = likelyMarker(facts, table);
      if (!marker) return [];
      return [
        ...table.uniqueKeys.flatMap((key) => {
          const why = faultOf(table, key, marker);
          return why === null ? [] : [told(facts, { table, key, marker, why })];
        }),
        ...table.indexes.filter((i) => isBlind(table, i, marker)).map((i) => toldOfIndex(table, i, marker)),
      ];
    }),
};

interface Case {
  readonly table: Table;
  readonly key: UniqueKey;
  readonly marker: LikelyMarker;
  readonly why: string;
}

/** What goes wrong with the key; null where nothing does. */
function faultOf(table: Table, key: UniqueKey, marker: LikelyMarker): string | null {
  const columns = listed(key.columns.filter((c) => c !== marker.column));
  if (key.columns.includes(marker.column)) {
    if (marker.kind === "boolean")
      return `the second row with the same ${columns} that is deleted is refused, because one deleted row has it already`;
    if (!columnOf(table, marker.column).nullable || !key.nullsDistinct) return null;
    return `live rows have null in ${marker.column}, and nulls are not equal: two live rows with the same ${columns} are let in`;
  }
  if (table.primaryKey.length > 0 && table.primaryKey.every((c) => key.columns.includes(c))) return null;
  if (key.columns.some((name) => isFresh(table, name) || followsMarker(table, name, marker))) return null;
  return `a deleted row keeps its ${columns}, and no live row can have the same`;
}

/**
 * Whether a unique index of expressions, or one that leaves out nothing but nulls of its own columns, takes in deleted
 * rows. What another condition has to do with deletes nobody can tell.
 */
function isBlind(table: Table, index: Index, { column }: LikelyMarker): boolean {
  const { columns, entries, predicate } = index;
  if (!index.unique || !index.valid || index.operators || entries.some((e) => mentions(e, column)))
    return false;
  if (
    columns.some((name) => name !== null && (isFresh(table, name) || followsMarker(table, name, { column })))
  )
    return false;
  if (predicate === null) return columns.includes(null);
  return conjuncts(predicate).every((part) => {
    const name = /^["`[]?(.+?)["`\]]?\s+is\s+not\s+null$/i.exec(part)?.[1];
    return name !== undefined && columns.includes(name);
  });
}

function toldOfIndex(table: Table, index: Index, { column, confidence }: LikelyMarker): Found {
  const entries = index.entries.map((entry, i) => index.columns[i] ?? entry.replace(/ collate \S+$/, ""));
  return {
    object: table.id,
    part: index.name,
    table: table.id,
    columns: index.columns.filter((name) => name !== null),
    confidence,
    message: `${index.name} (${entries.join(", ")}) does not hold among live rows of ${table.id} alone: a deleted row keeps its ${listed(entries)}, and no live row can have the same.`,
    evidence: { key: index.name, columns: entries, marker: column },
    fix: {
      description: `Make the index anew with a condition that leaves out deleted rows by ${column}, or with an entry that is null in them.`,
      sql: null,
    },
  };
}

/** Values that nobody chooses are never wanted again. */
function isFresh(table: Table, name: string): boolean {
  const { type, identity, default: preset } = columnOf(table, name);
  return type === "uuid" || identity !== null || /nextval|uuid|random/i.test(preset ?? "");
}

/** A generated column that is null in deleted rows makes the key one of live rows. */
const followsMarker = (table: Table, name: string, marker: Pick<LikelyMarker, "column">): boolean =>
  mentions(columnOf(table, name).expression ?? "", marker.column);

function told(facts: Facts, { table, key, marker, why }: Case): Found {
  return {
    object: table.id,
    part: [...key.columns].sort().join(),
    table: table.id,
    columns: key.columns,
    confidence: marker.confidence,
    message: `${key.name} (${key.columns.join(", ")}) does not hold among live rows of ${table.id} alone: ${why}.`,
    evidence: { key: key.name, columns: key.columns, marker: marker.column },
    fix: fixOf(facts, table, { key, marker }),
  };
}

function fixOf(
  { engine, declared }: Facts,
  table: Table,
  { key, marker }: { readonly key: UniqueKey; readonly marker: LikelyMarker },
): Fix {
  const columns = key.columns.filter((c) => c !== marker.column);
  const referenced = declared.into(table.id).some((r) => r.parentColumns.join() === key.columns.join());
  if (referenced)
    return {
      description: `Foreign keys reference ${key.name}, so that it must stay: change ${listed(columns)} when a row is deleted, e.g. by a suffix.`,
      sql: null,
    };
  if (!engine.capabilities.partialIndexes)
    return {
      description: `This engine has no partial indexes: add a generated column that is 1 in live rows and null in deleted ones, make (${[...columns, "alive"].join(", ")}) unique, and drop ${key.name}.`,
      sql: null,
    };
  const column = id(marker.column);
  const where = marker.kind === "boolean" ? sql`${column} ${raw("is not true")}` : sql`${column} is null`;
  const name = `${table.name}_${columns.join("_")}_live`.slice(0, 60);
  const index = engine.syntax.createIndex({ table, name, columns, unique: true, where });
  return {
    description: `Make them unique among live rows, then drop ${key.name}; ON CONFLICT has to repeat the condition.`,
    sql: engine.syntax.print(index),
  };
}
