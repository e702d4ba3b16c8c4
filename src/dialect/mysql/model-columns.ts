import type { Column } from "../../model/table.ts";
import type { ColumnRow } from "./catalog-tables.ts";
import { expressionOf, unescaped } from "./expression.ts";

/**
 * A column. The engine moves the counter of AUTO_INCREMENT itself past values that are written, so that there is no
 * sequence to keep ahead.
 */
export function readColumn(row: ColumnRow, mariadb: boolean): Column {
  const generated = generatedAs(row);
  return {
    name: row.name,
    type: row.type,
    nullable: row.nullable === "YES",
    default: generated === null ? defaultOf(row, mariadb) : null,
    generated,
    expression: generated === null ? null : expressionOf(row.expression ?? "", mariadb),
    identity: /auto_increment/i.test(row.extra) ? "by default" : null,
    sequence: null,
    collation: row.collation,
    enumValues: row.type.startsWith("enum(") ? labels(row.type) : null,
    ...(/on update/i.test(row.extra) ? { movesOnUpdate: true } : {}),
  };
}

/** Also the columns in which a system-versioned table keeps since and until when a row is current. */
function generatedAs(row: ColumnRow): Column["generated"] {
  if (/virtual generated/i.test(row.extra)) return "virtual";
  return /stored generated/i.test(row.extra) ? "stored" : null;
}

/** @see https://mariadb.com/kb/en/information-schema-columns-table/ (COLUMN_DEFAULT since 10.2.7) */
function defaultOf(row: ColumnRow, mariadb: boolean): string | null {
  if (row.preset === null) return null;
  if (!mariadb) return defaultOfMySql(row, row.preset);
  return row.preset === "NULL" ? null : expressionOf(row.preset, mariadb);
}

const NUMERIC = /^(tinyint|smallint|mediumint|int|bigint|decimal|float|double|year|bit)\b/;

/** MySQL prints the bare text of a constant. @see https://dev.mysql.com/doc/refman/8.4/en/information-schema-columns-table.html */
function defaultOfMySql(row: ColumnRow, preset: string): string {
  if (/DEFAULT_GENERATED/.test(row.extra)) return expressionOf(preset, false);
  const isBinary = /^(binary|varbinary)\b/.test(row.type) && /^0x[0-9A-F]*$/i.test(preset);
  if (NUMERIC.test(row.type) || isBinary) return preset;
  return `'${preset.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** The labels in a type like `enum('a','it''s')`, whatever the mode of SQL is (measured on MariaDB 10.11). */
const labels = (type: string): readonly string[] =>
  [...type.matchAll(/'((?:[^'\\]|''|\\[\s\S])*)'/g)].map(([, label = ""]) =>
    unescaped(label.replaceAll("''", "'")),
  );
