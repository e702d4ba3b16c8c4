import type { LogEvent } from "kysely";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { isSlow } from "./log.ts";
import type { PoolState } from "./pool.ts";
import type { Removal } from "./services/removal.ts";

const STATEMENTS = ["select", "insert", "update", "delete"];
const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus is told of a process. */
export interface Metrics {
  readonly registry: Registry;
  /** A query that came to its end, well or not. */
  query(event: LogEvent, slowMs: number): void;
  /** A request that was answered. @param route with names for its parameters */
  request(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** Rows that a delete took. */
  removed(way: "hidden" | "deleted", removal: Removal): void;
}

export function metricsOf(pool: () => PoolState): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "platform_http_request_duration_seconds",
    help: "How long requests took until they were answered.",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers,
  });
  const queries = new Histogram({
    name: "platform_query_duration_seconds",
    help: "How long queries took, by kind of statement.",
    labelNames: ["statement"],
    buckets: SECONDS,
    registers,
  });
  const slow = new Counter({
    name: "platform_slow_queries_total",
    help: "Queries that took longer than the threshold of the slow-query log, by kind of statement.",
    labelNames: ["statement"],
    registers,
  });
  const rows = new Counter({
    name: "platform_rows_deleted_total",
    help: "Rows that deletes took, by table and way: hidden, or deleted.",
    labelNames: ["table", "way"],
    registers,
  });
  const gauge = (name: string, help: string, value: (state: PoolState) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(pool()));
      },
    });
  gauge("platform_pool_open_connections", "Connections to the database, busy ones included.", (p) => p.open);
  gauge(
    "platform_pool_idle_connections",
    "Connections to the database that have nothing to do.",
    (p) => p.idle,
  );
  gauge("platform_pool_waiting", "Queries and transactions that wait for a connection.", (p) => p.waiting);
  return {
    registry,
    query(event, slowMs) {
      const [first = ""] = event.query.sql.trimStart().toLowerCase().split(/\s/, 1);
      const statement = STATEMENTS.includes(first) ? first : "other";
      queries.observe({ statement }, event.queryDurationMillis / 1000);
      if (isSlow(event, slowMs)) slow.inc({ statement });
    },
    request({ seconds, ...labels }) {
      requests.observe(labels, seconds);
    },
    removed(way, removal) {
      for (const [table, count] of Object.entries(removal.rows)) rows.inc({ table, way }, count);
    },
  };
}
