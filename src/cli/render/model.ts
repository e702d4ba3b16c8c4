import type { ModelDocument, Relation, Table } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { count, plain, some } from "./words.ts";

/**
 * Tables, keys and relations as a person reads them.
 *
 * @param hidden how many tables the configuration or `--schema` leaves out
 */
export function renderModel(
  model: ModelDocument,
  { colors, width }: Pick<Terminal, "colors" | "width">,
  hidden = 0,
): string {
  const title = `${colors.bold(engineTitle(model.engine))}  ${some(model.tables.length, "table")}, ${some(model.relations.length, "relation")}`;
  const tables = filled(TABLE_HEADS, model.tables.map(tableLine));
  const relations = filled(RELATION_HEADS, model.relations.map(relationLine));
  const shown = ([head = [], ...lines]: readonly (readonly string[])[]) =>
    columns([head.map(colors.dim), ...lines], head.map((h) => (NUMBERS.has(h) ? "r" : "l")).join(""), width);
  return [
    title,
    model.tables.length > 0 ? shown(tables) : "",
    model.relations.length > 0 ? shown(relations) : "",
    hidden > 0 ? `${some(hidden, "table")} not shown, by schemas, include or exclude.` : "",
    model.tables.length + hidden === 0 ? "The database has no tables. Is it the right one?" : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

const TABLE_HEADS = ["table", "rows", "columns", "identified by"];
const RELATION_HEADS = ["relation", "on delete", "by", "remarks"];
const NUMBERS: ReadonlySet<string> = new Set(["rows", "columns"]);
const UNKNOWN = "?";

/** Head and lines without the columns in which no line says anything. */
function filled(head: readonly string[], lines: readonly (readonly string[])[]) {
  const kept = head.map((_, i) => lines.some((line) => line[i] !== "" && line[i] !== UNKNOWN));
  return [head, ...lines].map((line) => line.filter((_, i) => kept[i]));
}

function tableLine(table: Table): readonly string[] {
  const unique = table.uniqueKeys.map((key) => `unique (${key.columns.join(", ")})`);
  return [
    plain(table.id),
    table.rowEstimate === null || table.rowEstimate < 0 ? UNKNOWN : `~${count(table.rowEstimate)}`,
    count(table.columns.length),
    plain(table.primaryKey.length > 0 ? table.primaryKey.join(", ") : unique.join("; ") || "nothing"),
  ];
}

function relationLine(relation: Relation): readonly string[] {
  const remarks = [
    relation.origin === "declared" ? "" : relation.origin,
    relation.deferrable ? "deferrable" : "",
    relation.origin === "declared" && !relation.validated ? "not validated" : "",
    relation.origin === "declared" && !relation.enforced ? "not enforced" : "",
    relation.indexed ? "" : "no index",
  ].filter((remark) => remark !== "");
  return [plain(relation.id), relation.onDelete, relation.enforcedBy, remarks.join(", ")];
}
