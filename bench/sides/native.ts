import { checkGone, countRows, type Side, timed } from "./side.ts";

/** The engine's own cascade. */
export const native: Side = async (task) => {
  const before = await countRows(task);
  const { table, key } = task.workload.root;
  const { ms } = await timed(() => task.connection.run(`delete from ${table} where id = ${key}`));
  await checkGone(task, before);
  return { native: ms };
};
