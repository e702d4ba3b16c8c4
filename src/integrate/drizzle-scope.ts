import {
  and,
  type Column,
  getTableColumns,
  getTableUniqueName,
  is,
  isNull,
  type SQL,
  sql,
  Table,
} from "drizzle-orm";
import type { Marked } from "./marked.ts";

export type Shown = "live" | "deleted";

/** The marker of a table, by the names that the database has for the two; null where it has none. */
export type MarkerOf = (table: Table) => Marked | null;

/** The condition by which rows of a table are live or deleted; undefined where nothing marks them. */
export function condition(markerOf: MarkerOf, table: unknown, shown: Shown): SQL | undefined {
  const found = is(table, Table) ? marked(markerOf, table) : null;
  return found ? shownBy(found.column, found.marker, shown) : undefined;
}

function marked(markerOf: MarkerOf, table: Table) {
  const marker = markerOf(table);
  const named = Object.entries(getTableColumns(table)).find(([, c]) => c.name === marker?.column);
  return marker && named ? { marker, property: named[0], column: named[1] } : null;
}

function shownBy(column: Column, { kind, no }: Marked, shown: Shown): SQL {
  const lit = sql.raw(String(no));
  const live = kind === "boolean" ? sql`coalesce(${column}, ${lit}) = ${lit}` : isNull(column);
  return shown === "live" ? live : sql`not (${live})`;
}

// biome-ignore lint/suspicious/noExplicitAny: builders of three dialects, of which only some methods are used
type Any = any;

/** A Drizzle database whose SELECTs show only live rows, or whose outermost ones show only deleted rows. */
export function scoped<Db extends object>(db: Db, markerOf: MarkerOf, shown: Shown): Db {
  const builders = ["select", "selectDistinct", "selectDistinctOn"];
  return new Proxy(db, {
    get(target: Any, name) {
      const value = target[name];
      if (name === "query") return scopedQueries(value, markerOf, shown);
      if (typeof value !== "function") return value;
      if (builders.includes(String(name)))
        return (...fields: readonly unknown[]) => scopedSelect(value.apply(target, fields), markerOf, shown);
      if (name === "with")
        return (...expressions: readonly unknown[]) =>
          scoped(value.apply(target, expressions), markerOf, shown);
      if (name === "$count")
        return (table: unknown, filter?: SQL) =>
          value.call(target, table, and(filter, condition(markerOf, table, shown)));
      if (name === "transaction")
        return (work: (tx: object) => unknown, ...rest: readonly unknown[]) =>
          value.call(target, (tx: object) => work(scoped(tx, markerOf, shown)), ...rest);
      return value.bind(target);
    },
  }) as Db;
}

function scopedSelect(builder: Any, markerOf: MarkerOf, shown: Shown): Any {
  const from = builder.from.bind(builder);
  builder.from = (table: unknown, ...rest: readonly unknown[]) => {
    const query = from(table, ...rest);
    restrict(query, { markerOf, shown, first: table });
    return query;
  };
  return builder;
}

interface Restriction {
  readonly markerOf: MarkerOf;
  readonly shown: Shown;
  readonly first: unknown;
}

/** Adds conditions to the WHERE of one query, and to its joins as they come. */
function restrict(query: Any, { markerOf, shown, first }: Restriction): void {
  const where = query.where.bind(query);
  const tables: unknown[] = [first];
  let given: unknown;
  let outer = false;
  const apply = () => {
    // Where rows of the first table may be missing, those of the joined ones are in WHERE too; null is live.
    const shownTables = outer && shown === "live" ? tables : [first];
    const added = shownTables.map((t) => condition(markerOf, t, shown));
    where(
      typeof given === "function"
        ? (aliases: unknown) => and((given as (a: unknown) => SQL | undefined)(aliases), ...added)
        : and(given as SQL | undefined, ...added),
    );
    return query;
  };
  query.where = (wanted: unknown) => {
    given = wanted;
    return apply();
  };
  for (const name of ["leftJoin", "innerJoin", "rightJoin", "fullJoin"]) {
    const join = query[name]?.bind(query);
    if (!join) continue;
    query[name] = (table: unknown, on: unknown) => {
      tables.push(table);
      outer ||= name === "rightJoin" || name === "fullJoin";
      const joined = shown === "deleted" ? [] : outer ? tables : [table];
      const added = joined.map((t) => condition(markerOf, t, "live"));
      join(
        table,
        typeof on === "function"
          ? (aliases: unknown) => and((on as (a: unknown) => SQL | undefined)(aliases), ...added)
          : and(on as SQL | undefined, ...added),
      );
      return apply();
    };
  }
  apply();
}

function scopedQueries(queries: Any, markerOf: MarkerOf, shown: Shown): Any {
  if (!queries) return queries;
  const wrapped = (builder: Any) => {
    const included = (config: Any) => includes(builder, builder.tableConfig, { config, markerOf, shown });
    return {
      findMany: (config?: Any) => builder.findMany(included(config)),
      findFirst: (config?: Any) => builder.findFirst(included(config)),
    };
  };
  return new Proxy(queries, { get: (target, name) => (target[name] ? wrapped(target[name]) : target[name]) });
}

interface Include {
  readonly config: Any;
  readonly markerOf: MarkerOf;
  readonly shown: Shown;
}

/** The configuration of a relational query with the condition of its table, and of every table that it includes. */
function includes(builder: Any, tableConfig: Any, { config, markerOf, shown }: Include): Any {
  const given = config === true ? {} : (config ?? {});
  const table = builder.fullSchema[tableConfig.tsName];
  const found = is(table, Table) ? marked(markerOf, table) : null;
  const where = (fields: Any, operators: Any) => {
    const wanted = typeof given.where === "function" ? given.where(fields, operators) : given.where;
    return and(wanted, found ? shownBy(fields[found.property], found.marker, shown) : undefined);
  };
  const nested = Object.entries(given.with ?? {}).map(([name, one]) => {
    const relation = tableConfig.relations[name];
    if (!one || !relation || shown === "deleted") return [name, one];
    const next = builder.schema[builder.tableNamesMap[getTableUniqueName(relation.referencedTable)]];
    return [name, next ? includes(builder, next, { config: one, markerOf, shown }) : one];
  });
  return {
    ...given,
    ...(found || given.where ? { where } : {}),
    ...(given.with ? { with: Object.fromEntries(nested) } : {}),
  };
}
