import { createConnection } from "node:net";
import { expect, test } from "vitest";
import { variants } from "../../../test/support/databases.ts";
import { openSession } from "../../../test/support/sessions.ts";
import { type Running, start } from "./processes.ts";
import { samplesOf } from "./service.ts";
import { eachServer, type Stage } from "./stage.ts";

const apiOn = ({ db }: Stage, env: Readonly<Record<string, string>> = {}): Running =>
  start("api", { PLATFORM_DATABASE: db.url, PLATFORM_PORT: "0", ...env });

const addressOf = async (api: Running): Promise<string> =>
  `http://127.0.0.1:${(await api.logged("the API listens")).port}`;

const asAdmin = { headers: { "x-actor": "admin" } };

eachServer((stage) => {
  test("the API answers, and ends with 0 on SIGTERM and on SIGINT", async () => {
    const own = await stage();
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const api = apiOn(own);
      const address = await addressOf(api);
      const response = await fetch(`${address}/users/admin`, asAdmin);
      expect([response.status, await response.json()]).toMatchObject([200, { username: "admin" }]);
      expect((await fetch(`${address}/health`)).status).toBe(200);
      const samples = samplesOf(await (await fetch(`${address}/metrics`)).text());
      const asked =
        'platform_http_request_duration_seconds_count{method="GET",route="/users/:id",status="200"}';
      expect(samples.get(asked)).toBe(1);
      api.process.kill(signal);
      expect(await api.ended()).toEqual({ code: 0, errors: "" });
      expect(api.lines.at(-1)).toMatchObject({ level: 30, signal });
    }
  });

  test("what the API was asked before SIGTERM is answered, and nothing is taken after", async () => {
    const own = await stage();
    const { platform, db } = own;
    const form = { user_id: "admin", project_id: "p", title: "t" };
    await platform.unscoped
      .insertInto("projects")
      .values({ pid: "p", gid: "administrators", project_name: "p" })
      .execute();
    await platform.unscoped
      .insertInto("forms")
      .values({ ...form, id: "f" })
      .execute();
    const api = apiOn(own);
    const address = await addressOf(api);
    const variant = variants.find(({ engine }) => engine === platform.engine);
    if (variant === undefined) throw new Error("no such engine");
    const session = await openSession(db, variant);
    await session.run("begin");
    await session.run("update forms set title = 'locked' where id = 'f'");
    const answer = fetch(`${address}/forms/status`, {
      ...asAdmin,
      method: "PUT",
      body: JSON.stringify({ ids: ["f"], status: "completed" }),
    });
    // MariaDB looks anew where nobody has asked for 0.1 s.
    const waiting =
      platform.engine === "mariadb"
        ? "select * from information_schema.innodb_lock_waits"
        : "select * from pg_locks where not granted";
    await expect
      .poll(async () => (await db.rows(waiting)).length, { timeout: 30_000, interval: 300 })
      .toBeGreaterThan(0);
    api.process.kill("SIGTERM");
    await api.logged("the API stops: it answers what it was asked, and takes no more");
    await expect.poll(() => connects(address)).toBe(false);
    await session.run("commit");
    const { status, headers } = await answer;
    expect([status, headers.get("connection")]).toEqual([204, "close"]);
    expect(await api.ended()).toEqual({ code: 0, errors: "" });
    expect(await db.rows("select status, title from forms")).toEqual([
      { status: "completed", title: "locked" },
    ]);
  });

  test("the API process logs slow queries by the threshold of the installation", async () => {
    const api = apiOn(await stage(), { PLATFORM_SLOW_MS: "0" });
    await fetch(`${await addressOf(api)}/repositories`, asAdmin);
    api.process.kill("SIGTERM");
    await api.ended();
    const sql = api.lines.filter(({ msg }) => msg === "slow query").map((line) => String(line.sql));
    expect(
      sql.filter((text) => text.includes("container_repositories") && text.includes("limit")).length,
    ).toBe(1);
  });

  test("where the port is taken, the API says so and ends with 1", async () => {
    const own = await stage();
    const first = apiOn(own);
    const { port } = await first.logged("the API listens");
    const second = apiOn(own, { PLATFORM_PORT: String(port) });
    expect((await second.ended()).code).toBe(1);
    expect(second.lines).toMatchObject([{ level: 60, msg: "the API failed", err: { code: "EADDRINUSE" } }]);
  });
});

test("where the database does not answer, the API says so and ends with 1", async () => {
  const api = start("api", {
    PLATFORM_DATABASE: "postgres://postgres@127.0.0.1:1/nowhere",
    PLATFORM_PORT: "0",
  });
  expect((await api.ended()).code).toBe(1);
  expect(api.lines).toMatchObject([{ level: 60, msg: "the API failed" }]);
});

/** Whether the address takes a new connection. */
const connects = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(address);
    const socket = createConnection(Number(port), hostname);
    const say = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once("connect", () => say(true));
    socket.once("error", () => say(false));
  });
