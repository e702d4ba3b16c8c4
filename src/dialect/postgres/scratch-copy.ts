import { OnDeleteError } from "../../error.ts";
import type { Model } from "../../model/model.ts";
import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { CopiedTables, Engine, Transaction } from "../engine.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import { inOrder, scratchModel, scratchName } from "../scratch-model.ts";
import { id, raw, type Sql, sql } from "../sql.ts";
import type { PgDriver } from "./driver.ts";

/** How long a copy waits for a lock on a table that it is made like. */
const OPTIONS = { lockTimeoutMs: 5_000 };

interface Opened {
  readonly driver: PgDriver;
  readonly engine: Engine;
  /** An engine on one session, in a copy. */
  readonly inCopy: (driver: PgDriver) => Engine;
}

/** In a schema of its own, which is committed, because rows of the same transaction are checked otherwise. */
export const scratchCopy =
  ({ driver, engine, inCopy }: Opened): Engine["scratchCopy"] =>
  async (what, work) => {
    const model = scratchModel(what, scratchName());
    const name = id(model.defaultNamespace);
    await engine.write(OPTIONS, (tx) => make(engine, tx, { what, model }));
    try {
      return await work({ engine: inCopy(inSchema(driver, engine, model.defaultNamespace)), model });
    } finally {
      await engine.write(OPTIONS, (tx) => tx.run(sql`drop schema ${name} cascade`));
    }
  };

/** Functions of triggers find tables of the copy before those that they were written for. */
function inSchema(driver: PgDriver, { syntax }: Engine, schema: string): PgDriver {
  const path = sql`select set_config('search_path', quote_ident(${schema}) || ', ' || current_setting('search_path'), true)`;
  return {
    transact: (keep, work) =>
      driver.transact(keep, async (session) => {
        await session.query(syntax.compile(path));
        return work(session);
      }),
    close: async () => {},
  };
}

interface Made {
  readonly what: CopiedTables;
  readonly model: Model;
}

async function make(engine: Engine, tx: Transaction, { what, model }: Made): Promise<void> {
  if (tx.joined)
    throw new OnDeleteError("unsupported", "A scratch copy is made in transactions of its own.", {
      hint: "Verify on a connection that is in no transaction.",
    });
  const { syntax, native } = engine;
  await tx.run(sql`create schema ${id(model.defaultNamespace)}`);
  for (const table of model.tables) {
    const source = tableOf(what.model, table.id);
    await tx.run(sql`create table ${syntax.table(table)} (like ${syntax.table(source)} including all)`);
  }
  for (const relation of inOrder(native, model, what.order).filter((r) => r.enforced)) {
    const table = syntax.table(tableOf(model, relation.child));
    const clause = foreignKeyClause(syntax, model, relation, relation.name ?? relation.id);
    await tx.run(sql`alter table ${table} add ${clause}${deferral(relation)}`);
  }
  for (const table of model.tables)
    for (const statement of await triggers(tx, { ...table, source: tableOf(what.model, table.id).namespace }))
      await tx.run(raw(statement));
}

/** A constraint that could be deferred and is not does the same as one that cannot; rows that require each other need it. */
const deferral = ({ initiallyDeferred }: Relation): Sql =>
  raw(` deferrable initially ${initiallyDeferred ? "deferred" : "immediate"}`);

interface Copied {
  readonly name: string;
  readonly namespace: string;
  /** The namespace of the table that it was made like. */
  readonly source: string;
}

/** @see https://www.postgresql.org/docs/current/functions-info.html (pg_get_triggerdef) */
async function triggers(tx: Transaction, { name, namespace, source }: Copied): Promise<readonly string[]> {
  const rows = await tx.rows(sql`
    select pg_get_triggerdef(t.oid) as text, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as source,
      quote_ident(${namespace}) || '.' || quote_ident(c.relname) as copy
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgenabled <> 'D' and n.nspname = ${source} and c.relname = ${name} order by t.tgname`);
  return rows.map((row) => (row.text ?? "").replace(` ON ${row.source} `, () => ` ON ${row.copy} `));
}
