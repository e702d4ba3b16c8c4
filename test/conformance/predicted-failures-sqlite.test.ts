import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { failure, key, prepare } from "../support/act.ts";
import { blockers, made, P, planned, refuses } from "../support/predicted.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";

describe("foreign keys that SQLite cannot resolve", () => {
  eachVariant(
    (variant, fresh) => {
      const FAULTY = [
        {
          title: "a parent column that is not unique",
          sql: [
            "create table p (id integer primary key, code text)",
            "create table c (id integer primary key, p text references p (code) on delete cascade)",
            "insert into p values (1, 'a')",
          ],
          says: /c\(p\) references p\(code\).*UNIQUE index/,
          engine: "foreign key mismatch",
        },
        {
          title: "a parent column that only a partial index holds to be unique",
          sql: [
            "create table p (id integer primary key, code text)",
            "create unique index one on p (code) where code <> ''",
            "create table c (id integer primary key, p text references p (code) on delete set null)",
            "insert into p values (1, 'a')",
          ],
          says: /c\(p\) references p\(code\)/,
          engine: "foreign key mismatch",
        },
        {
          title: "a unique index of another collation",
          sql: [
            "create table p (id integer primary key, code text)",
            "create unique index one on p (code collate nocase)",
            "create table c (id integer primary key, p text references p (code))",
            "insert into p values (1, 'a')",
          ],
          says: /c\(p\) references p\(code\)/,
          engine: "foreign key mismatch",
        },
        {
          title: "another number of columns than the primary key",
          sql: [
            "create table p (id integer, n integer, primary key (id, n))",
            "create table q (id integer primary key references p)",
            "insert into p values (1, 1)",
          ],
          says: /q\(id\) references the primary key of p/,
          engine: "foreign key mismatch",
          keys: ["1", "1"],
        },
        {
          title: "a column that does not exist",
          sql: [
            P,
            "create table c (id integer primary key, p integer references p (nope))",
            "insert into p values (1)",
          ],
          says: /c\(p\) references p\(nope\)/,
          engine: "foreign key mismatch",
        },
        {
          title: "a parent table that does not exist, of a table to which a cascade leads",
          sql: [
            P,
            "create table c (id integer primary key, p integer references p on delete cascade, q integer references q)",
            "insert into p values (1)",
          ],
          says: /c\(q\) references table q, which does not exist/,
          engine: "no such table: main.q",
        },
        {
          title: "a parent table that does not exist, of the column that would be nulled",
          sql: [
            P,
            "create table c (id integer primary key, p integer references p on delete set null references q)",
            "insert into p values (1)",
          ],
          says: /c\(p\) references table q, which does not exist/,
          engine: "no such table: main.q",
        },
        {
          title: "a fault three levels below",
          sql: [
            P,
            "create table c (id integer primary key, p integer references p on delete cascade)",
            "create table d (id integer primary key, c integer references c on delete cascade)",
            "create table e (id integer primary key, d integer references d on delete set null, n integer)",
            "create table f (id integer primary key, e integer references e (n), d integer references e (d) on update cascade)",
            "insert into p values (1)",
          ],
          says: /references e\(/,
          engine: "foreign key mismatch",
        },
      ];

      test.for(FAULTY)("$title blocks what SQLite refuses", async ({ sql, says, engine, keys = ["1"] }) => {
        const { db, ondelete } = await prepare(variant, fresh, made(...sql));
        const before = await dump(db, variant);
        const plan = await ondelete.plan(key("p", ...keys));
        expect(blockers(plan)).toEqual(["p check 1"]);
        expect(plan.blockers[0]?.message).toMatch(says);
        expect([plan.nativeVerdict, plan.deletableRoots]).toEqual(["refused", []]);
        expect((await ondelete.delete(plan)).state).toBe("blocked");
        expect(await refuses(db, "delete from p")).toContain(engine);
        expect(await dump(db, variant)).toEqual(before);
      });

      test("what a fault does not concern is planned and done", async () => {
        const plan = await planned(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references p on delete set null, q integer references q)",
            "create table d (id integer primary key, c integer references c on delete restrict)",
            "insert into p values (1)",
            "insert into c values (1, 1, null)",
          ),
        );
        expect([plan.verdict, plan.updates.map((u) => u.rows)]).toEqual(["allowed", [1]]);
      });

      test("a unique key in another order of columns is a key", async () => {
        const plan = await planned(
          variant,
          fresh,
          made(
            "create table p (id integer primary key, a text collate nocase, b integer, unique (b, a))",
            "create table c (id integer primary key, a text, b integer, foreign key (a, b) references P (A, B) on delete cascade)",
            "insert into p values (1, 'x', 1)",
            "insert into c values (1, 'X', 1)",
          ),
        );
        expect([plan.verdict, plan.totals.deleted]).toEqual(["allowed", 2]);
      });

      test("with foreign keys off nothing is refused", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references q)",
            "insert into p values (1)",
          ),
        );
        await db.exec("pragma foreign_keys = off");
        expect((await ondelete.plan(key("p", "1"))).verdict).toBe("allowed");
      });
    },
    { engines: ["sqlite"], because: "the others refuse such a foreign key when it is made" },
  );
});

describe("SQLite files and keys", () => {
  eachVariant(
    (variant, fresh) => {
      test("a file that is open for reading alone is planned, and the delete ends with code read-only", async () => {
        const { db } = await prepare(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references p on delete cascade)",
            "create table d (id integer primary key, d integer references d on delete cascade, p integer references p on delete cascade)",
            "insert into p values (1)",
            "insert into c values (1, 1)",
          ),
        );
        const before = await dump(db, variant);
        const handle = new DatabaseSync(db.url.replace(/^sqlite:/, ""), { readOnly: true });
        try {
          handle.exec("pragma foreign_keys = on");
          const ondelete = await open(handle);
          expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(2);
          const error = await failure(ondelete.delete(key("p", "1")));
          expect([error.code, error.exitCode]).toEqual(["read-only", 3]);
        } finally {
          handle.close();
        }
        expect(await dump(db, variant)).toEqual(before);
      });

      test("SET NULL into a key that may be null is refused in words", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(
            "create table p (id text primary key)",
            "create table c (p text primary key references p on delete set null)",
            "insert into p values ('1'), ('2')",
            "insert into c values ('1')",
          ),
        );
        const before = await dump(db, variant);
        for (const verb of [ondelete.plan, ondelete.delete]) {
          const error = await failure(verb(key("p", "1")));
          expect([error.code, error.message]).toEqual([
            "unsupported",
            "c(p) -> p(id) would change c.p to null, and rows are followed by that key.",
          ]);
        }
        expect(await dump(db, variant)).toEqual(before);
        expect((await ondelete.delete(key("p", "2"))).state).toBe("done");
      });
    },
    { engines: ["sqlite"], because: "it is about SQLite's files and its keys that may be null" },
  );
});
