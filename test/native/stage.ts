import { type ExecFileSyncOptionsWithStringEncoding, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { openSession } from "../support/sessions.ts";
import type { Key, NativeCase } from "./cases.ts";

const clause = ([name, , column, parent, action]: Key): string =>
  `constraint ${name} foreign key (${column}) references ${parent} (id) on delete ${action}`;

/** The statements that make a case's tables and rows. */
export function script(c: NativeCase, inline: boolean): readonly string[] {
  const last = (table: string) => c.keys.findLastIndex((k) => k[1] === table);
  const names = Object.keys(c.tables);
  const order = inline ? names.toSorted((a, b) => last(a) - last(b)) : names;
  const tables = order.map((name) => {
    const columns = (c.tables[name] ?? []).map((column) => `${column} integer`);
    const keys = inline ? c.keys.filter((k) => k[1] === name).map(clause) : [];
    return `create table ${name} (${["id integer primary key", ...columns, ...keys].join(", ")})`;
  });
  const inserts = Object.entries(c.rows).flatMap(([table, rows]) =>
    rows.map((row) => `insert into ${table} values (${row.map(String).join(", ")})`),
  );
  const later = inline ? [] : c.keys.map((k) => `alter table ${k[1]} add ${clause(k)}`);
  return inline
    ? ["pragma foreign_keys = off", ...tables, ...inserts, "pragma foreign_keys = on"]
    : [...tables, ...inserts, ...later];
}

/** What the engine's own DELETE does; rolled back. */
export async function bareDelete(
  db: Pick<TestDatabase, "handle" | "url">,
  variant: Variant,
  c: Pick<NativeCase, "remove" | "rows" | "gone">,
): Promise<"applies" | "refused" | "diverges"> {
  const session = await openSession(db as TestDatabase, variant);
  await session.run("begin");
  try {
    await session.run(c.remove);
    if (variant.engine === "postgres" || variant.engine === "pglite")
      await session.run("set constraints all immediate");
    const wrong: string[] = [];
    for (const [table, rows] of Object.entries(c.rows)) {
      const gone: readonly number[] = c.gone[table] ?? [];
      const wanted = rows.filter(([id]) => !gone.includes(Number(id))).map(([id]) => String(id));
      const found = (await session.rows(`select id from ${table} order by id`)).map((row) => String(row.id));
      if (String(found) !== String(wanted)) wrong.push(table);
    }
    return wrong.length === 0 ? "applies" : "diverges";
  } catch {
    return "refused";
  } finally {
    await session.run("rollback");
    await session.end();
  }
}

const hasPrograms = (...names: readonly string[]): boolean =>
  names.every((name) => spawnSync(name, ["--version"]).status === 0);

/** Why no dump of the variant's databases can be restored here; null where it can. */
export function noRestore({ engine }: Variant): string | null {
  if (engine === "pglite") return "PGlite has no pg_dump";
  const programs = {
    postgres: ["pg_dump", "psql"],
    mariadb: ["mariadb-dump", "mariadb"],
    sqlite: ["sqlite3"],
  }[engine];
  return hasPrograms(...programs) ? null : `${programs.join(" and ")} are not installed`;
}

/** Dumps a database and restores it into another, empty one. */
export function restore(variant: Variant, from: TestDatabase, into: TestDatabase): void {
  const options: ExecFileSyncOptionsWithStringEncoding = {
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  };
  if (variant.engine === "postgres") {
    const dump = execFileSync("pg_dump", [from.url], options);
    execFileSync("psql", ["-q", "-v", "ON_ERROR_STOP=1", into.url], { ...options, input: dump });
    return;
  }
  const place = (db: TestDatabase) => {
    const { hostname, port, username, pathname } = new URL(db.url);
    return [`--host=${hostname}`, `--port=${port || "3306"}`, `--user=${username}`, pathname.slice(1)];
  };
  const dump = execFileSync("mariadb-dump", place(from), options);
  execFileSync("mariadb", place(into), { ...options, input: dump });
}

/** A SQLite file restored from a dump of another one, and what drops it. */
export function restoredFile(from: TestDatabase): Pick<TestDatabase, "handle" | "url"> & { drop(): void } {
  const folder = mkdtempSync(join(tmpdir(), "ondelete-dump-"));
  const dump = execFileSync("sqlite3", [from.url.replace(/^sqlite:/, ""), ".dump"], { encoding: "utf8" });
  const file = join(folder, "copy.sqlite");
  const handle = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  handle.exec(dump);
  handle.exec("pragma foreign_keys = on");
  return {
    handle,
    url: `sqlite:${file}`,
    drop: () => {
      handle.close();
      rmSync(folder, { recursive: true });
    },
  };
}
