import type { Column } from "../../model/table.ts";
import { id, join, list, raw, type Sql, sql } from "../sql.ts";
import type { MatchedRows, Syntax } from "../syntax.ts";
import type { MysqlVariant } from "./capabilities.ts";
import { charsetOf, kindOf } from "./column-type.ts";
import { compileStatement, printStatement } from "./compiler.ts";
import { imageOf, pack, unpack } from "./image.ts";
import { journalName } from "./journal-tables.ts";
import { samples } from "./samples.ts";
import { createScratch, fillFromSnapshot, scratch } from "./scratch.ts";
import { tableName } from "./table-name.ts";
import { parseValue, printValue } from "./value-text.ts";

const MATCHED = "ondelete:matched";

/** A collation that compares bytes, trailing blanks included. */
const EXACT: Readonly<Record<MysqlVariant, string>> = {
  mariadb: "utf8mb4_nopad_bin",
  mysql: "utf8mb4_0900_bin",
};

/**
 * A foreign key has the same character set and collation on both sides; a relation of the configuration may not have,
 * and is compared by the parent's.
 * @see https://mariadb.com/kb/en/foreign-keys/
 */
function references(child: Sql, childColumn: Column, parent: Sql, parentColumn: Column): Sql {
  const [childIsText, parentIsText] = [kindOf(childColumn) === "text", kindOf(parentColumn) === "text"];
  if (childIsText !== parentIsText) {
    return childIsText ? sql`${child} = cast(${parent} as char)` : sql`cast(${child} as char) = ${parent}`;
  }
  const { collation } = parentColumn;
  if (!childIsText || collation === null || collation === childColumn.collation)
    return sql`${child} = ${parent}`;
  return sql`convert(${child} using ${raw(charsetOf(collation))}) collate ${raw(collation)} = ${parent}`;
}

/** Rows are found from what they match and not by a scan of the table, which would lock all of it. */
function valuesThenTable({ table, columns, select, where }: MatchedRows): Sql {
  const equal = columns.map((c, i) => sql`${id(table.name, c)} = ${id(MATCHED, `value_${i}`)}`);
  const on = where ? [...equal, where] : equal;
  return sql`(${select}) as ${id(MATCHED)} straight_join ${tableName(table)} as ${id(table.name)} on ${join(on, " and ")}`;
}

/** `ON UPDATE CURRENT_TIMESTAMP` moves a column that is not written, and leaves one that is. */
function updateRows(rows: MatchedRows, values: ReadonlyMap<string, Sql>): Sql {
  const moving = rows.table.columns.filter((c) => c.movesOnUpdate && !values.has(c.name));
  const assignments = [
    ...moving.map((c) => sql`${id(rows.table.name, c.name)} = ${id(rows.table.name, c.name)}`),
    ...[...values].map(([name, value]) => sql`${id(rows.table.name, name)} = ${value}`),
  ];
  return sql`update ${valuesThenTable(rows)} set ${list(assignments)}`;
}

/**
 * A TIMESTAMP is written in the session's time zone, every other type as it is.
 * @see https://mariadb.com/kb/en/timestamp/
 */
function now(kind: Parameters<Syntax["now"]>[0], column: Column): Sql {
  if (kind === "seconds") return raw("unix_timestamp()");
  if (kind === "milliseconds") return raw("floor(unix_timestamp(now(6)) * 1000)");
  if (kindOf(column) === "text") return raw("date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ')");
  return /^timestamp/i.test(column.type) ? raw("now(6)") : raw("utc_timestamp(6)");
}

/** The session's time zone is UTC, so that every type is compared in it. */
function isBefore(value: Sql, column: Column, moment: Date): Sql {
  const limit = moment.toISOString().slice(0, 23).replace("T", " ");
  const time =
    kindOf(column) === "text"
      ? sql`cast(replace(replace(${value}, 'T', ' '), 'Z', '') as datetime(6))`
      : value;
  return sql`${time} < cast(${limit} as datetime(3))`;
}

/** How MariaDB and MySQL spell things. */
export const mysqlSyntax = (variant: MysqlVariant): Syntax => ({
  compile: compileStatement,
  print: printStatement,
  table: tableName,
  // The namespace of the connected database is its name, which a copy of it does not have.
  lasting: ({ id: tableId, namespace, name }) => [tableId === name ? null : namespace, name],
  rows: tableName,
  scratch,
  createScratch: createScratch(variant),
  fillScratch: (into, columns, select, snapshot) =>
    snapshot && variant === "mariadb"
      ? fillFromSnapshot(into, columns, select)
      : sql`insert into ${into} (${list(columns.map((c) => id(c)))}) ${select}`,
  updateRows,
  deleteRows: (rows) => sql`delete ${id(rows.table.name)} from ${valuesThenTable(rows)}`,
  rowsPerDelete: 5_000,
  analyseScratch: () => null,
  journal: journalName,
  text: (value, column) => printValue(value, column, EXACT[variant]),
  plainText: (value) => sql`convert(${value} using utf8mb4) collate ${raw(EXACT[variant])}`,
  extremes: (value, column) => [
    printValue(sql`min(${value})`, column, EXACT[variant]),
    printValue(sql`max(${value})`, column, EXACT[variant]),
  ],
  now,
  isBefore,
  assigned: (value) => value,
  value: parseValue,
  concat: (texts) => sql`concat(${list(texts)})`,
  keyText: (texts) =>
    sql`concat(${list(texts.flatMap((t, i) => [...(i > 0 ? [raw("','")] : []), sql`char_length(${t})`, raw("':'"), t]))})`,
  references,
  same: (left, right) => sql`${left} <=> ${right}`,
  isFalse: (condition) => sql`(${condition}) is false`,
  drivenJoin: raw("straight_join"),
  forUpdate: (_alias, skipLocked) => raw(skipLocked ? "for update skip locked" : "for update"),
  clock: raw("cast(floor(unix_timestamp(sysdate(6)) * 1000) as signed)"),
  image: (values) => imageOf(values, EXACT[variant]),
  pack,
  unpack,
  samples,
  lastCounted: raw("last_insert_id()"),
  overridingIdentity: raw(""),
  // InnoDB keeps AUTO_INCREMENT ahead of every key that is written, and never moves it back.
  advanceSequence: () => null,
  // A trigger can only be dropped.
  userTriggers: () => null,
  // The session gets its own value back when the transaction ends.
  foreignKeyChecks: {
    off: raw("set session foreign_key_checks = 0"),
    on: raw("set session foreign_key_checks = 1"),
  },
  createIndex: ({ table, name, columns, unique }) =>
    sql`create ${raw(unique ? "unique index" : "index")} ${id(name)} on ${tableName(table)} (${list(columns.map((c) => id(c)))})`,
  scriptStart: ["set transaction isolation level read committed;", "start transaction;"],
});
