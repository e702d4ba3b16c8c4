import { isUnique } from "../../model/table.ts";
import type { Found, Rule } from "../rule.ts";

/** SQLite refuses every statement that meets such a key; InnoDB takes it, and deleting one twin takes the child (E19). */
export const fkParentNotUnique: Rule = {
  id: "fk-parent-not-unique",
  severity: "error",
  confidence: "certain",
  title: "A foreign key that references columns which are no key of the parent",
  find: ({ model, declared, table }) => {
    const faulty = (model.faultyKeys ?? []).filter((key) => key.fault === "no-key");
    const ids = new Set(faulty.map((key) => key.id));
    const loose = declared.relations.filter(
      (r) => !ids.has(r.id) && !r.period && !isUnique(table(r.parent), r.parentColumns),
    );
    return [
      ...faulty.map(
        (key): Found => ({
          object: key.id,
          table: key.child,
          columns: key.columns,
          message: `The columns that ${key.id} references are no primary key and have no unique index: with foreign keys on, every statement on ${key.child} and every delete from ${key.parent} fails with "foreign key mismatch".`,
          evidence: { fault: key.fault },
          fix: uniqueFix(key.parent, key.parentColumns),
        }),
      ),
      ...loose.map(
        (r): Found => ({
          object: r.id,
          table: r.child,
          columns: r.columns,
          message: `The columns that ${r.id} references are not unique in ${r.parent}: deleting one of two rows that share them ${r.onDelete === "cascade" ? "takes the children along, though the other is still there" : "acts on the children, though the other is still there"}.`,
          evidence: { referenced: r.parentColumns, onDelete: r.onDelete },
          fix: uniqueFix(r.parent, r.parentColumns),
        }),
      ),
    ];
  },
};

const uniqueFix = (parent: string, columns: readonly string[]) => ({
  description: `Make ${parent} (${columns.join(", ")}) a primary key or unique, or reference another column.`,
  sql: null,
});
