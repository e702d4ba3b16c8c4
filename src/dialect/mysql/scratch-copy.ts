import { OnDeleteError } from "../../error.ts";
import { type Model, tableOf } from "../../model/model.ts";
import type { CopiedTables, Engine } from "../engine.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import { inOrder, scratchModel, scratchName } from "../scratch-model.ts";
import { id, raw, type Sql, sql } from "../sql.ts";
import type { MyDriver, MySession } from "./connection.ts";
import { within } from "./transaction.ts";

interface Opened {
  readonly driver: MyDriver;
  readonly engine: Engine;
  /** An engine on one session. */
  readonly on: (driver: MyDriver) => Engine;
}

/** In a database of its own, because DDL commits; it is dropped at the end. */
export const scratchCopy =
  ({ driver, engine, on }: Opened): Engine["scratchCopy"] =>
  (what, work) =>
    driver.session(async (session) => {
      const run = (statement: Sql) => session.query(engine.syntax.compile(statement));
      const { inTransaction } = await run(sql`do 0`);
      if (inTransaction)
        throw new OnDeleteError("unsupported", "A scratch copy would commit your transaction.", {
          hint: "Verify on a connection that is in no transaction.",
        });
      const { rows } = await run(sql`select database() as name`);
      const model = scratchModel(what, scratchName());
      const name = id(model.defaultNamespace);
      await run(sql`create database ${name}`);
      try {
        for (const statement of await made(engine, { what, model }, session)) await run(statement);
        return await work({ engine: on(within(session)), model });
      } finally {
        await run(sql`drop database ${name}`);
        if (rows[0]?.name) await run(sql`use ${id(rows[0].name)}`);
      }
    });

interface Copied {
  readonly what: CopiedTables;
  readonly model: Model;
}

async function made(
  { syntax, native }: Engine,
  { what, model }: Copied,
  session: MySession,
): Promise<readonly Sql[]> {
  const tables = model.tables.map(
    (t) => sql`create table ${syntax.table(t)} like ${syntax.table(tableOf(what.model, t.id))}`,
  );
  const ordered = inOrder(native, model, what.order).filter((r) => r.enforced);
  const keys = ordered.map((r, i) => {
    // Names decide, and they are unique in a database.
    const name =
      what.order === "as they are" ? (r.name ?? `fk_${i}`) : `ondelete_${String(i).padStart(5, "0")}`;
    return sql`alter table ${syntax.table(tableOf(model, r.child))} add ${foreignKeyClause(syntax, model, r, name)}`;
  });
  const triggers: Sql[] = [];
  for (const table of model.tables.map((t) => tableOf(what.model, t.id)))
    for (const trigger of table.triggers) {
      const shown = sql`show create trigger ${id(table.namespace, trigger.name)}`;
      const { rows } = await session.query(syntax.compile(shown));
      triggers.push(raw(rows[0]?.["SQL Original Statement"] ?? ""));
    }
  return [...tables, ...keys, sql`use ${id(model.defaultNamespace)}`, ...triggers];
}
