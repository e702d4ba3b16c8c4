import { id, join, list, raw, type Sql, sql } from "./sql.ts";
import type { MatchedRows, Syntax } from "./syntax.ts";

/** Updates and deletes where `key in (select …)` finds rows by their index, and how such engines join texts. */
export function byKey(
  rows: Syntax["rows"],
): Pick<Syntax, "updateRows" | "deleteRows" | "fillScratch" | "keyText" | "concat"> {
  return {
    updateRows: (matched, values) => {
      const assignments = [...values].map(([name, value]) => sql`${id(name)} = ${value}`);
      return sql`update ${rows(matched.table)} set ${list(assignments)} where ${isAmong(matched)}`;
    },
    deleteRows: (matched) => sql`delete from ${rows(matched.table)} where ${isAmong(matched)}`,
    fillScratch: (into, columns, select) =>
      sql`insert into ${into} (${list(columns.map((c) => id(c)))}) ${select}`,
    concat: (texts) =>
      join(
        texts.map((text) => sql`cast(${text} as text)`),
        " || ",
      ),
    keyText: (texts) =>
      join(
        texts.map((text) => sql`length(${text}) || ${raw("':'")} || ${text}`),
        " || ',' || ",
      ),
  };
}

function isAmong({ columns: names, select, where }: MatchedRows): Sql {
  const columns = list(names.map((c) => id(c)));
  const among = sql`${names.length === 1 ? columns : sql`(${columns})`} in (${select})`;
  return where ? sql`${among} and ${where}` : among;
}
