// The story of the container platform: node systems/container-platform/demo.ts
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holds, ondelete, say } from "../support/story.ts";
import { connect, create, type Platform, runScript } from "./database.ts";
import { PlatformError } from "./errors.ts";
import { closed, openedPool } from "./pool.ts";
import { fill, rowsIn, sampleRows } from "./sample-data.ts";
import { type Services, servicesOf } from "./services/platform-services.ts";
import { settingsOf } from "./settings.ts";

const here = import.meta.dirname;
const home = mkdtempSync(join(tmpdir(), "container-platform-"));
const url = (state: string) => `pglite:${join(home, state)}`;
const ADMIN = { uid: "admin", username: "admin" };
const rows = sampleRows(60);
const ADA = { uid: rows.users[0]?.uid ?? "", username: rows.users[0]?.username ?? "" };

/** Runs a command of ondelete on one of the two states. */
function run(words: readonly string[], state: "before" | "after", expected = 0): void {
  const config = join(here, state === "before" ? "before" : ".", "ondelete.config.ts");
  ondelete(words, { config, env: { PLATFORM_DATABASE: url(state) }, expected });
}

interface Application extends Services {
  readonly platform: Platform;
  /** How many queries were sent since it was asked last. */
  queries(): number;
}

/** Work of the application. A PGlite serves one process at a time, so that it is closed again. */
async function asApplication<T>(state: string, work: (application: Application) => Promise<T>): Promise<T> {
  const handle = openedPool(url(state), settingsOf({}).pool);
  try {
    let sent = 0;
    const platform = await connect(handle, () => {
      sent += 1;
    });
    const queries = () => {
      const told = sent;
      sent = 0;
      return told;
    };
    return await work({ platform, queries, ...servicesOf(platform) });
  } finally {
    await closed(handle);
  }
}

async function made(state: string, change = ""): Promise<void> {
  const handle = openedPool(url(state), settingsOf({}).pool);
  await create(handle);
  await runScript(handle, change);
  await fill(await connect(handle), rows);
  await closed(handle);
}

/** What the history says of a user, who may be gone. */
async function history({ platform }: Application): Promise<string> {
  const logs = await platform.unscoped
    .selectFrom("audit_logs")
    .select(["actor_name", "user_id"])
    .where("actor_name", "like", `%(${ADA.uid})`)
    .execute();
  return `${logs.length} entries of ${logs[0]?.actor_name}`;
}

async function lists({ users, projects, forms, queries }: Application): Promise<void> {
  queries();
  for (const [name, list] of [
    ["users with their groups", () => users.list()],
    ["projects with configuration files and resources", () => projects.list({}, { limit: 100 })],
    ["forms with messages and authors", () => forms.list({}, { limit: 100 })],
  ] as const) {
    const found = await list();
    console.log(`${name}: ${found.length} rows in ${queries()} queries`);
  }
}

async function conflict({ projects }: Services): Promise<void> {
  const [project] = await projects.list();
  const name = project?.project_name ?? "";
  const { operation, rows: hidden } = await projects.hide(project?.pid ?? "", ADMIN);
  console.log(`Hidden with ${name}:`, hidden);
  const gid = project?.gid ?? "";
  const again = await projects.create({ gid, project_name: name, description: null }, ADMIN);
  const refused = await projects
    .restore(project?.pid ?? "", operation, ADMIN)
    .catch((error: unknown) => error);
  console.log(refused instanceof Error ? refused.message : refused);
  holds(
    refused instanceof PlatformError && refused.code === "conflict",
    `a new ${name} has its place, so that the old one does not come back`,
  );
  await projects.destroy(again, ADMIN);
  await projects.restore(project?.pid ?? "", operation, ADMIN);
  holds(
    (await projects.list({ gid })).some(({ pid }) => pid === project?.pid),
    `${name} is back`,
  );
}

async function main(): Promise<void> {
  say("BEFORE: the document's table gives the audit logs ON DELETE CASCADE");
  await made("before", readFileSync(join(here, "before/postgres.sql"), "utf8"));
  run(["check"], "before", 1);
  await asApplication("before", async (application) => {
    const full = await history(application);
    await application.platform.unscoped.deleteFrom("users").where("uid", "=", ADA.uid).execute();
    holds(
      (await history(application)).startsWith("0 "),
      `a bare DELETE of a user: ${full}, and none after it`,
    );
  });

  say(`AFTER: SET NULL, and the actor's name beside it; ${rowsIn(rows)} rows of sample data`);
  await made("after");
  run(["check", "--data"], "after");

  say("Lists: pages, and a fixed number of queries whatever they hold");
  await asApplication("after", lists);

  say("What a delete of a user does: forms that are reached by the user and by the project count once");
  run(["plan", "users", ADA.uid], "after");

  say("The user goes, the history stays, and all of it comes back");
  await asApplication("after", async (application) => {
    const full = await history(application);
    const { operation, rows: deleted } = await application.users.destroy(ADA.uid, ADMIN);
    console.log("Deleted:", deleted);
    holds((await history(application)) === full, `the history still says who: ${full}`);
    await application.users.restore(ADA.uid, operation, ADMIN);
    holds((await application.users.get(ADA.uid)).uid === ADA.uid, "the user is back, with all of it");
  });

  say("A project is hidden, and comes back unless its name is taken");
  await asApplication("after", conflict);

  say("Retention: hidden rows after 30 days, audit logs after 90, a thousand at a time");
  run(["purge", "--yes"], "after");
  run(["orphans"], "after");

  say("PROOF by experiment");
  run(["verify"], "after");
}

await main().finally(() => rmSync(home, { recursive: true, force: true }));
