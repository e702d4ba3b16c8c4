import type { Pool } from "mysql2/promise";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { mariadbRows } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const FAMILY: Schema = {
  tables: {
    p: { id: PK },
    c: { id: PK, p: INT },
    log: { n: "integer auto_increment primary key", what: INT },
  },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: {
    p: [[1], [2]],
    c: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  },
};

describe("on MariaDB", () => {
  eachVariant(
    (variant, fresh) => {
      test("statements are not kept prepared in the session", async () => {
        const { db } = await prepare(variant, fresh, FAMILY);
        const session = await openSession(db, variant);
        const prepared = async () => {
          const rows = await session.rows("show session status like 'Com_stmt_%'");
          const count = (name: string) => Number(rows.find((r) => r.Variable_name === name)?.Value);
          return { prepared: count("Com_stmt_prepare"), closed: count("Com_stmt_close") };
        };
        await done(await open(session.handle), key("p", "1"));
        const { prepared: all, closed } = await prepared();
        expect(all).toBeGreaterThan(10);
        expect(closed).toBe(all);
      });

      test("delete triggers of children fire with ondelete's deletes, as the plan says, and not with the engine's", async () => {
        const { db, ondelete } = await prepare(variant, fresh, FAMILY);
        await db.exec(
          "create trigger t after delete on c for each row insert into log (what) values (old.id)",
        );
        const plan = await ondelete.plan(key("p", "1"));
        expect(plan.warnings.filter((w) => w.code === "trigger-fires").map((w) => w.table)).toEqual(["c"]);
        const fired = async () => (await db.rows("select what from log order by what")).map((r) => r.what);
        const { operation } = await ondelete.delete(plan);
        expect(await fired()).toEqual(["1", "2"]);
        await ondelete.restore(operation ?? "");
        await db.exec("delete from log");
        await ondelete.delete(plan, { archive: false });
        expect(await fired()).toEqual(["1", "2"]);
        await db.exec("delete from log");
        await db.exec("delete from p where id = 2");
        expect(await dump(db, variant)).toEqual({ p: [], c: [], log: [] });
      });

      test("a constraint between two databases is followed both ways, and restored", async () => {
        const { db } = await prepare(variant, fresh, made("create table p (id integer primary key)"));
        const here = (await db.rows("select database() as name"))[0]?.name ?? "";
        const other = `${here}_other`;
        onTestFinished(() =>
          db.exec(`set foreign_key_checks = 0; drop database if exists ${other}; set foreign_key_checks = 1`),
        );
        await db.exec(`create database ${other};
          create table ${other}.c (id integer primary key, p integer, foreign key (p) references ${here}.p (id) on delete cascade);
          create table d (id integer primary key, c integer, foreign key (c) references ${other}.c (id) on delete set null);
          insert into p values (1), (2); insert into ${other}.c values (1, 1), (2, 2); insert into d values (1, 1), (2, 2);`);
        const ondelete = await open(db.handle);
        const plan = await ondelete.plan(key("p", "1"));
        expect([plan.verdict, plan.nativeVerdict]).toEqual(["allowed", "applies"]);
        expect(plan.deletes.map((d) => [d.table, d.rows, d.depth])).toEqual([
          ["p", 1, 0],
          [`${other}.c`, 1, 1],
        ]);
        expect(plan.updates.map((u) => [u.relation, u.rows])).toEqual([[`d(c) -> ${other}.c(id)`, 1]]);
        const operation = await done(ondelete, plan);
        const others = () => db.rows(`select * from ${other}.c order by id`);
        expect(await others()).toEqual([{ id: "2", p: "2" }]);
        expect((await dump(db, variant)).d).toEqual(["1|∅", "2|2"]);
        expect((await ondelete.restore(operation)).inserts).toEqual({ p: 1, [`${other}.c`]: 1 });
        expect(await others()).toEqual([
          { id: "1", p: "1" },
          { id: "2", p: "2" },
        ]);
        expect((await dump(db, variant)).d).toEqual(["1|1", "2|2"]);
        expect((await ondelete.plan(key(`${other}.c`, "1"))).totals).toMatchObject({
          deleted: 1,
          updated: 1,
        });
      });

      const NOTES = `create table p (id integer primary key);
        create table n (id integer primary key, p integer) engine = MyISAM;
        create table f (id integer primary key, p integer, foreign key (p) references p (id) on delete cascade) engine = Aria;
        insert into p values (1), (2); insert into n values (1, 1); insert into f values (1, 2);`;
      const configured = (onDelete: "cascade" | "set null" | "restrict"): Config => ({
        relations: [{ child: "n", columns: ["p"], parent: "p", parentColumns: ["id"], onDelete }],
      });

      test("rows of a table without transactions are planned with a warning and not deleted or updated, and a table that loses none is none of the delete's business", async () => {
        const { db } = await prepare(variant, fresh, made(NOTES));
        const before = await dump(db, variant);
        for (const [config, root] of [
          [{}, "n"],
          [configured("cascade"), "p"],
          [configured("set null"), "p"],
        ] as const) {
          const ondelete = await open(db.handle, config);
          const { warnings } = await ondelete.plan(key(root, "1"));
          expect(warnings.filter((w) => w.code === "not-transactional").map((w) => w.table)).toEqual(["n"]);
          const error = await failure(ondelete.delete(key(root, "1")));
          expect([error.code, error.exitCode, error.details]).toEqual(["unsupported", 2, { table: "n" }]);
          expect(error.hint).toContain("InnoDB");
        }
        expect(await dump(db, variant)).toEqual(before);
        const kept = await open(db.handle, configured("restrict"));
        expect((await kept.plan(key("p", "1"))).blockers.map((b) => [b.relation, b.rows])).toEqual([
          ["n(p) -> p(id)", 1],
        ]);
        // E20: the foreign key of such a table is ignored, and never stored.
        expect((await (await open(db.handle)).delete(key("p", "2"))).deleted).toEqual({ p: 1 });
      });

      test("a plan that is stopped during a statement ends at once and leaves no temporary table", async () => {
        const { db } = await prepare(variant, fresh, {
          tables: { n: { id: PK, up: INT } },
          fks: ["n(up) -> n(id) on delete cascade"],
          rows: { n: [[1, null]] },
        });
        const pool = db.handle as Pool;
        const ondelete = await open(pool);
        const stop = new AbortController();
        const planning = failure(ondelete.plan(where("n", "sleep(20) = 0"), { signal: stop.signal }));
        await asleep(pool);
        const stopped = Date.now();
        stop.abort();
        expect((await planning).code).toBe("interrupted");
        expect(Date.now() - stopped).toBeLessThan(5_000);
        expect((await ondelete.plan(where("n", "id = 1"))).totals.deleted).toBe(1);
      });

      test("scratch tables are gone after a plan, a delete, an error and a stop", async () => {
        const { db } = await prepare(variant, fresh, {
          tables: { n: { id: PK, up: INT } },
          fks: ["n(up) -> n(id) on delete cascade"],
          rows: {
            n: [
              [1, null],
              [2, 1],
            ],
          },
          sql: [
            `create function boom(n integer) returns boolean begin
              if n = 2 then signal sqlstate '45000' set message_text = 'boom'; end if; return true; end`,
          ],
        });
        const session = await openSession(db, variant);
        const ondelete = await open(session.handle);
        const plan = await ondelete.plan(where("n", "id > 0"));
        const names = plan.steps.flatMap((s) => /temporary table `(.+?)`/.exec(s.sql)?.[1] ?? []);
        expect(names.length).toBeGreaterThan(0);
        const left = async () => {
          const found = [];
          for (const name of names)
            if (
              await session.rows(`select 1 from "${name}"`).then(
                () => true,
                () => false,
              )
            )
              found.push(name);
          return found;
        };
        expect(await left()).toEqual([]);
        const stop = new AbortController();
        expect((await failure(ondelete.plan(where("n", "boom(id)")))).message).toContain("boom");
        expect((await failure(ondelete.delete(where("n", "boom(id)")))).message).toContain("boom");
        const deleting = ondelete.delete(where("n", "id > 0"), { signal: stop.signal });
        for await (const _ of deleting) stop.abort();
        expect((await failure(deleting)).code).toBe("interrupted");
        expect(await left()).toEqual([]);
        await done(ondelete, where("n", "id > 0"));
        expect(await left()).toEqual([]);
      });

      test("a delete that a deadlock ended is done when it is tried again", async () => {
        const { db, ondelete } = await prepare(variant, fresh, {
          ...FAMILY,
          sql: ["insert into log (what) select seq from seq_1_to_2000"],
        });
        await done(ondelete, key("p", "2"));
        const other = await openSession(db, variant);
        await other.run("begin");
        // The server ends the transaction that has changed fewer rows.
        await other.run("update log set what = 0; update c set id = id + 10 where id = 1");
        const deleting = ondelete.delete(key("p", "1"));
        await waiting(db.handle as Pool);
        await other.run("select * from p where id = 1 for update");
        await other.run("commit");
        expect((await deleting).deleted).toEqual({ p: 1, c: 2 });
        expect((await dump(db, variant)).c).toEqual([]);
      });
    },
    { engines: ["mariadb"], because: "it is about something that only MariaDB has" },
  );
});

async function until(pool: Pool, query: string): Promise<void> {
  // InnoDB shows the state of before to whoever asks more often than every 100 ms.
  for (let tries = 0; tries < 40; tries++) {
    if ((await mariadbRows(pool, query)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect.unreachable("no statement came to wait");
}

const PROCESSES = "information_schema.processlist p";

const asleep = (pool: Pool) =>
  until(pool, `select 1 from ${PROCESSES} where p.db = database() and p.state = 'User sleep'`);

const waiting = (pool: Pool) =>
  until(
    pool,
    `select 1 from ${PROCESSES} join information_schema.innodb_trx t on p.id = t.trx_mysql_thread_id
      where p.db = database() and t.trx_state = 'LOCK WAIT'`,
  );
