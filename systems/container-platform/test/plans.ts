import type { PoolConnection } from "mysql2";
import pg from "pg";
import type { TestDatabase } from "../../../test/support/databases.ts";
import { type Handle, type MariadbPool, openedPool } from "../pool.ts";

/** A table that a statement read from one end to the other. */
export interface Scan {
  readonly table: string;
  readonly statement: string;
}

/** A connection whose statements have their plans looked at. */
export interface Watched {
  readonly handle: Handle;
  /** The plans since it was asked last: how many, and the sequential scans in them. */
  seen(): { readonly plans: number; readonly scans: readonly Scan[] };
}

export const watched = ({ url }: TestDatabase): Watched =>
  url.startsWith("postgres") ? watchedPostgres(url) : watchedMariadb(url);

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** PostgreSQL tells the plan of every statement as it runs, those that foreign keys run for themselves included. */
function watchedPostgres(url: string): Watched {
  const settings = {
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const handle = new pg.Pool({ connectionString: url, max: 1, options: options.join(" ") });
  let plans = 0;
  let scans: Scan[] = [];
  handle.on("connect", (client) =>
    client.on("notice", ({ message = "" }) => {
      const [, json] = /^duration: .* plan:\n(.*)$/s.exec(message) ?? [];
      if (json === undefined) return;
      const told = JSON.parse(json) as { readonly "Query Text": string; readonly Plan: PlanNode };
      plans += 1;
      const tables = nodesOf(told.Plan).filter((node) => node["Node Type"].endsWith("Seq Scan"));
      for (const { "Relation Name": table = "" } of tables)
        scans.push({ table, statement: told["Query Text"] });
    }),
  );
  return {
    handle,
    seen: () => {
      const told = { plans, scans };
      plans = 0;
      scans = [];
      return told;
    },
  };
}

interface ExplainRow {
  readonly table: string | null;
  readonly type: string | null;
}

/** MariaDB is asked for the plan of every statement before it runs. What foreign keys do goes by their indexes, which InnoDB requires. */
function watchedMariadb(url: string): Watched {
  const handle = openedPool(url, { idle: 1, open: 1, lifetimeSeconds: 3600 }) as MariadbPool;
  let plans = 0;
  let scans: Scan[] = [];
  const explained = (connection: PoolConnection) => {
    const query = connection.query.bind(connection) as (...all: unknown[]) => unknown;
    const ask = (...all: unknown[]) => {
      const [statement, values] = all;
      if (
        typeof statement === "string" &&
        /^\s*(select|update|delete|with|insert\b.*\bselect)\b/is.test(statement)
      )
        query(`explain ${statement}`, values, (_: unknown, rows: readonly ExplainRow[] | undefined) => {
          plans += 1;
          for (const { table, type } of rows ?? [])
            if (type === "ALL" && table !== null) scans.push({ table: tableOf(statement, table), statement });
        });
      return query(...all);
    };
    Object.assign(connection, { query: ask });
  };
  handle.on("connection", explained);
  return {
    handle,
    seen: () => {
      const told = { plans, scans };
      plans = 0;
      scans = [];
      return told;
    },
  };
}

/** The table that a name of a plan means, which may be its alias. */
function tableOf(statement: string, name: string): string {
  const alias = new RegExp(`[\`"](\\w+)[\`"]\\s+(?:as\\s+)?[\`"]?${name}[\`"]?(?!\\w)`, "i").exec(statement);
  return alias?.[1] ?? name;
}
