import { childrenOf } from "./edges.ts";
import { type Side, timed } from "./side.ts";

/** What an ORM does that collects before it deletes: for each parent row, a select of each table's children. */
export const collect: Side = async ({ workload, connection }) => {
  const seen = new Set<string>();
  const visit = async (table: string, id: unknown): Promise<void> => {
    if (seen.has(`${table} ${id}`)) return;
    seen.add(`${table} ${id}`);
    for (const { child, column } of childrenOf(workload, table)) {
      const rows = await connection.rows(`select * from ${child} where ${column} = ${id}`);
      for (const row of rows) await visit(child, row.id);
    }
  };
  const { ms } = await timed(() => visit(workload.root.table, workload.root.key));
  if (seen.size !== workload.takes.deleted) throw new Error(`${seen.size} rows collected`);
  return { "collect row by row": ms };
};
