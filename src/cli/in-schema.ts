import type { Database, Target } from "../index.ts";

/** The target with its table looked for in the namespaces of `--schema`; as it is where none was given or none has it. */
export async function inSchema(
  db: Database,
  target: Target,
  schemas: readonly string[] | undefined,
): Promise<Target> {
  if (schemas === undefined) return target;
  const { tables } = await db.inspect();
  const found = tables.find((t) => t.name === target.table && schemas.includes(t.namespace));
  return found ? { ...target, table: found.id } : target;
}
