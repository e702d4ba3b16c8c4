import type { Column, Table } from "../../model/table.ts";
import { byKey } from "../by-key.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";
import type { NewIndex, Syntax } from "../syntax.ts";
import { comparedType, isPadded, isTextLike } from "./column-type.ts";
import { compileStatement, printStatement } from "./compiler.ts";
import { samples } from "./samples.ts";
import { createScratch, scratch } from "./scratch.ts";
import { tableName } from "./table-name.ts";

function text(value: Sql, column: Column): Sql {
  // The cast of bpchar to text strips blanks, which only a length puts back.
  if ((column.baseType ?? column.type) === "bpchar") return sql`textin(bpcharout(${value}))`;
  // The name of what it refers to may mean something else, or nothing, when it is read back.
  const [, array] = OBJECT_NAME.exec(comparedType(column)) ?? [];
  if (array !== undefined) return sql`cast(cast(${value} as ${raw(`oid${array}`)}) as text)`;
  return sql`cast(${value} as text)`;
}

/** @see https://www.postgresql.org/docs/current/datatype-oid.html */
const OBJECT_NAME =
  /^reg(?:class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)((?:\[\])*)$/;

function typed(value: Sql, column: Column): Sql {
  const type = comparedType(column);
  // The cast takes names only: neither a number nor the - that stands for none.
  return type === "regclass" ? sql`regclassin(textout(${value}))` : sql`${value}::${raw(type)}`;
}

/** A value that is no text, to compare with a column of text by that column's rules, so that its index serves. */
function asText(value: Sql, beside: Column): Sql {
  const type = comparedType(beside);
  return type === "text" || type === "character varying"
    ? sql`${value}::text`
    : sql`${value}::text::${raw(type)}`;
}

/**
 * The comparison that a foreign key makes: the parent's type and, where it matters, the parent's collation. Text beside
 * another type, which no foreign key allows, is a relation of the configuration: compared as text.
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/ri_triggers.c (ri_GenerateQual)
 */
function references(child: Sql, childColumn: Column, parent: Sql, parentColumn: Column): Sql {
  if (isTextLike(childColumn) !== isTextLike(parentColumn)) {
    return isTextLike(parentColumn)
      ? sql`${parent} = ${asText(child, parentColumn)}`
      : sql`${asText(parent, childColumn)} = ${child}`;
  }
  // char(n) beside another text type is compared as text by the parser, and as char(n) by the foreign key.
  const cast = isPadded(parentColumn) && !isPadded(childColumn) ? sql`${child}::bpchar` : child;
  if (childColumn.collation === parentColumn.collation) return sql`${parent} = ${cast}`;
  const collation = parentColumn.collation ?? 'pg_catalog."default"';
  return sql`${parent} = ${cast} collate ${raw(collation)}`;
}

/** Types that have `min` and `max` on every version. @see https://www.postgresql.org/docs/15/functions-aggregate.html */
const ORDERED = new Set(["smallint", "integer", "bigint", "numeric", "text", "character varying", "date"]);

/** The order of a column of another type does not matter, as long as it is always the same. */
function extremes(value: Sql, column: Column): readonly [Sql, Sql] {
  const isOrdered = ORDERED.has(comparedType(column));
  const end = (name: "min" | "max") =>
    isOrdered ? text(sql`${raw(name)}(${value})`, column) : sql`${raw(name)}(${text(value, column)})`;
  return [end("min"), end("max")];
}

/** @see https://www.postgresql.org/docs/current/functions-datetime.html */
function now(kind: Parameters<Syntax["now"]>[0], column: Column): Sql {
  if (kind === "seconds") return raw("extract(epoch from now())::bigint");
  if (kind === "milliseconds") return raw("(extract(epoch from now()) * 1000)::bigint");
  if (isTextLike(column)) return raw(`to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`);
  return /with time zone/.test(comparedType(column)) ? raw("now()") : raw("now() at time zone 'utc'");
}

/** What has no time zone is taken for UTC, as {@link now} writes it. */
function isBefore(value: Sql, column: Column, moment: Date): Sql {
  const zoned = isTextLike(column) || /with time zone/.test(comparedType(column));
  const time = isTextLike(column) ? sql`${value}::timestamptz` : value;
  const limit = zoned ? moment.toISOString() : moment.toISOString().slice(0, 23);
  return sql`${time} < ${limit}::text::${raw(zoned ? "timestamptz" : "timestamp")}`;
}

const COUNTED = new Set(["smallint", "integer", "bigint", "numeric"]);

/** Not concurrently on a partitioned table: https://www.postgresql.org/docs/current/sql-createindex.html */
function createIndex({ table, name, columns, unique, where }: NewIndex): Sql {
  const what = raw(`${unique ? "unique " : ""}index${table.kind === "partitioned" ? "" : " concurrently"}`);
  const some = where ? sql` where ${where}` : raw("");
  return sql`create ${what} ${id(name)} on ${tableName(table)} (${list(columns.map((c) => id(c)))})${some}`;
}

/** @see https://www.postgresql.org/docs/current/functions-sequence.html */
function advanceSequence(table: Table, column: Column): Sql | null {
  if (column.sequence === null || !COUNTED.has(comparedType(column))) return null;
  const name = id(column.name);
  const ahead = sql`v.value > q.last_value or v.value = q.last_value and not q.is_called`;
  const behind = sql`v.value < q.last_value or v.value = q.last_value and not q.is_called`;
  return sql`select setval(s.seqrelid::regclass, v.value)
    from ${raw(column.sequence)} q
    join pg_catalog.pg_sequence s on s.seqrelid = q.tableoid
    cross join (select max(${name})::bigint as high, min(${name})::bigint as low from ${tableName(table)}) extremes
    cross join lateral (select case when s.seqincrement > 0 then extremes.high else extremes.low end as value) v
    where v.value between s.seqmin and s.seqmax
      and case when s.seqincrement > 0 then ${ahead} else ${behind} end`;
}

/** OFFSET keeps the planner from making every image twice, once to measure it. */
function pack(select: Sql, bytes: number): Sql {
  return sql`select ordinal, count(*) as rows, array_agg(image) as images from (select image, sum(octet_length(image)) over (rows unbounded preceding) / ${raw(String(bytes))} as ordinal from (${select} offset 0) as i) as p group by ordinal`;
}

/** Unnested in a select of its own, an image is read once and not once a column. */
function unpack(packs: Sql, columns: readonly Column[]): Sql {
  const values = columns.map(
    (column, i) => sql`${typed(sql`r.image[${raw(String(i + 1))}]`, column)} as ${id(column.name)}`,
  );
  return sql`select ${list(values)} from (select unnest(p.images)::text[] as image from (${packs}) as p) as r`;
}

const ownRows: Syntax["rows"] = (table) =>
  table.inheritors ? sql`only ${tableName(table)}` : tableName(table);

/** How PostgreSQL spells things. */
export const postgresSyntax: Syntax = {
  compile: compileStatement,
  print: printStatement,
  table: tableName,
  lasting: ({ namespace, name }) => [namespace, name],
  rows: ownRows,
  ...byKey(ownRows),
  scratch,
  createScratch,
  rowsPerDelete: null,
  analyseScratch: (name) => sql`analyze ${scratch(name)}`,
  journal: (name, journal) => id(journal.schema, name),
  text,
  plainText: (value) => sql`cast(${value} as text) collate "C"`,
  extremes,
  now,
  isBefore,
  // No domain: a domain's cast refuses what a blocker is to be made of.
  assigned: (value, column) => sql`cast(${value} as ${raw(column.baseType ?? column.type)})`,
  value: (value, column) => typed(sql`${value}::text`, column),
  references,
  same: (left, right) => sql`${left} is not distinct from ${right}`,
  isFalse: (condition) => sql`(${condition}) is false`,
  drivenJoin: raw("join"),
  forUpdate: (alias, skipLocked) =>
    sql`for update${alias === undefined ? raw("") : sql` of ${id(alias)}`}${raw(skipLocked ? " skip locked" : "")}`,
  clock: raw("floor(extract(epoch from clock_timestamp()) * 1000)::bigint"),
  image: (values) =>
    sql`array[${list(values.map(({ value, column }) => text(value, column)))}]::text[]::text`,
  pack,
  unpack,
  foreignKeyChecks: null,
  samples,
  lastCounted: null,
  overridingIdentity: raw("overriding system value"),
  advanceSequence,
  userTriggers: (table, state) => [
    // ALTER TABLE is refused while checks of the table's rows wait for the commit.
    ...(state === "on" ? [raw("set constraints all immediate")] : []),
    sql`alter table ${tableName(table)} ${raw(state === "on" ? "enable" : "disable")} trigger user`,
  ],
  createIndex,
  scriptStart: ["begin;"],
};
