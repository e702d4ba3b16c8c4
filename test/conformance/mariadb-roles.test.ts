import { createConnection } from "mysql2/promise";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Database, open } from "../../src/index.ts";
import { failure, key, prepare } from "../support/act.ts";
import type { TestDatabase } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
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
const ROLE = `ondelete_test_${process.pid}`;
/** What `doctor --grants` asks for, on the database. */
const READING = "grant select, references, create temporary tables on DB.*";
const EACH = ["p", "c", "n"];
const JOURNAL = ["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"].map(
  (name) => `grant select, insert, update, create on DB.ondelete_${name}`,
);

const CASES = [
  {
    title: "no right to delete children",
    grants: [READING, ...["p", "n"].map((t) => `grant delete on DB.${t}`), "grant update on DB.n"],
    blockers: ["c privilege 1"],
  },
  {
    title: "no right to update what would be nulled",
    grants: [READING, ...EACH.map((t) => `grant delete on DB.${t}`)],
    blockers: ["n privilege 1"],
  },
  {
    title: "the right to update another column than the one that would be nulled",
    grants: [READING, ...EACH.map((t) => `grant delete on DB.${t}`), "grant update (id) on DB.n"],
    blockers: ["n privilege 1"],
  },
  {
    title: "no right to delete anything",
    grants: [READING],
    blockers: ["c privilege 1", "n privilege 1", "p privilege 1"],
  },
] as const;

describe("a user who may not do everything", () => {
  eachVariant(
    (variant, fresh) => {
      const asUser = async (grants: readonly string[]): Promise<{ db: TestDatabase; ondelete: Database }> => {
        const { db, ondelete: owner } = await prepare(variant, fresh, SCHEMA);
        expect((await owner.delete(key("p", "2"))).state).toBe("done");
        const name = `"${(await db.rows("select database() as name"))[0]?.name}"`;
        await db.exec(`create user ${ROLE}@'%'`);
        onTestFinished(() => db.exec(`drop user ${ROLE}@'%'`));
        await db.exec(grants.map((grant) => `${grant.replace("DB", name)} to ${ROLE}@'%'`));
        const url = new URL(db.url);
        Object.assign(url, { username: ROLE, password: "" });
        const connection = await createConnection({ uri: url.href });
        onTestFinished(() => connection.end());
        return { db, ondelete: await open(connection) };
      };

      test.for(CASES)(
        "$title: the plan names it, and the delete ends with 3",
        async ({ grants, blockers }) => {
          const { db, ondelete } = await asUser(grants);
          const before = await dump(db, variant);
          const plan = await ondelete.plan(key("p", "1"));
          expect(plan.verdict).toBe("blocked");
          expect(plan.blockers.map((b) => `${b.table} ${b.reason} ${b.rows}`).sort()).toEqual(blockers);
          const error = await failure(ondelete.delete(key("p", "1")));
          expect([error.code, error.exitCode]).toEqual(["privilege-missing", 3]);
          expect(await dump(db, variant)).toEqual(before);
        },
      );

      test("rows are locked with the right to read them: UPDATE is asked for what is nulled alone", async () => {
        const deletes = EACH.map((t) => `grant delete on DB.${t}`);
        const { db, ondelete } = await asUser([READING, ...deletes, "grant update on DB.n", ...JOURNAL]);
        const outcome = await ondelete.delete(key("p", "1"));
        expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 }, updated: { n: 1 } });
        expect(await dump(db, variant)).toEqual({ p: [], c: [], n: ["1|∅"] });
      });

      test("the right to update the one column that is nulled is enough", async () => {
        const deletes = EACH.map((t) => `grant delete on DB.${t}`);
        const { db, ondelete } = await asUser([READING, ...deletes, "grant update (P) on DB.n", ...JOURNAL]);
        expect((await ondelete.plan(key("p", "1"))).verdict).toBe("allowed");
        const outcome = await ondelete.delete(key("p", "1"));
        expect(outcome).toMatchObject({ state: "done", updated: { n: 1 } });
        expect(await dump(db, variant)).toEqual({ p: [], c: [], n: ["1|∅"] });
      });

      test("in a read-only session the plan is made, and the delete ends with code read-only", async () => {
        const { db } = await prepare(variant, fresh, SCHEMA);
        const connection = await createConnection({ uri: db.url });
        onTestFinished(() => connection.end());
        await connection.query("set session transaction read only");
        const before = await dump(db, variant);
        const ondelete = await open(connection);
        expect((await ondelete.plan(key("p", "1"))).verdict).toBe("allowed");
        const error = await failure(ondelete.delete(key("p", "1")));
        expect([error.code, error.exitCode]).toEqual(["read-only", 3]);
        expect(await dump(db, variant)).toEqual(before);
      });

      test("without a right on the journal the delete is told what is missing, and nothing is deleted", async () => {
        const { db, ondelete } = await asUser([
          READING,
          ...EACH.map((t) => `grant delete on DB.${t}`),
          "grant update on DB.n",
        ]);
        const before = await dump(db, variant);
        const error = await failure(ondelete.delete(key("p", "1")));
        expect([error.code, error.exitCode]).toEqual(["privilege-missing", 3]);
        expect(error.hint).toContain("doctor --grants");
        expect(await dump(db, variant)).toEqual(before);
      });

      test("a table of the closure that the user may not see keeps the delete from being planned as if it were not there", async () => {
        const { db, ondelete } = await asUser(["grant select, delete, references on DB.p"]);
        const before = await dump(db, variant);
        const ended = await ondelete.plan(key("p", "1")).then(
          (plan) => [plan.verdict, plan.blockers.map((b) => b.reason)],
          (error: { code: string; exitCode: number }) => [error.code, error.exitCode],
        );
        expect(ended).toEqual(["privilege-missing", 3]);
        expect(await dump(db, variant)).toEqual(before);
      });
    },
    { engines: ["mariadb"], because: "roles of PostgreSQL have a suite of their own, SQLite has none" },
  );
});
