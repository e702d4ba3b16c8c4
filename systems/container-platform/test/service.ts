import type pino from "pino";
import { api } from "../api.ts";
import { connect } from "../database.ts";
import { logSlow, logTo } from "../log.ts";
import { metricsOf } from "../metrics.ts";
import { poolState } from "../pool.ts";
import type { Stage, Staging } from "./stage.ts";

export type Line = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  /** The body as JSON, or as text where it is none. */
  readonly body: unknown;
}

/** The API on a stage, as its process puts it together. */
export interface Service {
  readonly stage: Stage;
  /** What was logged. */
  readonly lines: readonly Line[];
  /** Asks as the administrator, unless told otherwise. */
  ask(route: string, body?: object, actor?: string): Promise<Answer>;
  /** The queries that were sent since it was asked last. */
  queries(): readonly string[];
  /** The samples of `/metrics` by name and labels. */
  samples(): Promise<ReadonlyMap<string, number>>;
}

/** A log that a test can read. */
export function readLog(): { readonly log: pino.Logger; readonly lines: Line[] } {
  const lines: Line[] = [];
  return { log: logTo({ write: (line) => lines.push(JSON.parse(line)) }), lines };
}

/** Logs queries that take longer than an hour, unless told otherwise: none. */
export async function served(staging: Staging, { users = 0, slowMs = 3_600_000 } = {}): Promise<Service> {
  const stage = await staging(users);
  const { handle } = stage;
  const { log, lines } = readLog();
  const metrics = metricsOf(() => poolState(handle));
  const sent: string[] = [];
  const platform = await connect(handle, (event) => {
    sent.push(event.query.sql);
    metrics.query(event, slowMs);
    logSlow(log, event, slowMs);
  });
  const app = api({ platform, handle, log, metrics });
  const ask: Service["ask"] = async (route, body, actor = "admin") => {
    const [method = "", path = ""] = route.split(" ");
    const response = await app.request(path, {
      method,
      headers: { "x-actor": actor },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  };
  sent.length = 0;
  lines.length = 0;
  return {
    stage,
    lines,
    ask,
    queries: () => sent.splice(0),
    samples: async () => samplesOf(String((await ask("GET /metrics")).body)),
  };
}

/** The text format of Prometheus: a name, labels and a value in a line. */
export const samplesOf = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => {
        const [, name = "", value = ""] = /^(.*) (\S+)$/.exec(line) ?? [];
        return [name, Number(value)];
      }),
  );
