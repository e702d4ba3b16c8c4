import { acts } from "../action.ts";
import type { Rule } from "../rule.ts";

/** A tree of which only the leaves can be deleted. */
export const selfReferenceBlocks: Rule = {
  id: "self-reference-blocks",
  severity: "warning",
  confidence: "certain",
  title: "A table that references itself without an action",
  find: ({ followed, table }) =>
    followed.relations
      .filter((r) => r.child === r.parent && !acts(r))
      .map((relation) => {
        const { id, child, columns, parentColumns, onDelete } = relation;
        const key = table(child).primaryKey;
        const isKey =
          columns.length === key.length && columns.every((c, i) => key.includes(c) && c === parentColumns[i]);
        return {
          object: id,
          table: child,
          columns,
          message: isKey
            ? `The primary key of ${child} references itself (${onDelete.toUpperCase()}): every row is its own parent, which is no reference, and some engines refuse to delete such a row.`
            : `${id} is ${onDelete.toUpperCase()}: a row of ${child} that has others below it cannot be deleted, so that a tree has to be taken down leaf by leaf.`,
          evidence: { onDelete, primaryKey: isKey },
          fix: {
            description: isKey
              ? "Drop the foreign key."
              : "Make it CASCADE where a row owns those below it, SET NULL where they go on without it, or say in the configuration that ondelete cascades.",
            sql: null,
          },
        };
      }),
};
