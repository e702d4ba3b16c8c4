import type { TableDefinition, Workload } from "../workloads/workload.ts";
import { deleteOnce } from "./ondelete.ts";
import { type Side, type SideTask, timed } from "./side.ts";

const MARKER = "deleted_at";

/** Every table gets a marker, which is null in rows that were there before. */
async function addMarkers({ workload, connection }: SideTask): Promise<void> {
  for (const { name } of workload.tables)
    await connection.run(`alter table ${name} add column ${MARKER} timestamp null`);
}

async function checkMarked({ workload, connection }: SideTask): Promise<void> {
  const counts = workload.tables.map((t) => `select count(${MARKER}) as n from ${t.name}`);
  const [row] = await connection.rows(`select sum(n) as n from (${counts.join(" union all ")}) as counts`);
  if (Number(row?.n) !== workload.takes.deleted)
    throw new Error(`${row?.n} rows were marked, not ${workload.takes.deleted}`);
}

/** The best that a person writes: one UPDATE for each table, which finds its rows from the root by the indexes. */
export const softUpdates: Side = async (task) => {
  await addMarkers(task);
  const tables = reached(task.workload);
  const { ms } = await timed(async () => {
    await task.connection.run("begin");
    for (const table of tables.toReversed()) await task.connection.run(update(task, table));
    await task.connection.run("commit");
  });
  await checkMarked(task);
  return { "soft delete, one UPDATE a table": ms };
};

/** The whole call with an archive. */
export const softDelete: Side = async (task) => {
  await addMarkers(task);
  const tables = Object.fromEntries(task.workload.tables.map((t) => [t.name, { softDelete: MARKER }]));
  const { ms } = await deleteOnce(task, { archive: true, digestRows: 0, soft: { tables } });
  await checkMarked(task);
  return { "soft delete": ms };
};

/** Tables on the way down from the root, parents first; each references one table of them. */
function reached({ tables, root }: Workload): readonly TableDefinition[] {
  const names = new Set([root.table]);
  return tables.filter((t) => {
    if (t.name !== root.table && !t.columns.some((c) => names.has(c.references?.table ?? ""))) return false;
    names.add(t.name);
    return true;
  });
}

function update({ workload, engine }: SideTask, table: TableDefinition): string {
  const { root } = workload;
  const names = reached(workload).map((t) => t.name);
  const up = (t: TableDefinition) =>
    t.columns.find((c) => t.name !== root.table && names.includes(c.references?.table ?? ""));
  const chain: { readonly table: TableDefinition; readonly column: string | null }[] = [];
  for (let at: TableDefinition | undefined = table; at; ) {
    const column = up(at);
    chain.push({ table: at, column: column?.name ?? null });
    at = workload.tables.find((t) => t.name === column?.references?.table);
  }
  const marked = `${table.name}.${MARKER} is null`;
  if (engine.name !== "mariadb") {
    const condition = chain.reduceRight(
      (inner, step) =>
        step.column === null
          ? `id = ${root.key}`
          : `${step.column} in (select id from ${up(step.table)?.references?.table} where ${inner})`,
      "",
    );
    return `update ${table.name} set ${MARKER} = current_timestamp where ${condition} and ${marked}`;
  }
  const [first, ...rest] = chain.toReversed();
  const joins = rest.map(
    ({ table: t, column }) =>
      `straight_join ${t.name} on ${t.name}.${column} = ${up(t)?.references?.table}.id`,
  );
  return `update ${first?.table.name} ${joins.join(" ")} set ${table.name}.${MARKER} = current_timestamp where ${root.table}.id = ${root.key} and ${marked}`;
}
