import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { raw, sql } from "../../../src/dialect/sql.ts";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import { OnDeleteError } from "../../../src/error.ts";
import { tableIn, values } from "./open.ts";

const SCHEMA = `create table p (id integer primary key, v text unique);
  create table c (id integer primary key, p int references p on delete restrict);
  insert into p values (1, 'one'), (2, 'two'); insert into c values (1, 1)`;

let folder: string;
let database: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ondelete-sqlite-"));
  database = new DatabaseSync(join(folder, "test.db"));
  database.exec(SCHEMA);
});

afterEach(() => {
  if (database.isOpen) database.close();
  rmSync(folder, { recursive: true });
});

const other = () => new DatabaseSync(join(folder, "test.db"));
const parents = (of = database) => values(of, "select id from p order by id").flat();
const temporaries = () => values(database, "select name from temp.sqlite_schema");
const pragma = (name: string) => values(database, `pragma ${name}`)[0]?.[0];
const write = { lockTimeoutMs: 20 };

async function failure(work: Promise<unknown>): Promise<OnDeleteError> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(OnDeleteError);
  return error as OnDeleteError;
}

test("a read sees one snapshot, makes scratch tables, and leaves nothing behind", async () => {
  database.exec("pragma journal_mode = wal");
  const engine = await sqliteEngine(database);
  const writer = other();
  const source = await tableIn(database, "p");
  const seen = await engine.read({ scratch: true }, async (tx) => {
    const before = await tx.rows(raw("select id from p"));
    for (const statement of engine.syntax.createScratch({
      name: "keys",
      source,
      columns: ["id"],
      key: ["id"],
    })) {
      await tx.run(statement);
    }
    expect(await tx.run(sql`insert into ${engine.syntax.scratch("keys")} select id, ${0} from p`)).toBe(2);
    writer.exec("insert into p values (3, 'three')");
    const during = await tx.rows(raw("select id from p"));
    return { before: before.length, during: during.length, joined: tx.joined, snapshot: tx.snapshot };
  });
  expect(seen).toEqual({ before: 2, during: 2, joined: false, snapshot: true });
  expect(parents()).toEqual([1n, 2n, 3n]);
  expect(temporaries()).toEqual([]);
  expect(database.isTransaction).toBe(false);
  writer.close();
});

test("a read without scratch tables refuses to write, and the handle can write again afterwards", async () => {
  const engine = await sqliteEngine(database);
  const error = await failure(engine.read({ scratch: false }, (tx) => tx.run(raw("delete from c"))));
  expect(error.code).toBe("read-only");
  expect(pragma("query_only")).toBe(0n);
  database.exec("delete from c");
});

test("a read with scratch tables takes back what else was written", async () => {
  const engine = await sqliteEngine(database);
  await engine.read({ scratch: true }, (tx) => tx.run(raw("delete from c")));
  expect(values(database, "select id from c")).toEqual([[1n]]);
});

test("a read works on a database that is open for reading only, with scratch tables", async () => {
  const reader = new DatabaseSync(join(folder, "test.db"), { readOnly: true });
  const engine = await sqliteEngine(reader);
  const rows = await engine.read({ scratch: true }, async (tx) => {
    await tx.run(raw("create temp table k (id)"));
    await tx.run(raw("insert into k select id from p"));
    return tx.rows(raw("select id from temp.k order by id"));
  });
  expect(rows).toEqual([{ id: "1" }, { id: "2" }]);
  const error = await failure(engine.write(write, (tx) => tx.run(raw("delete from c"))));
  expect(error.code).toBe("read-only");
  reader.close();
});

test("a write commits, with the foreign keys checked at the end and scratch tables dropped", async () => {
  const engine = await sqliteEngine(database);
  const timeout = pragma("busy_timeout");
  await engine.write(write, async (tx) => {
    expect(tx.joined).toBe(false);
    await tx.run(raw("create temp table anything (id)"));
    expect(await tx.run(raw("delete from p where id = 1"))).toBe(1);
    expect(await tx.run(raw("delete from c where p = 1"))).toBe(1);
    expect(pragma("busy_timeout")).toBe(20n);
  });
  const reader = other();
  expect(parents(reader)).toEqual([2n]);
  reader.close();
  expect(temporaries()).toEqual([]);
  expect(pragma("busy_timeout")).toBe(timeout);
  expect(pragma("defer_foreign_keys")).toBe(0n);
});

test("a write that leaves an orphan is refused at its commit and rolled back whole", async () => {
  const engine = await sqliteEngine(database);
  const error = await failure(engine.write(write, (tx) => tx.run(raw("delete from p"))));
  expect(error.code).toBe("constraint-violated");
  expect(error.details).toEqual({ engineCode: 787, engineMessage: "FOREIGN KEY constraint failed" });
  expect(parents()).toEqual([1n, 2n]);
  expect(database.isTransaction).toBe(false);
  expect(pragma("defer_foreign_keys")).toBe(0n);
});

test("a write whose work throws is rolled back, and the error stays what it was", async () => {
  const engine = await sqliteEngine(database);
  const thrown = new Error("mine");
  const work = engine.write(write, async (tx) => {
    await tx.run(raw("delete from c"));
    throw thrown;
  });
  await expect(work).rejects.toBe(thrown);
  expect(values(database, "select id from c")).toEqual([[1n]]);
});

test("a write waits for the lock no longer than it may, and says that it was locked", async () => {
  const engine = await sqliteEngine(database);
  const holder = other();
  holder.exec("begin immediate");
  const started = performance.now();
  const error = await failure(engine.write({ lockTimeoutMs: 150 }, async () => undefined));
  const waited = performance.now() - started;
  expect(error.code).toBe("locked");
  expect(error.exitCode).toBe(4);
  expect(waited).toBeGreaterThan(100);
  expect(waited).toBeLessThan(5_000);
  holder.exec("rollback");
  await engine.write(write, (tx) => tx.run(raw("delete from c")));
  holder.close();
});

test("a writer is kept out from the start of a write until its end", async () => {
  const engine = await sqliteEngine(database);
  const late = other();
  late.exec("pragma busy_timeout = 0");
  await engine.write(write, async () => {
    expect(() => late.exec("insert into p values (3, 'late')")).toThrow("database is locked");
  });
  late.exec("insert into p values (3, 'late')");
  late.close();
});

test("a transaction of the caller's is joined: a read undoes only itself", async () => {
  const engine = await sqliteEngine(database);
  database.exec("begin; insert into p values (3, 'mine')");
  const rows = await engine.read({ scratch: true }, async (tx) => {
    expect(tx.joined).toBe(true);
    await tx.run(raw("create temp table k (id)"));
    await tx.run(raw("delete from p where id = 2"));
    return tx.rows(raw("select id from p"));
  });
  expect(rows).toEqual([{ id: "1" }, { id: "3" }]);
  expect(temporaries()).toEqual([]);
  expect(database.isTransaction).toBe(true);
  expect(parents()).toEqual([1n, 2n, 3n]);
  database.exec("commit");
  expect(parents()).toEqual([1n, 2n, 3n]);
});

test("a write in a caller's transaction is the caller's to commit or roll back", async () => {
  const engine = await sqliteEngine(database);
  database.exec("begin; insert into p values (3, 'mine')");
  await engine.write(write, async (tx) => {
    expect(tx.joined).toBe(true);
    await tx.run(raw("delete from p where id = 2"));
  });
  expect(database.isTransaction).toBe(true);
  expect(parents()).toEqual([1n, 3n]);
  database.exec("rollback");
  expect(parents()).toEqual([1n, 2n]);
});

test("a write that fails in a caller's transaction leaves the caller's own work and settings as they were", async () => {
  const engine = await sqliteEngine(database);
  database.exec("begin; insert into p values (3, 'mine')");
  const error = await failure(
    engine.write(write, async (tx) => {
      await tx.run(raw("delete from p where id = 1"));
      await tx.run(raw("insert into p values (4, 'two')"));
    }),
  );
  expect(error.code).toBe("constraint-violated");
  expect(error.details.engineCode).toBe(2067);
  expect(pragma("defer_foreign_keys")).toBe(0n);
  database.exec("commit");
  expect(parents()).toEqual([1n, 2n, 3n]);
});

test("an orphan that a write leaves in a caller's transaction is found at the caller's commit", async () => {
  const engine = await sqliteEngine(database);
  database.exec("begin");
  await engine.write(write, (tx) => tx.run(raw("delete from p where id = 1")));
  expect(pragma("defer_foreign_keys")).toBe(1n);
  expect(() => database.exec("commit")).toThrow("FOREIGN KEY constraint failed");
  database.exec("rollback");
  expect(parents()).toEqual([1n, 2n]);
});

test("switching defer_foreign_keys off makes SQLite forget an orphan, which is why a write leaves it on", () => {
  database.exec(
    "begin; pragma defer_foreign_keys = on; delete from p where id = 1; pragma defer_foreign_keys = off; commit",
  );
  expect(values(database, "select c.id from c left join p on p.id = c.p where p.id is null")).toEqual([[1n]]);
});

test("calls on one handle at the same time do not mix their transactions", async () => {
  const engine = await sqliteEngine(database);
  const log: string[] = [];
  const one = (name: string, pause: number) =>
    engine.write(write, async (tx) => {
      log.push(`${name} begins`);
      expect(tx.joined).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, pause));
      log.push(`${name} ends`);
      if (name === "b") throw new Error("b fails");
    });
  const results = await Promise.allSettled([
    one("a", 20),
    one("b", 1),
    engine.readModel({ journal: { schema: "", prefix: "_" } }),
    one("c", 1),
  ]);
  expect(results.map((r) => r.status)).toEqual(["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("work can use the engine again from inside itself, also several times at once", async () => {
  const engine = await sqliteEngine(database);
  const counts = await engine.write(write, async (tx) => {
    await tx.run(raw("insert into p values (3, 'three')"));
    const inner = () =>
      engine.read({ scratch: true }, async (nested) => {
        expect(nested.joined).toBe(true);
        await nested.run(raw("create temp table k (id)"));
        return (await nested.rows(raw("select id from p"))).length;
      });
    return Promise.all([inner(), inner(), inner()]);
  });
  expect(counts).toEqual([3, 3, 3]);
  expect(parents()).toEqual([1n, 2n, 3n]);
});

test("an abort is seen before the next statement and before the commit, and nothing is kept", async () => {
  const engine = await sqliteEngine(database);
  const abort = new AbortController();
  const statement = await failure(
    engine.write({ ...write, signal: abort.signal }, async (tx) => {
      await tx.run(raw("delete from c"));
      abort.abort();
      await tx.run(raw("delete from p"));
    }),
  );
  expect(statement.code).toBe("interrupted");
  expect((await failure(engine.read({ scratch: false, signal: abort.signal }, async () => 1))).code).toBe(
    "interrupted",
  );
  const late = new AbortController();
  const commit = await failure(
    engine.write({ ...write, signal: late.signal }, async (tx) => {
      await tx.run(raw("delete from c"));
      late.abort();
    }),
  );
  expect(commit.code).toBe("interrupted");
  expect(values(database, "select id from c")).toEqual([[1n]]);
});

test("no statement runs on its own after the transaction was ended by someone else", async () => {
  const engine = await sqliteEngine(database);
  const error = await failure(
    engine.write(write, async (tx) => {
      await tx.run(raw("delete from c"));
      database.exec("rollback");
      await tx.run(raw("delete from c"));
    }),
  );
  expect(error.code).toBe("engine-error");
  expect(error.message).toMatch(/ended before the work was done/);
  expect(values(database, "select id from c")).toEqual([[1n]]);
});

test("rows are text, exact for every integer, and run counts only the statement's own rows", async () => {
  database.exec(`create table log (x); create table d (id integer primary key, p int references p on delete cascade);
    create trigger logs after delete on d begin insert into log values (1), (2); end; insert into d values (1, 2), (2, 2)`);
  const engine = await sqliteEngine(database);
  await engine.write(write, async (tx) => {
    const [row] = await tx.rows(
      sql`select 9223372036854775807 as big, null as nil, x'00ff' as bytes, 0.5 as real, ${7} as whole, typeof(${7}) as type`,
    );
    expect(row).toEqual({
      big: "9223372036854775807",
      nil: null,
      bytes: "x'00ff'",
      real: "0.5",
      whole: "7",
      type: "integer",
    });
    expect(await tx.run(raw("delete from p where id = 2"))).toBe(1);
    expect(await tx.rows(raw("select count(*) as n from log"))).toEqual([{ n: "4" }]);
    expect(await tx.run(raw("create temp table k as select 1 as a"))).toBe(0);
    expect(await tx.run(raw("with x as (select 1 as id) delete from c where id in (select id from x)"))).toBe(
      1,
    );
  });
});

test("key sums do not depend on the order of the rows, and are those of SHA-256", async () => {
  const engine = await sqliteEngine(database);
  const sum = (...queries: readonly string[]) =>
    engine.read({ scratch: false }, (tx) =>
      engine.sumKeys(tx, { selects: queries.map(raw), over: (s) => s }),
    );
  // sha256("1") = 6b86b273ff34fce19d6b804eff5a3f57…, sha256("2") = d4735e3a265e16eee03f59718b9b5d03…
  const one = { rows: 1, sums: [String(0x6b86b273ff34fcen), String(0x19d6b804eff5a3fn)] };
  const both = {
    rows: 2,
    sums: [String(0x6b86b273ff34fcen + 0xd4735e3a265e16en), String(0x19d6b804eff5a3fn + 0xee03f59718b9b5dn)],
  };
  const sums = await sum(
    "select '1' as key",
    "select '1' as key union all select '2'",
    "select '1' as key where false",
    "select '2' as key union all select '1'",
  );
  expect(sums).toEqual([one, both, { rows: 0, sums: ["0", "0"] }, both]);
});

test("the journal's tables can be made again and again, and are found only when all of them exist", async () => {
  const engine = await sqliteEngine(database);
  const journal = { schema: "ondelete", prefix: `on"delete_` };
  const exists = () => engine.read({ scratch: false }, (tx) => engine.hasJournal(tx, journal));
  expect(await exists()).toBe(false);
  const [operation, ...rest] = engine.journalTables(journal);
  await engine.write(write, (tx) => tx.run(operation ?? raw("")));
  expect(await exists()).toBe(false);
  for (let i = 0; i < 2; i++) {
    await engine.write(write, async (tx) => {
      for (const statement of engine.journalTables(journal)) await tx.run(statement);
    });
  }
  expect(rest).toHaveLength(4);
  expect(await exists()).toBe(true);
  const name = engine.syntax.journal("archive_chunk", journal);
  await engine.write(write, (tx) =>
    tx.run(sql`insert into ${name} (operation, part, ordinal, rows, images) values ('o', 1, 1, 1, '[]')`),
  );
  expect(values(database, `select images from main."on""delete_archive_chunk"`)).toEqual([["[]"]]);
  expect((await engine.readModel({ journal })).tables.map((t) => t.id)).toEqual(["c", "p"]);
});

test("a scratch table has the source's affinities and collations, and keys that can be null", async () => {
  database.exec(
    "create table s (a text collate nocase, b integer, c, d any, primary key (a, c)); insert into s values ('x', '1', '1', '1'), (null, 2, 2, 2), (null, 3, 3, 3)",
  );
  const engine = await sqliteEngine(database);
  const source = await tableIn(database, "s");
  const scratch = { name: "k", source, columns: ["a", "b", "c", "d"], key: ["a", "c"] };
  await engine.read({ scratch: true }, async (tx) => {
    for (const statement of engine.syntax.createScratch(scratch)) await tx.run(statement);
    const name = engine.syntax.scratch("k");
    await tx.run(sql`insert into ${name} select a, b, c, d, 0 from s`);
    const found = await tx.rows(
      sql`select typeof(b) as b, typeof(c) as c, typeof(d) as d, a = 'X' as same from ${name} where a is not null`,
    );
    expect(found).toEqual([{ b: "integer", c: "text", d: "integer", same: "1" }]);
    expect(await tx.rows(sql`select count(*) as n from ${name}`)).toEqual([{ n: "3" }]);
    const again = tx.run(sql`insert into ${name} values ('X', 0, '1', 0, 0)`);
    expect((await failure(again)).code).toBe("constraint-violated");
  });
});

test("a scratch table that is read level by level has an index on the depth", async () => {
  const engine = await sqliteEngine(database);
  const source = await tableIn(database, "p");
  const scratch = { name: 'odd "name', source, columns: ["id"], key: ["id"], byDepth: true };
  await engine.write(write, async (tx) => {
    for (const statement of engine.syntax.createScratch(scratch)) await tx.run(statement);
    const plan = await tx.rows(
      sql`explain query plan select id from ${engine.syntax.scratch(scratch.name)} where "ondelete:depth" = 1`,
    );
    expect(plan[0]?.detail).toContain('INDEX odd "name:depth');
  });
  expect(temporaries()).toEqual([]);
});

test.each(["?", "?1", ":id", "@id", "$id"])(
  "a condition with the parameter %s is refused",
  async (parameter) => {
    const engine = await sqliteEngine(database);
    const condition = raw(`id <> ${parameter}`);
    const failed = engine.read({ scratch: false }, (tx) =>
      tx.rows(sql`select id from p where ${condition} and id = ${1}`),
    );
    expect(await failure(failed)).toMatchObject({
      code: "engine-error",
      message: "SQLite refused the statement: it has 2 parameters for 1 values.",
    });
  },
);

test("signs of parameters inside of texts, names and comments are none", async () => {
  const engine = await sqliteEngine(database);
  const text = raw(`'?:@$' as "a?", [id] as ":b" /* ? */ -- $x\n`);
  const rows = await engine.read({ scratch: false }, (tx) =>
    tx.rows(sql`select ${text} from p where id = ${1} and '{"a":5}' ->> '$.a' = ${5}`),
  );
  expect(rows).toEqual([{ "a?": "?:@$", ":b": "1" }]);
});

test("a write on an old snapshot may be tried again", async () => {
  database.exec("pragma journal_mode = wal; begin; select * from p");
  values(database, "select id from p");
  const writer = other();
  writer.exec("insert into p values (3, 'three')");
  writer.close();
  const engine = await sqliteEngine(database);
  const error = await failure(engine.write(write, (tx) => tx.run(raw("delete from p where id = 2"))));
  expect(error).toMatchObject({ code: "locked", details: { engineCode: 517, retriable: true } });
  database.exec("rollback");
});

test("failures have their own codes", async () => {
  writeFileSync(join(folder, "text.db"), "this is no database ".repeat(100));
  const broken = new DatabaseSync(join(folder, "text.db"));
  expect((await failure(sqliteEngine(broken))).code).toBe("unreachable");
  broken.close();
  const engine = await sqliteEngine(database);
  const run = (statement: string) => failure(engine.write(write, (tx) => tx.run(raw(statement))));
  expect((await run("selec 1")).code).toBe("engine-error");
  expect((await run("selec 1")).details).toEqual({
    engineCode: 1,
    engineMessage: 'near "selec": syntax error',
  });
  expect((await run("insert into p values (9, 'one')")).details.engineCode).toBe(2067);
  database.exec("pragma max_page_count = 1");
  expect((await run("insert into p values (9, zeroblob(1000000))")).code).toBe("disk-full");
  expect(database.isTransaction).toBe(false);
});

test("closing the engine closes the handle only where the engine owns it", async () => {
  await (await sqliteEngine(database)).close();
  expect(database.isOpen).toBe(true);
  const engine = await sqliteEngine(database, { owned: true });
  await engine.close();
  expect(database.isOpen).toBe(false);
  expect((await failure(engine.readModel({ journal: { schema: "", prefix: "_" } }))).code).toBe(
    "unreachable",
  );
});

test("an AUTOINCREMENT counter follows keys that are inserted and stays when rows go", async () => {
  database.exec(
    "create table a (id integer primary key autoincrement); insert into a values (50); delete from a; insert into a values (7), (60); delete from a",
  );
  database.exec("insert into a default values");
  expect(values(database, "select id from a")).toEqual([[61n]]);
  const engine = await sqliteEngine(database);
  const table = await tableIn(database, "a");
  expect(engine.syntax.advanceSequence(table, table.columns[0] as never)).toBeNull();
});

test("other sessions count only where there can be any", async () => {
  expect((await sqliteEngine(database)).capabilities.concurrentSessions).toBe(true);
  expect((await sqliteEngine(new DatabaseSync(":memory:"))).capabilities.concurrentSessions).toBe(false);
});

test("a cascade goes as deep as the engine says and no deeper", async () => {
  const { capabilities } = await sqliteEngine(database);
  const depth = capabilities.cascadeDepth ?? 0;
  const remove = (rows: number) => {
    database.exec(
      "drop table if exists t; create table t (id integer primary key, up int references t on delete cascade)",
    );
    database.exec(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows}) insert into t select i, nullif(i - 1, 0) from n`,
    );
    database.exec("delete from t where id = 1");
    return values(database, "select count(*) from t");
  };
  expect(depth).toBe(1000);
  expect(remove(depth)).toEqual([[0n]]);
  expect(() => remove(depth + 3)).toThrow("too many levels of trigger recursion");
});
