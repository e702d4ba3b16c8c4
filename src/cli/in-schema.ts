import { type Database, OnDeleteError, type Target } from "../index.ts";

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

/**
 * A namespace with a spelling mistake would have everything look clean.
 *
 * @throws OnDeleteError `usage` where no table is in one of the namespaces; a database without tables has none to miss
 */
export async function checkSchemas(db: Database, schemas: readonly string[]): Promise<void> {
  const { tables } = await db.inspect();
  const there = [...new Set(tables.map((t) => t.namespace))].sort();
  const missing = there.length === 0 ? undefined : schemas.find((name) => !there.includes(name));
  if (missing === undefined) return;
  throw new OnDeleteError("usage", `No table is in the schema ${missing}.`, {
    hint: `Tables are in: ${there.join(", ")}. Correct --schema, or schemas in the configuration.`,
    details: { schema: missing },
  });
}
