import type { PGlite } from "@electric-sql/pglite";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { failure, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, n: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade", "n(p) -> p(id) on delete set null"],
  rows: {
    p: [[1], [2]],
    c: [
      [1, 1],
      [2, 2],
    ],
    n: [[1, 1]],
  },
};
const ROLE = `ondelete_test_role_${process.pid}`;
const ALL = `grant all on schema public to ${ROLE}; grant select, insert, update, delete on all tables in schema public to ${ROLE}; grant create on database`;

interface Case {
  readonly title: string;
  readonly setup: readonly string[];
  readonly plan: readonly string[] | string;
  readonly code: string;
  readonly exit: number;
}

const CASES: readonly Case[] = [
  {
    title: "row-level security that hides rows of a table in the closure",
    setup: ["alter table c enable row level security", `create policy own on c to ${ROLE} using (id <> 1)`],
    plan: "rows-hidden",
    code: "rows-hidden",
    exit: 3,
  },
  {
    title: "row-level security that hides rows of a table that would be nulled",
    setup: ["alter table n enable row level security"],
    plan: "rows-hidden",
    code: "rows-hidden",
    exit: 3,
  },
  {
    title: "row-level security on the root's own table",
    setup: ["alter table p enable row level security", `create policy own on p to ${ROLE} using (true)`],
    plan: "rows-hidden",
    code: "rows-hidden",
    exit: 3,
  },
  {
    title: "no right to delete children",
    setup: [`revoke delete on c from ${ROLE}`],
    plan: ["c privilege 1"],
    code: "privilege-missing",
    exit: 3,
  },
  {
    title: "no right to update what would be nulled",
    setup: [`revoke update on n from ${ROLE}`],
    plan: ["n privilege 1"],
    code: "privilege-missing",
    exit: 3,
  },
  {
    title: "the right to update another column than the one that would be nulled",
    setup: [`revoke update on n from ${ROLE}`, `grant update (id) on n to ${ROLE}`],
    plan: ["n privilege 1"],
    code: "privilege-missing",
    exit: 3,
  },
  {
    title: "no right to read a table in the closure",
    setup: [`revoke select on c from ${ROLE}`],
    plan: "privilege-missing",
    code: "privilege-missing",
    exit: 3,
  },
];

const ENOUGH = [
  {
    title: "on the one column that is nulled",
    setup: [`revoke update on n from ${ROLE}`, `grant update (p) on n to ${ROLE}`],
  },
  {
    title: "on the one column that is nulled, given to PUBLIC, and to delete too",
    setup: [
      `revoke update, delete on n, c from ${ROLE}`,
      "grant update (p) on n to public",
      "grant delete, update on c to public",
    ],
  },
  {
    title: "inherited from another role",
    setup: [
      `revoke update, delete on n, c from ${ROLE}`,
      `create role ${ROLE}_of`,
      `grant update (p) on n to ${ROLE}_of; grant delete, update on c to ${ROLE}_of; grant ${ROLE}_of to ${ROLE}`,
    ],
  },
  {
    title: "to lock, on any column",
    setup: [`revoke update on p, c from ${ROLE}`, `grant update (id) on p, c to ${ROLE}`],
  },
];

describe("a role that may not do everything", () => {
  eachVariant(
    (variant, fresh) => {
      const asRole = async (
        setup: readonly string[],
        work: (handle: object, db: Awaited<ReturnType<typeof fresh>>) => Promise<void>,
      ) => {
        const { db } = await prepare(variant, fresh, SCHEMA);
        const name = (await db.rows("select quote_ident(current_database()) as name"))[0]?.name;
        await db.exec([`create role ${ROLE}`, `${ALL} ${name} to ${ROLE}`, ...setup]);
        const session = await openSession(db, variant);
        try {
          await session.run(`set role ${ROLE}`);
          await work(session.handle, db);
        } finally {
          await session.run("reset role");
          await session.end();
          await db.exec([`drop owned by ${ROLE} cascade`, `drop role ${ROLE}`]);
          const others = await db.rows(`select 1 from pg_roles where rolname = '${ROLE}_of'`);
          if (others.length > 0) await db.exec([`drop owned by ${ROLE}_of`, `drop role ${ROLE}_of`]);
        }
      };

      test.for(CASES)("$title", async ({ setup, plan, code, exit }) => {
        await asRole(setup, async (handle, db) => {
          const before = variant.engine === "postgres" ? await dump(db, variant) : null;
          const ondelete = await open(handle);
          if (typeof plan === "string") {
            const error = await failure(ondelete.plan(key("p", "1")));
            expect([error.code, error.exitCode]).toEqual([plan, 3]);
          } else {
            const made = await ondelete.plan(key("p", "1"));
            expect(made.verdict).toBe("blocked");
            expect(made.blockers.map((b) => `${b.table} ${b.reason} ${b.rows}`)).toEqual(plan);
          }
          const error = await failure(ondelete.delete(key("p", "1")));
          expect([error.code, error.exitCode]).toEqual([code, exit]);
          if (before) expect(await dump(db, variant)).toEqual(before);
        });
      });

      test.for(ENOUGH)("the right $title is enough", async ({ setup }) => {
        await asRole(setup, async (handle) => {
          const ondelete = await open(handle);
          expect((await ondelete.plan(key("p", "1"))).blockers).toEqual([]);
          const outcome = await ondelete.delete(key("p", "1"));
          expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 }, updated: { n: 1 } });
        });
      });

      test("with all rights it deletes and restores", async () => {
        await asRole([], async (handle, db) => {
          const before = variant.engine === "postgres" ? await dump(db, variant) : null;
          const ondelete = await open(handle);
          const outcome = await ondelete.delete(key("p", "1"));
          expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 }, updated: { n: 1 } });
          expect((await ondelete.restore(outcome.operation ?? "")).state).toBe("done");
          if (before) expect(await dump(db, variant)).toEqual(before);
        });
      });

      test("in a read-only transaction or session a delete fails with code read-only, a plan does not", async () => {
        await asRole([], async (handle) => {
          const run = (sql: string) =>
            "exec" in handle
              ? (handle as PGlite).exec(sql)
              : (handle as { query(q: string): Promise<unknown> }).query(sql);
          await run("set default_transaction_read_only = on");
          const ondelete = await open(handle);
          expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(2);
          const error = await failure(ondelete.delete(key("p", "1")));
          expect([error.code, error.exitCode]).toEqual(["read-only", 3]);
          await run("set default_transaction_read_only = off");
        });
      });
    },
    { engines: ["postgres", "pglite"], because: "SQLite has no roles (capability roles)" },
  );
});
