import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { open } from "../../../src/index.ts";
import { eachVariant } from "../../support/stages.ts";

/** Two thousand parents with ten children each, of which each has a row below, and one that only points at it. */
const DDL = [
  "create table p (id integer primary key, filler text not null default repeat('x', 100))",
  "create table c (id integer primary key, p_id integer not null references p on delete cascade)",
  "create table d (id integer primary key, c_id integer not null references c on delete cascade)",
  "create table u (id integer primary key, c_id integer references c on delete set null)",
  "create index on c (p_id); create index on d (c_id); create index on u (c_id)",
  "insert into p select g from generate_series(1, 2000) g",
  "insert into c select g, 1 + g % 2000 from generate_series(1, 20000) g",
  "insert into d select g, g from generate_series(1, 20000) g",
  "insert into u select g, g from generate_series(1, 20000) g",
  "analyze",
];

eachVariant(
  (variant, fresh) => {
    test("rows are found by their indexes, however many others there are: a delete of one parent, and its restore", async () => {
      const db = await fresh();
      await db.exec(DDL);
      await (await open(db.handle)).makeJournal();
      const client = variant.engine === "postgres" ? await (db.handle as Pool).connect() : null;
      onTestFinished(() => client?.release(true));
      const query = (text: string): Promise<{ readonly rows: unknown[] }> =>
        client ? client.query(text) : (db.handle as PGlite).query(text);
      const scans = async () => {
        const { rows } = await query(
          "select sum(seq_scan)::text as scans from pg_stat_xact_user_tables where schemaname = 'public'",
        );
        return Number((rows[0] as { readonly scans: string }).scans);
      };
      await query("begin");
      // What the session did before, and has not told yet, counts along.
      const before = await scans();
      const ondelete = await open(client ?? db.handle);
      const { operation, deleted, updated } = await ondelete.delete({
        table: "p",
        select: { kind: "columns", values: { id: "7" } },
      });
      expect([deleted, updated]).toEqual([{ p: 1, c: 10, d: 10 }, { u: 10 }]);
      expect((await scans()) - before).toBe(0);
      expect((await ondelete.restore(operation ?? "")).state).toBe("done");
      expect((await scans()) - before).toBe(0);
      await query("rollback");
    });
  },
  { engines: ["pglite", "postgres"], because: "it is about PostgreSQL's planner" },
);
