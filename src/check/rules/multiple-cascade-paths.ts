import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import type { Found, Rule } from "../rule.ts";
import { listed, printWay } from "../words.ts";

/** One row is deleted once, however many ways lead to it; whoever adds up the ways counts it twice. */
export const multipleCascadePaths: Rule = {
  id: "multiple-cascade-paths",
  severity: "warning",
  confidence: "certain",
  title: "A table that a delete reaches by several cascades",
  find({ followed, tables }) {
    const cascades = new CascadeGraph(followed.relations);
    return tables.flatMap((table) => {
      const roots = forksAbove(cascades, table.id);
      return roots.flatMap((root) => told(cascades, table.id, root)).slice(0, 1);
    });
  },
};

/** The lowest tables from which two cascades on different ways, or side by side, lead to the table. */
function forksAbove(cascades: CascadeGraph, table: TableId): readonly TableId[] {
  const last = cascades.taking(table);
  const above = (r: Relation) => [r.parent, ...cascades.above(r.parent)].filter((t) => t !== table);
  const forks = last.flatMap((one, i) =>
    last.slice(i + 1).flatMap((other) => cascades.forks(above(one), above(other))),
  );
  return [...new Set(forks)].sort();
}

function told(cascades: CascadeGraph, table: TableId, root: TableId): readonly Found[] {
  const ways = cascades.taking(table).flatMap((last) => {
    const way = cascades.way(root, last.parent);
    return way && !way.some((r) => r.child === table) ? [[...way, last]] : [];
  });
  if (ways.length < 2) return [];
  return [
    {
      object: table,
      table,
      message: `A delete from ${root} reaches ${table} by ${ways.length} cascades: ${listed(ways.map((way) => `${printWay(way)} (${way.at(-1)?.columns.join(", ")})`))}. Each row goes once, but which way took it cannot be told, SQL Server refuses such a schema, and a row that only one of the ways is meant to take goes by the other.`,
      evidence: { root, ways: ways.map((way) => way.map((r) => r.id)) },
      fix: {
        description:
          "Keep the cascade that says who owns the rows, and make the others RESTRICT or NO ACTION.",
        sql: null,
      },
    },
  ];
}
