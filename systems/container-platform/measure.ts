// Measures what the document claims, on 200,000 rows and their copy without foreign keys and indexes, and prints Markdown:
// node systems/container-platform/measure.ts postgres://… mysql://…   (it makes the databases platform_measured and platform_before, and drops them)
import { type Kysely, sql } from "kysely";
import { connect, create, type Platform, runScript } from "./database.ts";
import { closed, openedPool } from "./pool.ts";
import { fill, rowsIn, type SampleRows, sampleRows } from "./sample-data.ts";
import type { Schema } from "./schema.ts";
import { servicesOf } from "./services/platform-services.ts";
import { settingsOf } from "./settings.ts";
import { indexShares } from "./storage.ts";

const USERS = 5_000;
const ROUNDS = 15;
const MEASURED = "platform_measured";
const BEFORE = "platform_before";
const ADMIN = { uid: "admin", username: "admin" };

/** The rows as they are now, and a copy that has primary keys alone. */
interface Sides {
  readonly platform: Platform;
  readonly after: Kysely<Schema>;
  readonly before: Kysely<Schema>;
  readonly rows: SampleRows;
}

interface Claim {
  readonly name: string;
  readonly claimed: string;
  readonly before: (round: number) => Promise<number>;
  readonly after: (round: number) => Promise<number>;
}

/** How long some work took, in milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

const at = <T>(list: readonly T[], round: number): T => list[(round * 37) % list.length] as T;

function claims({ before, after, rows }: Sides): Claim[] {
  const forms = (db: Kysely<Schema>) => db.selectFrom("forms").selectAll().where("user_id", "=", "admin");
  const configs = (db: Kysely<Schema>) => (round: number) =>
    timed(() =>
      db
        .selectFrom("config_files as c")
        .leftJoin("resources as r", "r.cfid", "c.cfid")
        .select(["c.cfid", "c.filename", "r.name"])
        .where("c.pid", "=", at(rows.projects, round).pid)
        .execute(),
    );
  const messages = (db: Kysely<Schema>, round: number) =>
    db.selectFrom("form_messages").selectAll().where("form_id", "=", at(rows.forms, round).id);
  const members = (db: Kysely<Schema>) => (round: number) =>
    timed(() =>
      db.selectFrom("user_group").selectAll().where("gid", "=", at(rows.groups, round).gid).execute(),
    );
  const logs = (db: Kysely<Schema>) => () =>
    timed(() =>
      db
        .selectFrom("audit_logs")
        .selectAll()
        .where("created_at", ">", new Date(Date.now() - 5 * 86_400_000))
        .orderBy("created_at", "desc")
        .limit(20)
        .execute(),
    );
  return [
    {
      name: "a user's 50 forms, each with its project: 51 queries → 1",
      claimed: "95 %",
      before: () =>
        timed(async () => {
          for (const form of await forms(before).execute())
            await before.selectFrom("projects").selectAll().where("pid", "=", form.project_id).execute();
        }),
      after: () =>
        timed(() =>
          after
            .selectFrom("forms as f")
            .innerJoin("projects as p", "p.pid", "f.project_id")
            .selectAll("f")
            .select("p.project_name")
            .where("f.user_id", "=", "admin")
            .execute(),
        ),
    },
    {
      name: "a project's configuration files with their resources: the same query",
      claimed: "70 %",
      before: configs(before),
      after: configs(after),
    },
    {
      name: "a form's messages with their authors: 4 queries → 2",
      claimed: "85 %",
      before: (round) =>
        timed(async () => {
          for (const message of await messages(before, round).execute())
            await before.selectFrom("users").selectAll().where("uid", "=", message.user_id).execute();
        }),
      after: (round) =>
        timed(async () => {
          const found = await messages(after, round).execute();
          const authors = found.map((message) => message.user_id);
          await after.selectFrom("users").selectAll().where("uid", "in", authors).execute();
        }),
    },
    {
      name: "the members of a group: the same query",
      claimed: "80 %",
      before: members(before),
      after: members(after),
    },
    {
      name: "the last 20 audit logs of five days: the same query",
      claimed: "90 %",
      before: logs(before),
      after: logs(after),
    },
  ];
}

class Undone extends Error {}

/** Work that is timed and taken back. */
async function undone(db: Kysely<Schema>, work: (trx: Kysely<Schema>) => Promise<unknown>): Promise<number> {
  let took = 0;
  const done = db.transaction().execute(async (trx) => {
    took = await timed(() => work(trx));
    throw new Undone();
  });
  await done.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return took;
}

/** What an application does that has no constraints: asks for the rows below, and deletes them one by one. */
async function byHand(db: Kysely<Schema>, uid: string): Promise<void> {
  for (const { id } of await db.selectFrom("forms").select("id").where("user_id", "=", uid).execute()) {
    const below = await db.selectFrom("form_messages").select("id").where("form_id", "=", id).execute();
    for (const message of below) await db.deleteFrom("form_messages").where("id", "=", message.id).execute();
    await db.deleteFrom("forms").where("id", "=", id).execute();
  }
  for (const { id } of await db
    .selectFrom("image_requests")
    .select("id")
    .where("user_id", "=", uid)
    .execute()) {
    await db
      .updateTable("image_allow_lists")
      .set({ request_id: null })
      .where("request_id", "=", id)
      .execute();
    await db.deleteFrom("image_requests").where("id", "=", id).execute();
  }
  await db.updateTable("image_requests").set({ reviewer_id: null }).where("reviewer_id", "=", uid).execute();
  await db.updateTable("audit_logs").set({ user_id: null }).where("user_id", "=", uid).execute();
  await db.deleteFrom("form_messages").where("user_id", "=", uid).execute();
  await db.deleteFrom("image_allow_lists").where("created_by", "=", uid).execute();
  await db.deleteFrom("course_workloads").where("user_id", "=", uid).execute();
  await db.deleteFrom("user_group").where("uid", "=", uid).execute();
  await db.deleteFrom("users").where("uid", "=", uid).execute();
}

async function deletes({ platform, before, after, rows }: Sides): Promise<void> {
  const { users } = servicesOf(platform);
  const hand: number[] = [];
  const cascade: number[] = [];
  const archived: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { uid } = at(rows.users, round + 3);
    hand.push(await undone(before, (trx) => byHand(trx.withSchema(BEFORE), uid)));
    cascade.push(await undone(after, (trx) => trx.deleteFrom("users").where("uid", "=", uid).execute()));
    let operation = "";
    archived.push(await timed(async () => ({ operation } = await users.destroy(uid, ADMIN))));
    await users.restore(uid, operation, ADMIN);
  }
  const slow = Math.max(...cascade);
  console.log("\n| a user and the 40 rows below | median | worst |\n| --- | --- | --- |");
  const line = (name: string, times: readonly number[]) =>
    console.log(`| ${name} | ${median(times).toFixed(1)} ms | ${Math.max(...times).toFixed(1)} ms |`);
  line("by hand, row by row, without indexes (claimed: 5 to 10 s)", hand);
  line("CASCADE (claimed: below 100 ms)", cascade);
  line("UserService.destroy: counted, archived, recorded, deleted", archived);
  console.log(
    `\nCASCADE beside by hand: ${(100 * (1 - median(cascade) / median(hand))).toFixed(1)} % less (claimed: over 99 %); below 100 ms in every round: ${slow < 100 ? "yes" : "no"}.`,
  );
}

/** The same rows with primary keys alone. */
async function copyOf(platform: Platform, rows: SampleRows): Promise<void> {
  const { unscoped, engine } = platform;
  const run = (text: string) => sql.raw(text).execute(unscoped);
  const name = (table: string) => (engine === "mariadb" ? `\`${table}\`` : table);
  for (const table of Object.keys(rows)) {
    const [key] = Object.keys((rows as unknown as Record<string, object[]>)[table]?.[0] ?? {});
    const columns = table === "user_group" ? "uid, gid" : table === "audit_logs" ? "id" : key;
    await run(`create table ${BEFORE}.${name(table)} as select * from ${name(table)}`);
    await run(`alter table ${BEFORE}.${name(table)} add primary key (${columns})`);
    await run(`${engine === "mariadb" ? "analyze table" : "analyze"} ${BEFORE}.${name(table)}`);
    await run(`${engine === "mariadb" ? "analyze table" : "analyze"} ${name(table)}`);
  }
}

async function measured(url: string): Promise<void> {
  const { pool } = settingsOf({});
  const isMariadb = !url.startsWith("postgres");
  const admin = openedPool(url, pool);
  await runScript(admin, `create database ${MEASURED};\n${isMariadb ? `create database ${BEFORE};\n` : ""}`);
  const own = new URL(url);
  own.pathname = `/${MEASURED}`;
  const handle = openedPool(own.href, pool);
  try {
    if (!isMariadb) await runScript(handle, `create schema ${BEFORE};\n`);
    await create(handle);
    const rows = sampleRows(USERS);
    const platform = await connect(handle);
    await fill(platform, rows);
    const form = (n: number) => ({
      ...at(rows.forms, n),
      id: `measured-form-${n}`,
      user_id: "admin",
      deleted_at: null,
    });
    await platform.unscoped
      .insertInto("forms")
      .values(Array.from({ length: 50 }, (_, n) => form(n)))
      .execute();
    await copyOf(platform, rows);
    const { unscoped } = platform;
    const sides = { platform, after: unscoped, before: unscoped.withSchema(BEFORE), rows };
    const [{ version } = { version: "" }] = (
      await sql<{ version: string }>`select version() as version`.execute(unscoped)
    ).rows;
    console.log(
      `\n## ${isMariadb ? "MariaDB" : version.split(" ").slice(0, 2).join(" ")}${isMariadb ? ` ${version}` : ""}\n`,
    );
    console.log(`${rowsIn(rows)} rows. Medians of ${ROUNDS} rounds, after one that does not count.\n`);
    console.log("| query | before | after | less | claimed |\n| --- | --- | --- | --- | --- |");
    for (const { name, claimed, before, after } of claims(sides)) {
      const times: { before: number[]; after: number[] } = { before: [], after: [] };
      for (let round = 0; round <= ROUNDS; round += 1) {
        const [one, other] = [await before(round), await after(round)];
        if (round > 0) {
          times.before.push(one);
          times.after.push(other);
        }
      }
      const [slow, fast] = [median(times.before), median(times.after)];
      console.log(
        `| ${name} | ${slow.toFixed(2)} ms | ${fast.toFixed(2)} ms | ${(100 * (1 - fast / slow)).toFixed(1)} % | ${claimed} |`,
      );
    }
    await deletes(sides);
    console.log("\n| indexes | of all bytes | claimed |\n| --- | --- | --- |");
    for (const { kind, share, claimed } of await indexShares(platform))
      console.log(`| ${kind} | ${(100 * share).toFixed(1)} % | ${claimed} |`);
  } finally {
    await closed(handle);
    await runScript(admin, `drop database ${MEASURED};\n${isMariadb ? `drop database ${BEFORE};\n` : ""}`);
    await closed(admin);
  }
}

for (const url of process.argv.slice(2)) await measured(url);
