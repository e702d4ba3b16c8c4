import { describe, expect, test } from "vitest";
import { type Config, OnDeleteError, open } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import type { Variant } from "../support/databases.ts";
import { dump, objects, type Reader } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import type { Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const WAITING = {
  postgres: (event: "sleep" | "lock") =>
    `select 1 from pg_stat_activity where datname = current_database() and '${event === "sleep" ? "PgSleep" : "Lock"}' in (wait_event, wait_event_type)`,
  mariadb: (event: "sleep" | "lock") =>
    event === "sleep"
      ? "select 1 from information_schema.processlist where db = database() and state = 'User sleep'"
      : `select 1 from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
        where p.db = database() and t.trx_state = 'LOCK WAIT'`,
};

/** Waits until a statement of this database sleeps or waits for a lock. */
async function until(db: Reader, variant: Variant, event: "sleep" | "lock"): Promise<void> {
  const query = WAITING[variant.engine === "mariadb" ? "mariadb" : "postgres"](event);
  // InnoDB shows the state of before to whoever asks more often than every 100 ms.
  for (let tries = 0; tries < 40; tries++) {
    if ((await db.rows(query)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  expect.unreachable(`no statement came to wait on ${event}`);
}

/** A trigger that takes its time before a row is deleted. */
const slow = (variant: Variant, table: string, seconds: number): string =>
  variant.engine === "mariadb"
    ? `create trigger slow before delete on ${table} for each row do sleep(${seconds});`
    : `create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(${seconds}); return old; end';
      create trigger slow before delete on ${table} for each row execute function slow();`;

const MEANWHILE = [
  {
    title: "given another reference",
    sql: "update c set p = 7 where id = 10",
    conflict: "edited",
    left: ["10|7"],
  },
  { title: "deleted", sql: "delete from c where id = 10", conflict: "row-gone", left: [] },
];

describe("sessions beside each other that went wrong once", () => {
  eachVariant(
    (variant, fresh) => {
      test.for(MEANWHILE)("a restore waits for a nulled row that is being $title", async (meanwhile) => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer references p (id) on delete set null);
            insert into p values (1), (7); insert into c values (10, 1);`),
        );
        const operation = await done(ondelete, key("p", "1"));
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run(meanwhile.sql);
        const restoring = ondelete.restore(operation).then((r) => r);
        await until(db, variant, "lock");
        await other.run("commit");
        const { state, conflicts } = await restoring;
        expect([state, conflicts.map((c) => [c.kind, c.table, c.rows])]).toEqual([
          "blocked",
          [[meanwhile.conflict, "c", 1]],
        ]);
        expect(await dump(db, variant)).toEqual({ p: ["7"], c: meanwhile.left });
      });

      test("a late child of a configured relation is no orphan", async () => {
        const config: Config = {
          relations: [
            { child: "c", columns: ["p"], parent: "p", parentColumns: ["id"], onDelete: "cascade" },
          ],
        };
        const schema =
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer);
          ${slow(variant, "p", 1)}
          insert into p values (1); insert into c values (1, 1);`);
        const { db, ondelete } = await prepare(variant, fresh, schema, config);
        const deleting = ondelete.delete(key("p", "1")).then(
          ({ state }) => state,
          (error: unknown) => error,
        );
        await until(db, variant, "sleep");
        await db.exec("insert into c values (2, 1)");
        const ended = await deleting;
        if (ended instanceof OnDeleteError) {
          expect(ended.code).toBe("plan-changed");
          expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1", "2|1"] });
        } else {
          expect(ended).toBe("done");
          expect(await dump(db, variant)).toEqual({ p: [], c: [] });
        }
      });

      test("two deletes with the same children at the same time: each row goes once, and comes back", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key);
            create table c (id integer primary key, a integer references p (id) on delete cascade, b integer references p (id) on delete cascade);
            create index c_a on c (a); create index c_b on c (b); insert into p values (1), (2);
            insert into c select g, 1 + g % 2, 2 - g % 2 from ${variant.engine === "mariadb" ? "(select seq as g from seq_1_to_1500) s" : "generate_series(1, 1500) g"};`),
        );
        const second = await open(db.handle);
        await ondelete.delete(where("p", "false"));
        const before = await dump(db, variant);
        for (let round = 0; round < 8; round++) {
          const outcomes = await Promise.all([ondelete.delete(key("p", "1")), second.delete(key("p", "2"))]);
          expect(outcomes.map((o) => [o.state, o.deleted.p])).toEqual([
            ["done", 1],
            ["done", 1],
          ]);
          expect(outcomes.reduce((sum, o) => sum + (o.deleted.c ?? 0), 0)).toBe(1500);
          expect(await dump(db, variant)).toEqual({ p: [], c: [] });
          // The one that took the children needs the parent that the other one took.
          const inTurn = outcomes.sort((a, b) => (a.deleted.c ?? 0) - (b.deleted.c ?? 0));
          for (const { operation } of inTurn) {
            expect((await ondelete.restore(operation ?? "")).state).toBe("done");
          }
          expect(await dump(db, variant)).toEqual(before);
        }
      });

      test("a delete that is stopped in the middle leaves nothing", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer references p (id) on delete cascade);
            insert into p values (1); insert into c values (1, 1);
            ${slow(variant, "c", 20)}`),
        );
        const [before, stop] = [await objects(db, variant), new AbortController()];
        const deleting = failure(ondelete.delete(key("p", "1"), { signal: stop.signal }));
        await until(db, variant, "sleep");
        const stopped = Date.now();
        stop.abort();
        const error = await deleting;
        expect([error.code, error.exitCode]).toEqual(["interrupted", 4]);
        expect(Date.now() - stopped).toBeLessThan(5_000);
        expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1"] });
        // Where making tables commits, the journal was made before the transaction that was stopped.
        const existing = (await objects(db, variant)).filter((o) => !o.includes(" ondelete_"));
        expect(existing).toEqual(before);
        expect((await ondelete.status()).operations).toEqual([]);
        await db.exec(
          variant.engine === "mariadb" ? "drop trigger slow" : "alter table c disable trigger slow",
        );
        expect((await ondelete.delete(key("p", "1"))).deleted).toEqual({ p: 1, c: 1 });
      });
    },
    {
      engines: ["postgres", "mariadb"],
      because: "one of two sessions at a time writes there, or there is one only",
    },
  );
});
