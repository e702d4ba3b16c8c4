import type { Model } from "../../model/model.ts";
import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { CopiedTables, Engine, Transaction } from "../engine.ts";
import { foreignKeyClause } from "../foreign-key.ts";
import { inOrder, scratchModel, scratchName } from "../scratch-model.ts";
import { id, raw, sql } from "../sql.ts";

/** How long a copy waits for a lock on a table that it is made like. */
const LOCK_TIMEOUT_MS = 5_000;

/** Made and used in one transaction that is taken back. */
export const scratchCopy =
  (rehearse: Engine["rehearse"]): Engine["scratchCopy"] =>
  (what, work) =>
    rehearse(async (engine) => {
      const model = scratchModel(what, scratchName());
      await engine.write({ lockTimeoutMs: LOCK_TIMEOUT_MS }, (tx) => make(engine, tx, { what, model }));
      return work({ engine, model });
    });

interface Made {
  readonly what: CopiedTables;
  readonly model: Model;
}

async function make(engine: Engine, tx: Transaction, { what, model }: Made): Promise<void> {
  const { syntax, native } = engine;
  await tx.run(sql`create schema ${id(model.defaultNamespace)}`);
  for (const table of model.tables) {
    const source = tableOf(what.model, table.id);
    await tx.run(sql`create table ${syntax.table(table)} (like ${syntax.table(source)} including all)`);
  }
  for (const relation of inOrder(native, model, what.order).filter((r) => r.enforced)) {
    const table = syntax.table(tableOf(model, relation.child));
    const clause = foreignKeyClause(syntax, model, relation, relation.name ?? relation.id);
    await tx.run(sql`alter table ${table} add ${clause}${raw(deferral(relation))}`);
  }
  for (const table of model.tables)
    for (const statement of await triggers(tx, { ...table, source: tableOf(what.model, table.id).namespace }))
      await tx.run(raw(statement));
  // Functions of triggers find tables of the copy before those that they were written for.
  await tx.rows(
    sql`select set_config('search_path', quote_ident(${model.defaultNamespace}) || ', ' || current_setting('search_path'), true)`,
  );
}

const deferral = (r: Relation): string =>
  r.deferrable ? ` deferrable initially ${r.initiallyDeferred ? "deferred" : "immediate"}` : "";

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
