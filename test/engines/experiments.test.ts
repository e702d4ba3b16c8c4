import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";

/*
 * Experiments on which ondelete is built and that no rule, story or conformance suite makes: what the engines do. They
 * are numbered as the others, whose numbers stand in the titles of their tests.
 */

const FAMILY = [
  "create table p (id integer primary key)",
  "create table c (id integer primary key, p_id integer)",
];

eachVariant(
  (variant, fresh) => {
    test("E4: of two constraints on the same columns the one with the smaller trigger name wins, be it the newer", async () => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "alter table c add constraint older foreign key (p_id) references p (id) on delete set null",
        "alter table c add constraint newer foreign key (p_id) references p (id) on delete cascade",
        "insert into p values (1)",
        "insert into c values (1, 1)",
      ]);
      const left = async () => {
        const session = await openSession(db, variant);
        await session.run("begin");
        await session.run("delete from p");
        const rows = await session.rows("select id, p_id from c");
        await session.run("rollback");
        await session.end();
        return rows;
      };
      expect(await left()).toEqual([{ id: "1", p_id: null }]);
      // As where the numbers of the newer one's triggers have one digit more, and come first as text.
      const [trigger] = await db.rows(
        "select quote_ident(t.tgname) as name from pg_trigger t join pg_constraint k on k.oid = t.tgconstraint where k.conname = 'newer' and t.tgrelid = 'p'::regclass and t.tgtype & 8 = 8",
      );
      await db.exec(`alter trigger ${trigger?.name} on p rename to "RI_ConstraintTrigger_a_0"`);
      expect(await left()).toEqual([]);
      const { relations } = await (await open(db.handle)).inspect();
      expect(relations.toSorted((a, b) => a.order - b.order).map((r) => r.name)).toEqual(["newer", "older"]);
    });

    test("E12: a row trigger that returns null leaves an orphan below a valid constraint", async () => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "alter table c add constraint k foreign key (p_id) references p (id) on delete cascade",
        "insert into p values (1)",
        "insert into c values (1, 1)",
        "create function keep() returns trigger language plpgsql as $$ begin return null; end $$",
        "create trigger keep before delete on c for each row execute function keep()",
        "delete from p",
      ]);
      expect(
        await db.rows("select convalidated::text as valid from pg_constraint where conname = 'k'"),
      ).toEqual([{ valid: "true" }]);
      const { relations } = await (await open(db.handle)).orphans();
      expect(relations.map((r) => [r.id, r.rows])).toEqual([["c(p_id) -> p(id)", 1]]);
    });

    test("E15: without an index each deleted parent costs a scan of the child, also where it has no child", async () => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "alter table c add constraint k foreign key (p_id) references p (id) on delete cascade",
        "insert into p select g from generate_series(1, 100) g",
        "insert into c select g, 100 from generate_series(1, 1000) g",
        "analyze",
      ]);
      const scans = async () => {
        const session = await openSession(db, variant);
        const counted = async () => {
          const [row] = await session.rows(
            "select seq_scan as seq, coalesce(idx_scan, 0) as idx from pg_stat_xact_user_tables where relname = 'c'",
          );
          return [Number(row?.seq), Number(row?.idx)] as const;
        };
        await session.run("begin");
        const before = await counted();
        await session.run("delete from p where id <= 20");
        const after = await counted();
        await session.run("rollback");
        await session.end();
        return { sequential: after[0] - before[0], byIndex: after[1] - before[1] };
      };
      expect(await scans()).toEqual({ sequential: 20, byIndex: 0 });
      await db.exec("create index c_p on c (p_id); analyze");
      expect(await scans()).toEqual({ sequential: 0, byIndex: 20 });
    });
  },
  { engines: ["postgres", "pglite"], because: "it is about PostgreSQL's triggers of constraints" },
);

/** What a statement locks, strongest first, of the child and of its parent. */
const CENSUS: readonly (readonly [string, string, string | null])[] = [
  [
    "alter table c add foreign key (p_id) references p (id)",
    "ShareRowExclusiveLock",
    "ShareRowExclusiveLock",
  ],
  [
    "alter table c add foreign key (p_id) references p (id) not valid",
    "ShareRowExclusiveLock",
    "ShareRowExclusiveLock",
  ],
  ["alter table k validate constraint k_old", "ShareUpdateExclusiveLock", "RowShareLock"],
  ["alter table k drop constraint k_valid", "AccessExclusiveLock", "AccessExclusiveLock"],
  ["drop table k", "AccessExclusiveLock", "AccessExclusiveLock"],
  ["alter table k rename constraint k_valid to k_other", "AccessExclusiveLock", null],
  ["alter table k add column more integer", "AccessExclusiveLock", null],
  ["alter table k alter constraint k_valid deferrable", "AccessExclusiveLock", null],
  ["alter table k alter column p_id set not null", "AccessExclusiveLock", null],
  ["alter table k add constraint k_unique unique using index k_q", "AccessExclusiveLock", null],
  ["create table n (p_id integer references p (id))", "AccessExclusiveLock", "ShareRowExclusiveLock"],
];

const STRENGTH = [
  "AccessExclusiveLock",
  "ExclusiveLock",
  "ShareRowExclusiveLock",
  "ShareLock",
  "ShareUpdateExclusiveLock",
  "RowExclusiveLock",
  "RowShareLock",
  "AccessShareLock",
];

eachVariant(
  (variant, fresh) => {
    test.each(CENSUS)("E7: %s", async (statement, onChild, onParent) => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "create table k (id integer primary key, p_id integer, q_id integer)",
        "alter table k add constraint k_valid foreign key (p_id) references p (id)",
        "alter table k add constraint k_old foreign key (q_id) references p (id) not valid",
        "create unique index k_q on k (q_id)",
      ]);
      const session = await openSession(db, variant);
      await session.run("begin");
      // Of a table that the statement drops the name is gone, so that numbers are compared.
      const before = await session.rows(
        "select oid::text as oid, relname as name from pg_class where relname in ('p', 'c', 'k')",
      );
      await session.run(statement);
      const locks = await session.rows(
        "select l.relation::text as oid, coalesce(c.relname, '') as name, l.mode from pg_locks l left join pg_class c on c.oid = l.relation where l.pid = pg_backend_pid() and l.locktype = 'relation'",
      );
      const strongest = (table: string) => {
        const oid = before.find((row) => row.name === table)?.oid;
        const modes = locks
          .filter((l) => l.oid === oid || (oid === undefined && l.name === table))
          .map((l) => l.mode ?? "");
        return STRENGTH.find((mode) => modes.includes(mode)) ?? null;
      };
      const child = /^(?:alter|drop|create) table (\w)/.exec(statement)?.[1] ?? "";
      // Reading the catalog above locks no table of ours.
      expect([strongest(child), strongest("p")]).toEqual([onChild, onParent]);
      await session.run("rollback");
    });
  },
  { engines: ["postgres"], because: "it is about PostgreSQL's locks, and PGlite has one session" },
);

eachVariant(
  (_, fresh) => {
    const refusal = (db: TestDatabase, statement: string) =>
      db.exec(statement).then(
        () => null,
        (error: { readonly errno?: number }) => error.errno,
      );

    test("E17: an action is exchanged in one ALTER where the name is another, and refused where it is the same", async () => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "create index c_p on c (p_id)",
        "alter table c add constraint k foreign key (p_id) references p (id) on delete cascade",
        "set foreign_key_checks = 0",
      ]);
      const exchange = (name: string) =>
        `set foreign_key_checks = 0; alter table c drop foreign key k, add constraint ${name} foreign key (p_id) references p (id) on delete set null, algorithm = inplace, lock = none; set foreign_key_checks = 1`;
      expect(await refusal(db, exchange("k"))).toBe(1826);
      expect(await refusal(db, exchange("k_2"))).toBe(null);
      const { relations } = await (await open(db.handle)).inspect();
      expect(relations.map((r) => [r.name, r.onDelete])).toEqual([["k_2", "set null"]]);
    });
  },
  { engines: ["mariadb"], because: "it is about MariaDB's ALTER TABLE" },
);

/** A SQLite database with a parent, its children and enforcement on. */
function family(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(`pragma foreign_keys = on;
    create table p (id integer primary key, name text);
    create table c (id integer primary key, p_id integer references p (id) on delete cascade);
    insert into p values (1, 'a'), (2, 'b');
    insert into c values (1, 1), (2, 2);`);
  return db;
}

const REBUILD = `create table p_new (id integer primary key, name text not null);
  insert into p_new select * from p;
  drop table p;
  alter table p_new rename to p;`;

const children = (db: DatabaseSync) =>
  db
    .prepare("select id from c order by id")
    .all()
    .map((row) => row.id);

test("E21: a rebuild with the pragma inside its transaction, or deferred, wipes the children; with the pragma before it does not", () => {
  const inside = family();
  inside.exec(`begin; pragma foreign_keys = off; ${REBUILD} commit;`);
  expect(children(inside)).toEqual([]);
  expect(inside.prepare("pragma foreign_key_check").all()).toEqual([]);
  const deferred = family();
  deferred.exec(`begin; pragma defer_foreign_keys = on; ${REBUILD} commit;`);
  expect(children(deferred)).toEqual([]);
  const before = family();
  before.exec(`pragma foreign_keys = off; begin; ${REBUILD} commit; pragma foreign_keys = on;`);
  expect(children(before)).toEqual([1, 2]);
});

test("E22: renaming the old table away has its children reference it under the new name", () => {
  const db = family();
  db.exec(
    "pragma foreign_keys = off; alter table p rename to p_old; create table p (id integer primary key, name text not null)",
  );
  const [row] = db.prepare("select sql from sqlite_schema where name = 'c'").all();
  expect(row?.sql).toContain('references "p_old" (id)');
});

test("E23: an action changed in the stored text holds after the schema is read again", async () => {
  const db = family();
  // Node's handles refuse that unless they are told.
  db.enableDefensive(false);
  db.exec("pragma writable_schema = on");
  db.exec(
    "update sqlite_schema set sql = replace(sql, 'on delete cascade', 'on delete set null') where name = 'c'",
  );
  db.exec("pragma writable_schema = reset");
  const { relations } = await (await open(db)).inspect();
  expect(relations.map((r) => r.onDelete)).toEqual(["set null"]);
  db.exec("delete from p where id = 1");
  expect(db.prepare("select p_id from c where id = 1").all()).toEqual([{ p_id: null }]);
});
