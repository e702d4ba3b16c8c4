import type { ModelDocument, Relation, Table } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { count, plain, some } from "./words.ts";

/** Tables, keys and relations as a person reads them. */
export function renderModel(
  model: ModelDocument,
  { colors, width }: Pick<Terminal, "colors" | "width">,
): string {
  const title = `${colors.bold(engineTitle(model.engine))}  ${some(model.tables.length, "table")}, ${some(model.relations.length, "relation")}`;
  const tables = [
    ["table", "rows", "columns", "identified by"].map(colors.dim),
    ...model.tables.map(tableLine),
  ];
  const relations = [
    ["relation", "on delete", "by", "remarks"].map(colors.dim),
    ...model.relations.map(relationLine),
  ];
  return [
    title,
    model.tables.length > 0 ? columns(tables, "lrrl", width) : "",
    model.relations.length > 0 ? columns(relations, "llll", width) : "",
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function tableLine(table: Table): readonly string[] {
  const unique = table.uniqueKeys.map((key) => `unique (${key.columns.join(", ")})`);
  return [
    plain(table.id),
    table.rowEstimate === null || table.rowEstimate < 0 ? "?" : `~${count(table.rowEstimate)}`,
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
