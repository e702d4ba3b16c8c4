import { id, message, reference, type Workload } from "./workload.ts";

const DEPTH = 20;
/** So many trees lie one between the other. */
const TREES = 3;

/** Workload C: a tree of jobs in one table, twenty levels deep. */
export function tree(name: string, rows: number): Workload {
  const level = Math.round((rows - 1) / DEPTH);
  const nodes = 1 + level * DEPTH;
  // Node k of tree t has the number TREES * k + t, k from 0; its parent is one level up.
  const k = `(i - 1 - (i - 1) % ${TREES}) / ${TREES}`;
  const parent = `case when i <= ${TREES} then null when ${k} <= ${level} then 1 + (i - 1) % ${TREES} else i - ${level * TREES} end`;
  return {
    name,
    title: `C: a tree of ${nodes.toLocaleString("en")} jobs, ${DEPTH} levels deep, among ${(nodes * TREES).toLocaleString("en")}`,
    tables: [
      {
        name: "jobs",
        columns: [id, reference("jobs", parent, { name: "parent_job_id" }), message],
        rows: nodes * TREES,
      },
    ],
    root: { table: "jobs", key: "2" },
    indexed: true,
    takes: { deleted: nodes, updated: 0 },
  };
}
