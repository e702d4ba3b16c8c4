import { id, raw, sql } from "../../dialect/sql.ts";
import { mentions } from "../../model/guards.ts";
import { filledMarkers, guessedMarkers } from "../../model/guessed-markers.ts";
import { markerOf } from "../../model/policy.ts";
import { columnOf, type Table } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** Two columns can say two things of one row. */
export const softMarkerAmbiguous: Rule = {
  id: "soft-marker-ambiguous",
  severity: "warning",
  confidence: "certain",
  title: "A table on which it is not clear what says that a row is deleted, or when",
  async find(facts) {
    const found: Found[] = [];
    for (const table of facts.tables) {
      found.push(...(await twoMarkers(facts, table)), ...filled(table), ...withoutZone(facts, table));
    }
    return found;
  },
};

async function twoMarkers(facts: Facts, table: Table): Promise<readonly Found[]> {
  const markers = guessedMarkers(table);
  const time = markers.find((m) => m.kind !== "boolean");
  const flag = markers.find((m) => m.kind === "boolean");
  if (
    !time ||
    !flag ||
    followsFrom(table, flag.column, time.column) ||
    followsFrom(table, time.column, flag.column)
  )
    return [];
  const rows = facts.data
    ? await contradicting(facts, table, { time: time.column, flag: flag.column })
    : null;
  const told = rows === null ? "" : ` ${rows} rows contradict themselves.`;
  return [
    {
      object: table.id,
      part: "two",
      table: table.id,
      columns: [time.column, flag.column],
      ...(rows ? { severity: "error" as const } : {}),
      confidence: rows === null ? "certain" : "data",
      message: `${table.id} has ${time.column} and ${flag.column}: one of them can say that a row is deleted while the other says that it is not, and each query has to know which one counts.${told}`,
      evidence: { markers: [time.column, flag.column], contradicting: rows },
      fix: {
        description: `Keep ${time.column}, and make ${flag.column} a generated column of it, or drop it.`,
        sql: null,
      },
    },
  ];
}

/** Whether one is computed from the other, so that they cannot disagree. */
const followsFrom = (table: Table, one: string, other: string): boolean =>
  mentions(columnOf(table, one).expression ?? "", other);

async function contradicting(
  { engine, ask }: Facts,
  table: Table,
  { time, flag }: { readonly time: string; readonly flag: string },
): Promise<number> {
  const deleted = sql`${id(flag)} = ${engine.syntax.value("1", columnOf(table, flag))}`;
  const isDeleted = sql`case when ${deleted} then 1 else 0 end`;
  const hasTime = sql`case when ${id(time)} is null then 0 else 1 end`;
  const [row] = await ask(
    sql`select count(*) as ${id("rows")} from ${engine.syntax.rows(table)} where ${isDeleted} ${raw("<>")} ${hasTime}`,
  );
  return Number(row?.rows ?? 0);
}

function filled(table: Table): readonly Found[] {
  const columns = filledMarkers(table).map((c) => c.name);
  if (columns.length === 0) return [];
  return [
    {
      object: `${table.id}.${columns[0]}`,
      part: "filled",
      table: table.id,
      columns,
      confidence: "inferred",
      message: `${listed(columns)} of ${table.id} cannot be null: a time that stands for "not deleted" has to be agreed on, and every query has to know it.`,
      evidence: { columns },
      fix: { description: "Let the column be null in live rows.", sql: null },
    },
  ];
}

/** Only a marker that is known to be one: of another column nobody says that times are compared. */
function withoutZone({ policy }: Facts, table: Table): readonly Found[] {
  const marker = markerOf(table, policy);
  const column = marker && columnOf(table, marker.column);
  if (!column || !/^timestamp(\(\d\))? without time zone$/.test(column.baseType ?? column.type)) return [];
  return [
    {
      object: `${table.id}.${column.name}`,
      part: "zone",
      table: table.id,
      columns: [column.name],
      severity: "info",
      message: `${table.id}.${column.name} has no time zone: sessions in different zones write different times for one moment, and a retention counts from either.`,
      evidence: { type: column.type },
      fix: { description: "Make it timestamptz.", sql: null },
    },
  ];
}
