// The story of the SaaS kit: node systems/saas-kit/demo.ts
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { holds, ondelete, say } from "../support/story.ts";
import { api } from "./api.ts";
import { connect, create, handleOf, type Kit, runScript } from "./database.ts";
import { KitError } from "./errors.ts";
import { fill, sampleRows } from "./sample-data.ts";
import { K8sClusterService } from "./services/clusters.ts";
import { type UserDeletion, UserDeletionService } from "./services/user-deletion-service.ts";

const here = import.meta.dirname;
const home = mkdtempSync(join(tmpdir(), "saas-kit-"));
const url = (state: string) => `pglite:${join(home, state)}`;

/** Runs a command of ondelete on one of the two states. */
function run(words: readonly string[], state: "before" | "after", expected = 0): void {
  const config = join(here, state === "before" ? "before" : ".", "ondelete.config.ts");
  ondelete(words, { config, env: { SAAS_DATABASE: url(state) }, expected });
}

/** Work of the application. A PGlite serves one process at a time, so that it is closed again. */
async function asApplication<T>(work: (kit: Kit) => Promise<T>): Promise<T> {
  const handle = handleOf(url("after")) as PGlite;
  try {
    return await work(await connect(handle));
  } finally {
    await handle.close();
  }
}

async function counts({ kysely }: Kit): Promise<string> {
  const tables = ["user", "customer", "k8sClusterConfig", "account", "session"] as const;
  const lines = [];
  for (const table of tables) {
    const { n } = await kysely
      .selectFrom(table)
      .select((is) => is.fn.countAll<string>().as("n"))
      .executeTakeFirstOrThrow();
    lines.push(`${table} ${n}`);
  }
  return lines.join(", ");
}

async function requests(kit: Kit): Promise<void> {
  const app = api(kit);
  const post = async (path: string, body: object) => {
    const response = await app.request(path, { method: "POST", body: JSON.stringify(body) });
    const answer = (await response.json()) as { readonly code?: string; readonly message?: string };
    console.log(`POST ${path} ${JSON.stringify(body)}\n  ${response.status} ${answer.message ?? "created"}`);
    return answer.code ?? "created";
  };
  const cluster = { authUserId: "user-9", name: "shop", location: "eu-west-1", plan: "PRO" };
  await post("/users", { id: "user-9", name: "Ivy", email: "ivy@example.org" });
  const ends = [
    await post("/clusters", cluster),
    await post("/clusters", cluster),
    await post("/clusters", { ...cluster, plan: "GOLD" }),
  ];
  holds(
    ends.join() === "created,taken,invalid",
    "a second PRO cluster is refused by the database, and a plan GOLD before it is asked",
  );
}

async function conflict(kit: Kit): Promise<void> {
  const clusters = new K8sClusterService(kit);
  const [old] = await clusters.findActive({ authUserId: "user-9" });
  const { operation } = await clusters.softDelete(old?.id ?? 0);
  await clusters.create({ authUserId: "user-9", name: "shop-2", location: "eu-west-1", plan: "PRO" });
  const refused = await clusters.restore(operation).catch((error: unknown) => error);
  const isConflict = refused instanceof KitError && refused.code === "conflict";
  console.log(refused instanceof Error ? refused.message : refused);
  holds(isConflict, `cluster ${old?.id} cannot come back: a new one has its place`);
}

async function main(): Promise<void> {
  say("BEFORE: no relation leads to a user, and `delete` is a flag");
  const before = handleOf(url("before")) as PGlite;
  await runScript(before, readFileSync(join(here, "before/database.sql"), "utf8"));
  await before.close();
  run(["orphans"], "before", 1);
  run(["check", "--data"], "before", 1);

  say(
    "AFTER: RESTRICT, deleted_at, and unique indexes among live rows; the Prisma schema and the database agree",
  );
  const after = handleOf(url("after")) as PGlite;
  await create(after);
  await fill(await connect(after), sampleRows(8));
  await after.close();
  run(["check", "--data"], "after");

  say("RESTRICT refuses to delete a user, and the plan says so before");
  run(["plan", "user", "user-1"], "after", 1);

  say("Requests: validated at the boundary, one cluster per user and plan");
  await asApplication(requests);
  say("A deleted cluster makes room for a new one, and then cannot be restored");
  await asApplication(conflict);

  say("UserDeletionService: the summary, then the user with all that is below, then back");
  const done = await asApplication(async (kit): Promise<readonly [string, UserDeletion]> => {
    const deletion = new UserDeletionService(kit);
    console.table((await deletion.getUserSummary("user-1")).rows);
    const full = await counts(kit);
    const deleted = await deletion.deleteUser("user-1", "asked for it");
    console.log(`${full}\n${await counts(kit)}`);
    return [full, deleted];
  });
  run(["status"], "after");
  run(["orphans"], "after");
  await asApplication(async (kit) => {
    await new UserDeletionService(kit).restoreUser(done[1]);
    holds((await counts(kit)) === done[0], `taken back: ${done[0]}`);
  });

  say("PROOF by experiment");
  run(["verify"], "after");
}

await main().finally(() => rmSync(home, { recursive: true, force: true }));
