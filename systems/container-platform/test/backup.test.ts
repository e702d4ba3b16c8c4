import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { start } from "../../../test/cli/run-cli.ts";
import { connect, type Platform } from "../database.ts";
import { closed, openedPool } from "../pool.ts";
import { settingsOf } from "../settings.ts";
import { ADMIN, eachServer } from "./stage.ts";

const HERE = join(import.meta.dirname, "..");
const PAGE = readFileSync(join(HERE, "BACKUP.md"), "utf8");

/** The commands that the page has under a name. */
function commands(name: string): string {
  const [, text] = new RegExp(`^\`\`\`sh ${name}\n(.*?)^\`\`\``, "ms").exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`The page has no commands named ${name}.`);
  return text;
}

/** Runs them in a shell that stops at the first that fails. Gives what was written. */
function run(name: string, cwd: string, env: Readonly<Record<string, string>>): string {
  const prelude = `set -e\nnpx() { shift; "$NODE" "$START" "$@"; }\n`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", prelude + commands(name)], {
    cwd,
    env: { ...process.env, NODE: process.execPath, START: start, ...env },
    encoding: "utf8",
  });
  expect([name, status, status === 0 ? "" : stdout + stderr]).toEqual([name, 0, ""]);
  return stdout;
}

/** All rows of all tables of the platform. */
async function rowsOf({ ondelete, engine, unscoped }: Platform): Promise<Record<string, unknown[]>> {
  const { tables } = await ondelete.inspect();
  const quoted = (name: string) => (engine === "mariadb" ? `\`${name}\`` : `"${name}"`);
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables)
    all[name] = (await sql.raw(`select * from ${quoted(name)} order by 1, 2`).execute(unscoped)).rows;
  return all;
}

async function opened(url: string): Promise<Platform> {
  const pool = openedPool(url, settingsOf({}).pool);
  onTestFinished(() => closed(pool));
  return connect(pool);
}

eachServer((stage) => {
  test("a dump restored into another database has the same rows, is sound, and takes back a delete from before the dump", async () => {
    const { db, platform, forms } = await stage(40);
    const folder = mkdtempSync(join(tmpdir(), "platform-backup-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const from = new URL(db.url);
    const name = from.pathname.slice(1);
    const to = new URL(db.url);
    to.pathname = `/${name}_copy`;
    onTestFinished(() =>
      db.exec(`drop database if exists ${name}_copy${platform.engine === "postgres" ? " with (force)" : ""}`),
    );
    const cnf = [
      "[client]",
      `host=${from.hostname}`,
      `port=${from.port || "3306"}`,
      "protocol=tcp",
      `user=${decodeURIComponent(from.username)}`,
      `password=${decodeURIComponent(from.password)}`,
    ];
    writeFileSync(join(folder, "platform.cnf"), `${cnf.join("\n")}\n`, { mode: 0o600 });
    const env = {
      PLATFORM_DATABASE: db.url,
      DATABASE: name,
      COPY: `${name}_copy`,
      COPY_URL: to.href,
    };

    const original = await opened(db.url);
    const before = await rowsOf(original);
    const [form] = await forms.list();
    if (form === undefined) throw new Error("There is no form to delete.");
    const { operation, rows } = await forms.destroy(form.id, ADMIN);
    expect(rows).toEqual({ forms: 1, form_messages: 3 });
    const { audit_logs, ...after } = await rowsOf(original);

    run(`dump-${platform.engine}`, folder, env);
    run(`restore-${platform.engine}`, folder, env);
    const copy = await opened(to.href);
    expect(await rowsOf(copy)).toEqual({ ...after, audit_logs });
    expect(await copy.ondelete.status()).toEqual(await original.ondelete.status());

    run("check", HERE, env);
    run("undo", HERE, { ...env, OPERATION: operation });
    const { audit_logs: history, ...restored } = await rowsOf(copy);
    const { audit_logs: _, ...wanted } = before;
    expect(restored).toEqual(wanted);
    // The history keeps the delete: it did happen.
    expect(history).toEqual(audit_logs);
  });
});
