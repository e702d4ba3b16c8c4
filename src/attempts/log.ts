import { childFrom, references } from "../dialect/edge.ts";
import { isLive } from "../dialect/marker.ts";
import { allOf, id, list, sql } from "../dialect/sql.ts";
import { rootCondition } from "../dialect/target.ts";
import { OnDeleteError, unreachable } from "../error.ts";
import type { LogEntry } from "../model/attempts.ts";
import { logRelation } from "../model/log-relation.ts";
import { tableOf } from "../model/model.ts";
import { markerOf } from "../model/policy.ts";
import { columnOf, identityOf } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";
import { linesOf } from "../std/lines.ts";
import { type AttemptName, type Finder, type NamedAttempt, namedAttempt } from "./finder.ts";

/**
 * The whole log of an attempt, oldest entry first; no entry where nothing was logged.
 * @throws OnDeleteError `unsupported` where the policy does not say where logs are, or their store cannot be read
 */
export async function* attemptLog(
  finder: Finder,
  name: AttemptName,
): AsyncGenerator<LogEntry, void, undefined> {
  const found = await finder.engine.read({ scratch: false }, (tx) => namedAttempt(finder, tx, name));
  const { logs } = found.attempts;
  if (logs === null)
    throw new OnDeleteError(
      "unsupported",
      `The configuration does not say where attempts of ${found.table.id} have their log.`,
      {
        hint: `Write tables.${found.table.id}.attempts.logs: { table, order } or { file }.`,
      },
    );
  yield* logs.kind === "rows" ? await rowsOf(finder, found, logs) : fileLines(finder, found, logs.column);
}

/** What the rows of the log say, without their keys and what they belong to. */
async function rowsOf(
  { engine, model, policy }: Finder,
  { table, attempt }: NamedAttempt,
  { table: name, order }: { readonly table: string; readonly order: string },
): Promise<readonly LogEntry[]> {
  const { syntax } = engine;
  const log = tableOf(model, name);
  const relation =
    logRelation(withPolicy(model, policy).followed, table, name) ?? unreachable("a relation was checked");
  const hidden = [...identityOf(log), ...relation.columns];
  const told = [order, ...log.columns.map((c) => c.name).filter((c) => c !== order && !hidden.includes(c))];
  const texts = told.map((c, i) => sql`${syntax.text(id("c", c), columnOf(log, c))} as ${id(`c${i}`)}`);
  const select = { kind: "columns", values: attempt.key } as const;
  const parent = list([...new Set(relation.parentColumns)].map((c) => id(c)));
  const of = sql`(select ${parent} from ${syntax.rows(table)} where ${rootCondition(syntax, table, select)}) as p`;
  const on = references(syntax, model, relation, { child: "c", parent: "p" });
  const marker = markerOf(log, policy);
  const live = allOf(marker ? [isLive("c", log, marker)] : []);
  const by = list([order, ...identityOf(log)].map((c) => id("c", c)));
  const query = sql`select ${list(texts)} from ${of} ${syntax.drivenJoin} ${childFrom(syntax, model, relation)} as c on ${on} where ${live} order by ${by}`;
  const rows = await engine.read({ scratch: false }, (tx) => tx.rows(query));
  return rows.map((row) => Object.fromEntries(told.map((c, i) => [c, row[`c${i}`] ?? null])));
}

async function* fileLines(
  { engine, policy }: Finder,
  { table, attempt }: NamedAttempt,
  column: string,
): AsyncGenerator<LogEntry, void, undefined> {
  const store = policy.tables[table.id]?.files?.find((f) => f.column === column)?.store;
  if (!store?.read)
    throw new OnDeleteError(
      "unsupported",
      `The store of ${table.id}.${column} does not give its files to read.`,
      {
        hint: "Give it a method `read`.",
      },
    );
  const { syntax } = engine;
  const select = { kind: "columns", values: attempt.key } as const;
  const query = sql`select ${syntax.text(id(table.name, column), columnOf(table, column))} as path from ${syntax.rows(table)} where ${rootCondition(syntax, table, select)}`;
  const [row] = await engine.read({ scratch: false }, (tx) => tx.rows(query));
  const bytes = row?.path == null ? null : await store.read(row.path);
  if (bytes === null) return;
  for await (const line of linesOf(bytes)) yield { line };
}
