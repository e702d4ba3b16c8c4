import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { connect } from "../database.ts";
import { logSlow } from "../log.ts";
import { readLog, type Service, served } from "./service.ts";
import { eachEngine, eachServer } from "./stage.ts";

/** A form with two messages. */
async function aForm({ ask }: Service, title = "more memory"): Promise<string> {
  const group = (await ask("POST /groups", { group_name: "lab" })).body as { gid: string };
  const project = await ask("POST /projects", { gid: group.gid, project_name: "p" });
  const { pid } = project.body as { pid: string };
  const { id } = (await ask("POST /forms", { project_id: pid, title })).body as { id: string };
  await ask(`POST /forms/${id}/messages`, { contents: ["unread-one", "unread-two"] });
  return id;
}

describe("the slow-query log", () => {
  const query = { sql: "select $1", parameters: ["value"], query: {}, queryId: {} } as never;

  test("has a query that took longer than the threshold, as a warning with its SQL and milliseconds", () => {
    const { log, lines } = readLog();
    logSlow(log, { level: "query", query, queryDurationMillis: 200.6 }, 200);
    expect(lines).toMatchObject([{ level: 40, msg: "slow query", sql: "select $1", ms: 201 }]);
  });

  test("has no query that took as long as the threshold, or less", () => {
    const { log, lines } = readLog();
    logSlow(log, { level: "query", query, queryDurationMillis: 200 }, 200);
    logSlow(log, { level: "error", query, queryDurationMillis: 3, error: "" }, 200);
    expect(lines).toEqual([]);
  });

  test("has a query that failed slowly as well", () => {
    const { log, lines } = readLog();
    logSlow(log, { level: "error", query, queryDurationMillis: 201, error: "" }, 200);
    expect(lines).toMatchObject([{ level: 40, sql: "select $1", ms: 201 }]);
  });
});

eachEngine((stage) => {
  test("a query that takes 0.3 s is logged where 0.1 s is too slow", async () => {
    const { handle, platform } = await stage();
    const { log, lines } = readLog();
    const { live } = await connect(handle, (event) => logSlow(log, event, 100));
    lines.length = 0;
    const pause = platform.engine === "mariadb" ? sql`select sleep(${0.3})` : sql`select pg_sleep(${0.3})`;
    await pause.execute(live);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ level: 40, msg: "slow query" });
    expect(lines[0]?.sql).toMatch(/^select (pg_)?sleep\((\?|\$1)\)$/);
    expect(Number(lines[0]?.ms)).toBeGreaterThanOrEqual(290);
  });

  test("the log has no value of any query: not of a list, a search, a change, a delete or a restore", async () => {
    const service = await served(stage, { slowMs: 0 });
    const id = await aForm(service, "unheard-of");
    await service.ask("GET /forms/search?words=unheard-of");
    await service.ask("PUT /forms/status", { ids: [id], status: "completed" });
    const { body } = await service.ask(`DELETE /forms/${id}`);
    const { operation } = body as { operation: string };
    expect((await service.ask(`POST /forms/${id}/restore`, { operation })).status).toBe(204);
    expect((await service.ask(`DELETE /forms/${id}?way=destroy`)).status).toBe(200);
    const log = JSON.stringify(service.lines);
    expect(["insert into", "update", "delete "].filter((part) => !log.includes(part))).toEqual([]);
    const values = ["unheard-of", "unread-one", "unread-two", "completed", id, operation];
    expect(values.filter((value) => log.includes(value))).toEqual([]);
  });

  test("a request that fails for a reason that nobody foresaw is a line in the log, without values, and 500 to the client", async () => {
    const { stage: own, ask, lines } = await served(stage);
    await own.db.exec("drop table audit_logs");
    expect(await ask("GET /audit?resource_id=unheard-of")).toEqual({
      status: 500,
      body: { code: "failed", message: "The request failed.", details: [] },
    });
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ level: 50, msg: "request failed", method: "GET", route: "/audit" });
    expect(JSON.stringify(lines[0]?.err)).toMatch(/audit_logs.*(does not exist|doesn't exist)/);
    expect(JSON.stringify(lines)).not.toContain("unheard-of");
  });

  test("requests are counted by route and status, whatever their ids", async () => {
    const { ask, samples } = await served(stage);
    await ask("GET /forms/one");
    await ask("GET /forms/two");
    await ask("GET /users/admin");
    await ask("GET /users/admin", undefined, "nobody");
    await ask("GET /nowhere");
    const counted = await samples();
    const of = (labels: string) => counted.get(`platform_http_request_duration_seconds_count{${labels}}`);
    expect(of('method="GET",route="/forms/:id",status="404"')).toBe(2);
    expect(of('method="GET",route="/users/:id",status="200"')).toBe(1);
    expect(of('method="GET",route="/users/:id",status="401"')).toBe(1);
    expect(of('method="GET",route="/*",status="404"')).toBe(1);
  });

  test("queries are counted by kind of statement, slow ones beside", async () => {
    const { ask, samples } = await served(stage, { slowMs: 0 });
    const count = async (name: string, statement: string) =>
      (await samples()).get(`${name}{statement="${statement}"}`) ?? 0;
    const before = await count("platform_query_duration_seconds_count", "select");
    const slowBefore = await count("platform_slow_queries_total", "select");
    await ask("GET /repositories"); // who asks, and the page, which is empty
    expect((await count("platform_query_duration_seconds_count", "select")) - before).toBe(2);
    expect((await count("platform_slow_queries_total", "select")) - slowBefore).toBe(2);
    const inserted = await count("platform_query_duration_seconds_count", "insert");
    await ask("POST /users", { username: "ada", email: "ada@example.org" }); // the user, and the history
    expect((await count("platform_query_duration_seconds_count", "insert")) - inserted).toBe(2);
  });

  test("where nothing is slow, no slow query is counted", async () => {
    const { ask, samples } = await served(stage);
    await ask("GET /users");
    expect([...(await samples()).keys()].filter((name) => name.startsWith("platform_slow"))).toEqual([]);
  });

  test("rows that deletes took are counted by table and way", async () => {
    const service = await served(stage);
    const id = await aForm(service);
    await service.ask(`DELETE /forms/${id}`);
    await service.ask(`DELETE /forms/${id}?way=destroy`);
    await service.ask("DELETE /forms/none");
    const deleted = [...(await service.samples())].filter(([name]) => name.startsWith("platform_rows"));
    expect(Object.fromEntries(deleted)).toEqual({
      'platform_rows_deleted_total{table="forms",way="hidden"}': 1,
      'platform_rows_deleted_total{table="form_messages",way="hidden"}': 2,
      'platform_rows_deleted_total{table="forms",way="deleted"}': 1,
      'platform_rows_deleted_total{table="form_messages",way="deleted"}': 2,
    });
  });

  test("every metric of the dashboard is one of the process, and every metric of the platform is on the dashboard", async () => {
    const service = await served(stage, { slowMs: 0 });
    const id = await aForm(service);
    await service.ask(`DELETE /forms/${id}`);
    const told = new Set([...(await service.samples()).keys()].map((name) => name.replace(/\{.*/, "")));
    const shown = new Set(dashboard().flatMap(metricsIn));
    expect([...shown].filter((name) => !told.has(name))).toEqual([]);
    const family = (name: string) => name.replace(/_(bucket|sum|count)$/, "");
    const own = new Set([...told].filter((name) => name.startsWith("platform_")).map(family));
    expect([...own].sort()).toEqual([
      "platform_http_request_duration_seconds",
      "platform_pool_idle_connections",
      "platform_pool_open_connections",
      "platform_pool_waiting",
      "platform_query_duration_seconds",
      "platform_rows_deleted_total",
      "platform_slow_queries_total",
    ]);
    const families = new Set([...shown].map(family));
    expect([...own].filter((name) => !families.has(name))).toEqual([]);
  });
});

eachServer((stage) => {
  test("the pool's connections are told as they are: open, idle, and who waits", async () => {
    const { stage: own, samples } = await served(stage);
    const gate = Promise.withResolvers<void>();
    const pool = async () => {
      const counted = await samples();
      return ["open_connections", "idle_connections", "waiting"].map((n) =>
        counted.get(`platform_pool_${n}`),
      );
    };
    // The pool of the tests has six connections.
    const all = Promise.all(Array.from({ length: 8 }, () => own.platform.transaction(() => gate.promise)));
    await expect.poll(pool).toEqual([6, 0, 2]);
    gate.resolve();
    await all;
    expect(await pool()).toEqual([6, 6, 0]);
  });
});

interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly { readonly id: number; readonly targets: readonly { readonly expr: string }[] }[];
}

const readDashboard = (): Dashboard =>
  JSON.parse(readFileSync(join(import.meta.dirname, "..", "dashboard.json"), "utf8"));

const dashboard = (): string[] => readDashboard().panels.flatMap((p) => p.targets.map(({ expr }) => expr));

/** The names of an expression that are neither labels nor functions. */
const metricsIn = (expression: string): string[] =>
  expression
    .replace(/\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)/g, " ")
    .match(/[a-z][a-z0-9_]*(?![a-z0-9_]*\s*\()/g)
    ?.filter((name) => !expression.includes(`${name} by`)) ?? [];

test("the dashboard's panels have ids of their own and each of them an expression", () => {
  const { schemaVersion, panels } = readDashboard();
  expect(schemaVersion).toBe(42);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(10);
  expect(panels.filter(({ targets }) => targets.length === 0)).toEqual([]);
  expect(metricsIn('sum by (le) (rate(one_total{a="b"}[5m])) / two')).toEqual(["one_total", "two"]);
});
