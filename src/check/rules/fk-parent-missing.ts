import type { FaultyKey } from "../../model/faulty-key.ts";
import type { Rule } from "../rule.ts";

/** SQLite takes any name, and MariaDB does while foreign_key_checks is 0. */
export const fkParentMissing: Rule = {
  id: "fk-parent-missing",
  severity: "error",
  confidence: "certain",
  title: "A foreign key to a table or column that does not exist",
  find: ({ model }) =>
    (model.faultyKeys ?? [])
      .filter((key) => key.fault !== "no-key")
      .map((key) => ({
        object: key.id,
        table: key.child,
        columns: key.columns,
        message: `${key.id} references ${what(key)}, which does not exist: no delete is stopped and none acts by it, and the engine may refuse to write to ${key.child}.`,
        evidence: { fault: key.fault, onDelete: key.onDelete, name: key.name },
        fix: { description: `Create ${what(key)}, or drop the foreign key.`, sql: null },
      })),
};

const what = ({ fault, parent, parentColumns }: FaultyKey): string =>
  fault === "no-table" ? `table ${parent}` : `a column of ${parent} (${parentColumns.join(", ")})`;
