import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import type { Found, Rule } from "../rule.ts";
import { printWay } from "../words.ts";

/** One delete is to take rows of a table and to let rows of it stay. */
export const cascadeVsSetNull: Rule = {
  id: "cascade-vs-set-null",
  severity: "warning",
  confidence: "certain",
  title: "A table that one delete reaches by CASCADE and by SET NULL",
  find({ followed }) {
    const cascades = new CascadeGraph(followed.relations);
    return followed.relations
      .filter((r) => r.onDelete.startsWith("set ") && r.child !== r.parent)
      .flatMap((relation) => {
        const above = [relation.parent, ...cascades.above(relation.parent)].filter(
          (t) => t !== relation.child,
        );
        const [root] = cascades.forks(above, [...cascades.above(relation.child)]);
        return root === undefined ? [] : [told(cascades, relation, root)];
      });
  },
};

function told(cascades: CascadeGraph, relation: Relation, root: TableId): Found {
  const { id, child, parent, onDelete } = relation;
  const taking = cascades.way(root, child) ?? [];
  const setting = [...(cascades.way(root, parent) ?? []), relation];
  // Two roles of one parent (author, editor) in one row are a design; two ways over other tables mostly are not.
  const beside = taking.length === 1 && setting.length === 1;
  return {
    object: id,
    table: child,
    columns: relation.columns,
    message: `A delete from ${root} takes rows of ${child} (${printWay(taking)}), and ${id} is ${onDelete.toUpperCase()} for rows of ${child} that it reaches (${printWay(setting)}). A row reached both ways is deleted; one reached by the second alone stays, without its reference.`,
    evidence: { root, cascade: taking.map((r) => r.id), set: setting.map((r) => r.id) },
    ...(beside ? { severity: "info" as const } : {}),
    fix: {
      description: `Decide whether rows of ${child} belong to ${root}, and give both ways the same action.`,
      sql: null,
    },
  };
}
