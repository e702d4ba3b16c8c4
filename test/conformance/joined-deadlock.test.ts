import { Kysely, MysqlDialect, PostgresDialect } from "kysely";
import type { Pool as MyPool } from "mysql2/promise";
import type { Pool } from "pg";
import { describe, expect, test } from "vitest";
import { type Database, OnDeleteError, open } from "../../src/index.ts";
import { done, key, prepare } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, heavy: { id: PK } },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: { p: [[1], [2], [3]], c: [[1, 2]] },
};

/** What the application's transaction can do. */
interface Caller {
  readonly joined: Database;
  run(sql: string): Promise<unknown>;
}

type InTransaction = (
  db: TestDatabase,
  variant: Variant,
  work: (own: Caller) => Promise<void>,
) => Promise<void>;

const ownHandle: InTransaction = async (db, variant, work) => {
  const session = await openSession(db, variant);
  await session.run("begin");
  try {
    await work({ joined: await open(session.handle), run: session.run });
    await session.run("commit");
  } catch (error) {
    await session.run("rollback");
    throw error;
  }
};

const ofKysely: InTransaction = async (db, variant, work) => {
  const dialect =
    variant.engine === "mariadb"
      ? new MysqlDialect({ pool: (db.handle as MyPool).pool as never })
      : new PostgresDialect({ pool: db.handle as Pool });
  await new Kysely<object>({ dialect }).transaction().execute(async (trx) => {
    const run = (sql: string) => trx.executeQuery({ sql, parameters: [] } as never);
    await work({ joined: await open(trx), run });
  });
};

describe("a deadlock in a transaction of the caller's", () => {
  eachVariant(
    (variant, fresh) => {
      test.for([
        ["its own handle", ownHandle],
        ["Kysely", ofKysely],
      ] as const)(
        "through %s: what the caller wrote and the delete are both there afterwards, or neither",
        async ([, inTransaction]) => {
          const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
          await done(ondelete, key("p", "1"));
          const before = await dump(db, variant);
          const other = await openSession(db, variant);
          await other.run("begin");
          // MariaDB takes the one back that has written less.
          const many = Array.from({ length: 200 }, (_, n) => `(${n})`).join();
          await other.run(`insert into heavy values ${many}`);
          await other.run("select * from p where id = 2 for update");

          const end = inTransaction(db, variant, async ({ joined, run }) => {
            await run("insert into p values (9)");
            await run("select * from p where id = 3 for update");
            const waits = other
              .run("select * from p where id = 3 for update")
              .catch(() => {})
              .then(() => other.run("rollback"));
            await Promise.all([done(joined, key("p", "2")), waits]);
          });
          const code = await end.then(
            () => "done",
            (error: unknown) => (error instanceof OnDeleteError ? error.code : error),
          );
          // PostgreSQL chooses by who looks first, and rolls back no more than the savepoint, so that it can go on.
          expect(variant.engine === "mariadb" ? ["locked"] : ["done", "locked"]).toContain(code);
          const after = { ...before, p: ["3", "9"], c: [] };
          expect(await dump(db, variant)).toEqual(code === "done" ? after : before);
        },
      );
    },
    {
      engines: ["postgres", "mariadb"],
      because: "a deadlock takes two sessions that lock rows",
    },
  );
});
