import { id, name, reference, type Workload } from "./workload.ts";

const TABLES = 1_000;
const CHILDREN_EACH = 3;
const ACTIONS = ["cascade", "set null", "no action"] as const;

/**
 * A schema of 1,000 tables and some 3,000 relations: each table references the three before it in a family of ten, one
 * by CASCADE, one by SET NULL, one by NO ACTION, so that a plan reaches ten tables as it does in a real schema.
 */
export function wide(label: string): Workload {
  const family = 10;
  const tables = Array.from({ length: TABLES }, (_, i) => {
    const parents = Array.from({ length: CHILDREN_EACH }, (_, k) => i - k - 1);
    const columns = parents.map((p, k) => {
      const inside = p >= 0 && Math.floor(p / family) === Math.floor(i / family);
      // The first of a family reference tables of another one, which keeps the number of relations.
      const target = inside ? p : Math.max(0, Math.floor(i / family) * family - family + k);
      const onDelete = inside ? (ACTIONS[k] ?? "cascade") : "no action";
      return reference(`table_${target}`, "null", { name: `ref_${k}`, onDelete });
    });
    return { name: `table_${i}`, columns: [id, ...columns, name], rows: 3 };
  });
  const [first, ...rest] = tables;
  return {
    name: label,
    title: `a schema of ${TABLES} tables and ${(TABLES - 1) * CHILDREN_EACH} relations`,
    tables: [{ ...first, name: "table_0", columns: [id, name], rows: 3 }, ...rest],
    root: { table: `table_${family * 50}`, key: "2" },
    indexed: true,
    takes: { deleted: 1, updated: 0 },
  };
}
