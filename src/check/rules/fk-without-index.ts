import type { Severity } from "../../model/finding.ts";
import { type Relation, relationId } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import { acts } from "../action.ts";
import type { Facts } from "../facts.ts";
import { indexFix } from "../fixes.ts";
import type { Found, Option, Rule } from "../rule.ts";
import { lookedUpByCascade } from "./cascade-path-unindexed.ts";

/** Without an index every delete of a parent reads the whole child. Measured: 495 ms against 0.49 ms (E15). */
export const fkWithoutIndex: Rule = {
  id: "fk-without-index",
  severity: "warning",
  confidence: "certain",
  title: "A relation whose child has no index that leads with the referencing columns",
  options: {
    small: { unlessGiven: 1_000, meaning: "rows of the child up to which it is only an info" },
    large: {
      unlessGiven: 100_000,
      meaning: "rows of the child from which it is an error, where the relation acts on delete",
    },
  },
  find(facts, option) {
    const relations = facts.followed.relations.filter((r) => !r.indexed && !lookedUpByCascade(facts, r));
    // What partitions declare one by one is one thing to know, and one index to make.
    return [...Map.groupBy(relations, relationId).values()].flatMap((group) => told(facts, group, option));
  },
};

function told(facts: Facts, group: readonly Relation[], option: Option): readonly Found[] {
  const [relation] = group;
  if (!relation) return [];
  const { child, parent, columns, onDelete } = relation;
  const carriers = group.map((r) => facts.table(r.childPartition ?? r.child));
  const known = carriers.flatMap((t) => t.rowEstimate ?? []);
  const rows = known.length === 0 ? null : known.reduce((sum, n) => sum + n, 0);
  const read =
    readBy(carriers, columns) ?? (rows ? `about ${rows.toLocaleString("en-US")} rows` : "all rows");
  const alone = group.length === 1 ? relation : { ...relation, childPartition: null };
  return [
    {
      object: relationId(relation),
      table: child,
      columns,
      message: `No index of ${child} leads with ${columns.join(", ")}, so that each delete from ${parent} reads ${read} of it, also where none of them references the row.`,
      evidence: {
        rows,
        onDelete,
        ...(relation.childPartition ? { partitions: carriers.map((t) => t.id) } : {}),
      },
      severity: severityOf(relation, rows, option),
      fix: indexFix(facts, alone),
    },
  ];
}

/** Which rows are read where each of the tables has an index on some of the columns; null where one has none. */
function readBy(tables: readonly Table[], columns: readonly string[]): string | null {
  const [led, ...others] = new Set(
    tables.map((t) => columns.find((c) => t.indexes.some((i) => i.valid && i.columns[0] === c))),
  );
  if (columns.length === 1 || led === undefined || others.length > 0) return null;
  return `all rows with the same ${led}`;
}

/** A table that is empty or was never counted may be of any size elsewhere. */
function severityOf(relation: Relation, rows: number | null, option: Option): Severity {
  if (!rows) return "warning";
  if (rows <= option("small")) return "info";
  return acts(relation) && rows >= option("large") ? "error" : "warning";
}
