import type { Refusal, Table, TableId } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { PublicationRow } from "./catalog-publications.ts";
import type { TableRow } from "./catalog-tables.ts";
import type { TriggerRow } from "./catalog-triggers.ts";
import { fires, isSubstitute, RULE_EVENTS } from "./model-triggers.ts";

/** Returns what tells the statements that the server refuses on a table, or never runs on it. */
export function readRefusals(
  catalog: Catalog,
  idOf: ReadonlyMap<string, TableId>,
): (row: TableRow) => Pick<Table, "refusals"> {
  const replica = catalog.session.replica === "true";
  const publications = Map.groupBy(catalog.publications, (row) => row.tab);
  const rules = Map.groupBy(
    catalog.triggers.filter((row) => isSubstitute(row) && fires(row.fires, replica)),
    (row) => row.tab,
  );
  return ({ oid, name }) => {
    const table = idOf.get(oid) ?? name;
    const refusals = [
      ...(rules.get(oid) ?? []).flatMap((row) => substituted(row, table)),
      ...(publications.get(oid) ?? []).flatMap((row) => unidentified(row, table)),
    ];
    return refusals.length === 0 ? {} : { refusals };
  };
}

function substituted({ name, rule_event }: TriggerRow, table: TableId): readonly Refusal[] {
  const statement = RULE_EVENTS[rule_event ?? ""];
  if (statement !== "delete" && statement !== "update") return [];
  const message = `Rule ${name} puts something else in the place of every ${statement} on ${table}, so that its rows stay as they are. Drop or disable the rule first.`;
  return [{ statement, columns: null, message }];
}

function unidentified({ name, deletes, updates }: PublicationRow, table: TableId): readonly Refusal[] {
  const refusal = (statement: "delete" | "update"): Refusal => ({
    statement,
    columns: null,
    message: `Publication ${name} publishes every ${statement} on ${table}, whose rows have no replica identity, so that the server refuses them. Give the table a primary key or a REPLICA IDENTITY, or take it out of the publication.`,
  });
  return [
    ...(deletes === "true" ? [refusal("delete")] : []),
    ...(updates === "true" ? [refusal("update")] : []),
  ];
}
