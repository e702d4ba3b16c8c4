import { id, message, name, reference, type Workload } from "./workload.ts";

const NULLED = 10;
const CASCADED = 5;
const USERS = 5;

/** Workload B: one user referenced by fifteen tables, ten by SET NULL and five by CASCADE. */
export function references(label: string, rows: number): Workload {
  const perTable = Math.round(rows / (NULLED + CASCADED));
  const tables = Array.from({ length: NULLED + CASCADED }, (_, i) => ({
    name: `owned_${i + 1}`,
    columns: [
      id,
      reference("users", `1 + i % ${USERS}`, { onDelete: i < NULLED ? "set null" : "cascade" }),
      message,
    ],
    rows: perTable * USERS,
  }));
  return {
    name: label,
    title: `B: a user with ${(perTable * tables.length).toLocaleString("en")} rows in ${tables.length} tables, ${NULLED} of them SET NULL`,
    tables: [{ name: "users", columns: [id, name], rows: USERS }, ...tables],
    root: { table: "users", key: "3" },
    indexed: true,
    takes: { deleted: 1 + CASCADED * perTable, updated: NULLED * perTable },
  };
}
