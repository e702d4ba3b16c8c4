import { execFileSync, spawnSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";

/* Experiments that rules of `check` rest on: that what they find is what the engines do. */

/** Null where the statement went through, else what the engine calls its refusal. */
const refusal = (db: TestDatabase, statement: string): Promise<unknown> =>
  db.exec(statement).then(
    () => null,
    (error: { readonly errno?: number; readonly code?: string }) => error.errno ?? error.code ?? error,
  );

const FAMILY = [
  "create table p (id integer primary key)",
  "create table c (id integer primary key, p_id integer)",
];

const hasDump =
  spawnSync("pg_dump", ["--version"]).status === 0 && spawnSync("psql", ["--version"]).status === 0;

eachVariant(
  (_, fresh) => {
    test.skipIf(!hasDump)(
      "E2: a delete that works is refused in a copy made from a dump, and check says so before (needs pg_dump)",
      async () => {
        const db = await fresh();
        const key = (table: string, column: string, parent: string, action: string) =>
          `alter table ${table} add constraint ${table}_${column} foreign key (${column}_id) references ${parent} (id) on delete ${action}`;
        await db.exec([
          "create table r (id integer primary key)",
          "create table a (id integer primary key, r_id integer)",
          "create table x (id integer primary key, r_id integer)",
          "create table b (id integer primary key, x_id integer, a_id integer)",
          key("x", "r", "r", "cascade"),
          key("b", "x", "x", "cascade"),
          key("a", "r", "r", "cascade"),
          key("b", "a", "a", "restrict"),
        ]);
        const rows =
          "insert into r values (1); insert into a values (1, 1); insert into x values (1, 1); insert into b values (1, 1, 1)";
        const told = async () => {
          const ondelete = await open(db.handle);
          const { findings } = await ondelete.check({ rules: ["cascade-order-dependent"] });
          return findings.map(({ object, evidence }) => [object, evidence.now, evidence.afterRestore]);
        };
        expect(await told()).toEqual([["b(a_id) -> a(id)", "goes through", "is refused"]]);
        const dump = execFileSync("pg_dump", ["--schema-only", "--no-owner", db.url], { encoding: "utf8" });
        await db.exec(rows);
        expect(await refusal(db, "delete from r")).toBe(null);
        await db.exec("drop schema public cascade");
        const made = /^CREATE SCHEMA public/m.test(dump) ? "" : "create schema public;\n";
        execFileSync("psql", ["--quiet", db.url], {
          input: `${made}${dump}`,
          stdio: ["pipe", "ignore", "pipe"],
        });
        await db.exec("set search_path = public");
        await db.exec(rows);
        expect(await refusal(db, "delete from r")).toBe("23503");
        expect(await told()).toEqual([["b(a_id) -> a(id)", "is refused", "is refused"]]);
      },
    );
  },
  { engines: ["postgres"], because: "it is about pg_dump" },
);

eachVariant(
  (variant, fresh) => {
    test.each([
      ["(a, b) where a is not null", true],
      ["(b, a) where a is not null and b is not null", true],
      ["(a, b) where id > 0", false],
      ["(b, id)", true],
    ] as const)("E14: an index %s finds the children: %s", async (index, isUsed) => {
      const db = await fresh();
      const unique = index === "(b, id)" ? "create unique index k on c (b)" : `create index k on c ${index}`;
      await db.exec([
        "create table p (a integer, b integer, primary key (a, b))",
        "create table c (id integer primary key, a integer, b integer, constraint c_p foreign key (a, b) references p (a, b) on delete cascade)",
        "insert into p select g, g from generate_series(1, 2000) g",
        "insert into c select g, g, g from generate_series(1001, 2000) g",
        unique,
        "analyze",
      ]);
      const session = await openSession(db, variant);
      const counted = async () => {
        const [row] = await session.rows(
          "select coalesce(idx_scan, 0) as n from pg_stat_xact_user_tables where relname = 'c'",
        );
        return Number(row?.n);
      };
      await session.run("begin");
      const before = await counted();
      await session.run("delete from p where a <= 20");
      const used = (await counted()) - before;
      await session.run("rollback");
      await session.end();
      expect(used).toBe(isUsed ? 20 : 0);
      const { relations } = await (await open(db.handle)).inspect();
      expect(relations.map((r) => r.indexed)).toEqual([isUsed]);
    });
  },
  { engines: ["postgres", "pglite"], because: "it is about PostgreSQL's partial indexes" },
);

eachVariant(
  (_, fresh) => {
    const added = (name: string, how: string) =>
      `alter table c add constraint ${name} foreign key (p_id) references p (id), ${how}`;

    test("E16: a foreign key is added by a copy alone that fails at an orphan, and at once where checks are off", async () => {
      const db = await fresh();
      await db.exec([...FAMILY, "create index c_p on c (p_id)", "insert into c values (1, 9)"]);
      expect(await refusal(db, added("k", "algorithm = inplace"))).toBe(1846);
      expect(await refusal(db, added("k", "algorithm = copy"))).toBe(1452);
      const off = "set foreign_key_checks = 0; ";
      const on = "; set foreign_key_checks = 1";
      expect(await refusal(db, `${off}${added("k", "algorithm = inplace, lock = none")}${on}`)).toBe(null);
      const { relations } = await (await open(db.handle)).orphans();
      expect(relations.map((r) => [r.id, r.rows])).toEqual([["c(p_id) -> p(id)", 1]]);
      await db.exec("create table t (id integer primary key, p_id bigint)");
      const mismatch = `${off}alter table t add constraint m foreign key (p_id) references p (id)`;
      expect(await refusal(db, mismatch)).toBe(1825);
      await db.exec("set foreign_key_checks = 1");
    });

    test("E20: a cascade fires no trigger of the child, and REPLACE deletes the children", async () => {
      const db = await fresh();
      await db.exec([
        "create table p (id integer primary key, name varchar(10))",
        "create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade)",
        "create table gone (id integer)",
        "create trigger c_gone after delete on c for each row insert into gone values (old.id)",
        "insert into p values (1, 'a'), (2, 'b'), (3, 'c')",
        "insert into c values (1, 1), (2, 2), (3, 3)",
        "delete from p where id = 1",
        "replace into p values (2, 'z')",
      ]);
      expect(await db.rows("select id from c order by id")).toEqual([{ id: "3" }]);
      expect(await db.rows("select id from gone")).toEqual([]);
      await db.exec("delete from c where id = 3");
      expect(await db.rows("select id from gone")).toEqual([{ id: "3" }]);
    });

    test("E25: a virtual column that is null in deleted rows makes a key of live ones, at once; a stored one and an expression do not", async () => {
      const db = await fresh();
      await db.exec([
        "create table u (id integer primary key, email varchar(20), deleted_at datetime)",
        "insert into u values (1, 'a', null), (2, 'a', '2026-01-01')",
      ]);
      const column = (name: string, kind: string, how: string) =>
        `alter table u add column ${name} tinyint as (if(deleted_at is null, 1, null)) ${kind}, ${how}`;
      expect(await refusal(db, column("alive", "virtual", "algorithm = instant"))).toBe(null);
      expect(await refusal(db, column("kept", "persistent", "algorithm = inplace"))).toBe(1845);
      expect(
        await refusal(db, "alter table u add unique u_live (email, alive), algorithm = inplace, lock = none"),
      ).toBe(null);
      expect(await refusal(db, "insert into u (id, email) values (3, 'a')")).toBe(1062);
      expect(await refusal(db, "insert into u (id, email, deleted_at) values (4, 'a', '2026-01-02')")).toBe(
        null,
      );
      expect(await refusal(db, "create unique index e on u ((if(deleted_at is null, email, null)))")).toBe(
        1064,
      );
    });
  },
  { engines: ["mariadb"], because: "it is about MariaDB" },
);

test("E24: INSERT OR REPLACE takes the children along, triggers fire for what a cascade takes, and a connection of SQLite's own enforces nothing", () => {
  const db = new DatabaseSync(":memory:", { enableForeignKeyConstraints: false });
  expect(db.prepare("pragma foreign_keys").get()).toEqual({ foreign_keys: 0 });
  db.exec(`pragma foreign_keys = on;
    create table p (id integer primary key, name text);
    create table c (id integer primary key, p_id integer references p (id) on delete cascade);
    create table gone (id integer);
    create trigger c_gone after delete on c begin insert into gone values (old.id); end;
    insert into p values (1, 'a'), (2, 'b'), (3, 'c');
    insert into c values (1, 1), (2, 2), (3, 3);
    delete from p where id = 1;
    insert or replace into p values (2, 'z');`);
  expect(db.prepare("select id from c").all()).toEqual([{ id: 3 }]);
  expect(db.prepare("select id from gone order by id").all()).toEqual([{ id: 1 }, { id: 2 }]);
});

eachVariant((variant, fresh) => {
  const users = (key: string) =>
    `create table u (id integer primary key, email varchar(20), deleted_at timestamp null, is_deleted boolean default false, ${key})`;
  const add = (id: number, deleted: string) =>
    `insert into u (id, email, deleted_at) values (${id}, 'a', ${deleted})`;
  const isRefused = async (db: TestDatabase, statement: string) => (await refusal(db, statement)) !== null;

  test("E25: the time in the key lets two live rows in, and a truth value in it refuses the second delete", async () => {
    const db = await fresh();
    await db.exec([users("unique (email, deleted_at)"), add(1, "null")]);
    expect(await isRefused(db, add(2, "null"))).toBe(false);
    const other = await fresh();
    await other.exec([users("unique (email, is_deleted)"), add(1, "null")]);
    expect(await isRefused(other, "update u set is_deleted = true where id = 1")).toBe(false);
    await other.exec(add(2, "null"));
    expect(await isRefused(other, "update u set is_deleted = true where id = 2")).toBe(true);
  });

  test.skipIf(variant.engine !== "postgres" && variant.engine !== "pglite")(
    "E25: with NULLS NOT DISTINCT the time in the key is right (PostgreSQL)",
    async () => {
      const db = await fresh();
      await db.exec([users("unique nulls not distinct (email, deleted_at)"), add(1, "null")]);
      expect(await isRefused(db, add(2, "null"))).toBe(true);
      expect(await isRefused(db, add(3, "'2026-01-01'"))).toBe(false);
    },
  );

  test.skipIf(variant.engine === "mariadb")(
    "E25: ON CONFLICT has to repeat the condition of a partial index (not MariaDB, which has none)",
    async () => {
      const db = await fresh();
      await db.exec([
        users("check (id > 0)"),
        "create unique index live on u (email) where deleted_at is null",
        add(1, "null"),
      ]);
      expect(await isRefused(db, add(2, "null"))).toBe(true);
      expect(await isRefused(db, add(3, "'2026-01-01'"))).toBe(false);
      const insert = (target: string) => `${add(4, "null")} on conflict ${target} do update set email = 'b'`;
      expect(await isRefused(db, insert("(email)"))).toBe(true);
      expect(await isRefused(db, insert("(email) where deleted_at is null"))).toBe(false);
      expect(await db.rows("select email from u where id = 1")).toEqual([{ email: "b" }]);
    },
  );
});
