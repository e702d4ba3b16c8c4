import type { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import type { ModelDocument } from "../../src/index.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import { dump, objects, type Reader } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import type { Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const tableIn = ({ tables }: ModelDocument, id: string) => tables.find((t) => t.id === id);
const relationIn = ({ relations }: ModelDocument, id: string) => relations.find((r) => r.id === id);

/** What both engines can declare, in the words of both. */
const COMMON = `create table parent (a integer not null, b integer not null, code varchar(10) not null, primary key (b, a), constraint code_key unique (code));
  create table child (id integer primary key, a integer, b integer default 7, code varchar(10), n integer,
    g integer generated always as (n * 2) stored, constraint positive check (n > 0),
    constraint whole foreign key (b, a) references parent (b, a) on delete set null on update cascade,
    constraint by_code foreign key (code) references parent (code) on delete restrict deferrable initially deferred);
  create index child_ba on child (b, a);
  create unique index child_part on child (n) where n > 5;`;

const POSTGRES = `create type mood as enum ('sad', 'it''s ok');
  create table more (id integer generated always as identity primary key, s serial, m mood, t text collate "C", a integer, b integer, c integer,
    constraint subset foreign key (b, a) references parent (b, a) match full on delete set null (a));
  alter table more add foreign key (c) references child (id) on delete set default not valid;
  create function f() returns trigger language plpgsql as 'begin return old; end';
  create trigger tr before delete or update on more for each row execute function f();
  create table part (id integer primary key) partition by range (id);
  create table part1 partition of part for values from (0) to (10);`;

const tableNumber = (i: number): string =>
  `create table t${i} (id integer primary key, c integer references t0, u integer unique, check (u > 0)); create index t${i}_c on t${i} (c);`;

async function untilAsleep(db: Reader): Promise<void> {
  const query =
    "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
  for (let tries = 0; tries < 200; tries++) {
    if ((await db.rows(query)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect.unreachable("no statement came to sleep");
}

describe("inspect shows what the outcome of a delete depends on", () => {
  eachVariant((variant, fresh) => {
    test("composite keys, unique targets, actions, deferrability, indexes", async () => {
      const { ondelete } = await prepare(variant, fresh, made(COMMON));
      const model = await ondelete.inspect();
      expect(model).toMatchObject({ ondelete: "1", kind: "model", engine: { name: variant.engine } });
      expect(model.relations.map((r) => r.id)).toEqual([
        "child(b,a) -> parent(b,a)",
        "child(code) -> parent(code)",
      ]);
      const declared = { child: "child", parent: "parent", origin: "declared", enforcedBy: "database" };
      expect(relationIn(model, "child(b,a) -> parent(b,a)")).toMatchObject({
        ...declared,
        columns: ["b", "a"],
        parentColumns: ["b", "a"],
        onDelete: "set null",
        onUpdate: "cascade",
        name: "whole",
        match: "simple",
        deferrable: false,
        initiallyDeferred: false,
        validated: true,
        enforced: true,
        setColumns: null,
        indexed: true,
        when: null,
      });
      expect(relationIn(model, "child(code) -> parent(code)")).toMatchObject({
        ...declared,
        columns: ["code"],
        onDelete: "restrict",
        onUpdate: "no action",
        name: "by_code",
        deferrable: true,
        initiallyDeferred: true,
        indexed: false,
      });
    });

    test("keys, defaults, generated columns, checks, partial indexes", async () => {
      const { ondelete } = await prepare(variant, fresh, made(COMMON));
      const model = await ondelete.inspect();
      expect(tableIn(model, "parent")).toMatchObject({
        kind: "table",
        primaryKey: ["b", "a"],
        uniqueKeys: [{ name: "code_key", columns: ["code"], nullsDistinct: true }],
      });
      const child = tableIn(model, "child");
      const column = (name: string) => child?.columns.find((c) => c.name === name);
      expect(column("b")).toMatchObject({ default: "7", nullable: true, generated: null, identity: null });
      expect(column("id")).toMatchObject({ default: null, nullable: false });
      expect(column("g")).toMatchObject({ generated: "stored", default: null });
      expect(column("g")?.expression).toMatch(/^\(?n \* 2\)?$/);
      expect(child?.checks).toEqual([
        { name: "positive", expression: expect.stringMatching(/^\(?n > 0\)?$/), enforced: true },
      ]);
      const index = child?.indexes.find((i) => i.name === "child_part");
      expect(index).toMatchObject({ columns: ["n"], unique: true, valid: true, method: "btree" });
      expect(index?.predicate).toMatch(/^\(?n > 5\)?$/);
      expect(child?.indexes.find((i) => i.name === "child_ba")).toMatchObject({
        columns: ["b", "a"],
        unique: false,
        predicate: null,
      });
    });
  });

  eachVariant(
    (variant, fresh) => {
      test("what PostgreSQL has besides", async () => {
        const { ondelete } = await prepare(variant, fresh, made(COMMON + POSTGRES));
        const model = await ondelete.inspect();
        expect(relationIn(model, "more(b,a) -> parent(b,a)")).toMatchObject({
          match: "full",
          setColumns: ["a"],
          onDelete: "set null",
          validated: true,
        });
        expect(relationIn(model, "more(c) -> child(id)")).toMatchObject({
          onDelete: "set default",
          validated: false,
          enforced: true,
        });
        const more = tableIn(model, "more");
        expect(more?.columns.slice(0, 4)).toMatchObject([
          { name: "id", identity: "always", sequence: "public.more_id_seq", nullable: false },
          { name: "s", identity: null, sequence: "public.more_s_seq" },
          { name: "m", type: "mood", enumValues: ["sad", "it's ok"] },
          { name: "t", type: "text", collation: expect.stringMatching(/"C"$/) },
        ]);
        expect(more?.triggers).toEqual([
          { name: "tr", timing: "before", events: ["delete", "update"], level: "row", enabled: true },
        ]);
        expect([tableIn(model, "part")?.kind, tableIn(model, "part")?.partitionOf]).toEqual([
          "partitioned",
          null,
        ]);
        expect([tableIn(model, "part1")?.kind, tableIn(model, "part1")?.partitionOf]).toEqual([
          "partition",
          "part",
        ]);
      });

      test("a restore puts sequences ahead of the rows that it brings back", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer generated always as identity primary key, s serial);
            insert into p default values; insert into p default values;`),
        );
        const operation = await done(ondelete, key("p", "2"));
        await db.exec(
          "delete from p; alter table p alter id restart with 1; alter sequence p_s_seq restart with 1",
        );
        await ondelete.restore(operation);
        await db.exec("insert into p default values");
        expect(await dump(db, variant)).toEqual({ p: ["2|2", "3|3"] });
      });
    },
    { engines: ["postgres", "pglite"], because: "it has no such feature" },
  );

  eachVariant(
    (variant, fresh) => {
      test("in ten queries at most", async () => {
        const ddl = Array.from({ length: 30 }, (_, i) => tableNumber(i)).join("\n");
        const { db, ondelete } = await prepare(variant, fresh, made(ddl));
        const spy =
          variant.engine === "sqlite"
            ? vi.spyOn(db.handle as DatabaseSync, "prepare")
            : vi.spyOn(pg.Client.prototype, "query");
        const model = await ondelete.inspect();
        const sent = spy.mock.calls.map(([query]: unknown[]) =>
          typeof query === "string" ? query : (query as { readonly text: string }).text,
        );
        spy.mockRestore();
        expect(model.tables).toHaveLength(30);
        const { length } = sent.filter((query) => /\b(select|pragma)\b/i.test(query));
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(10);
      });
    },
    {
      engines: ["sqlite", "postgres"],
      because: "the queries are counted in the driver, which is PostgreSQL's",
    },
  );

  eachVariant(
    (variant, fresh) => {
      test("what SQLite has besides, and its counter is ahead after a restore", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key autoincrement, t text collate nocase);
            create trigger tr after delete on p begin select 1; end; insert into p (t) values ('a'), ('b');`),
        );
        const p = tableIn(await ondelete.inspect(), "p");
        expect(p?.columns).toMatchObject([
          { name: "id", identity: "by default" },
          { name: "t", collation: "nocase" },
        ]);
        expect(p?.triggers).toMatchObject([
          { name: "tr", timing: "after", events: ["delete"], enabled: true },
        ]);
        const operation = await done(ondelete, key("p", "2"));
        await db.exec("delete from p; delete from sqlite_sequence where name = 'p'");
        await ondelete.restore(operation);
        await db.exec("insert into p (t) values ('c')");
        expect(await dump(db, variant)).toEqual({ p: ["2|b", "3|c"] });
      });
    },
    { engines: ["sqlite"], because: "it is another engine" },
  );

  eachVariant(
    (variant, fresh) => {
      test("a delete that is stopped in the middle leaves nothing", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer references p on delete cascade);
            insert into p values (1); insert into c values (1, 1);
            create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(20); return old; end';
            create trigger slow before delete on c for each row execute function slow();`),
        );
        const [before, stop] = [await objects(db, variant), new AbortController()];
        const deleting = failure(ondelete.delete(key("p", "1"), { signal: stop.signal }));
        await untilAsleep(db);
        const stopped = Date.now();
        stop.abort();
        const error = await deleting;
        expect([error.code, error.exitCode]).toEqual(["interrupted", 4]);
        expect(Date.now() - stopped).toBeLessThan(5_000);
        expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1"] });
        expect(await objects(db, variant)).toEqual(before);
        expect((await ondelete.status()).operations).toEqual([]);
        await db.exec("alter table c disable trigger slow");
        expect((await ondelete.delete(key("p", "1"))).deleted).toEqual({ p: 1, c: 1 });
      });
    },
    { engines: ["postgres"], because: "no second session can stop a statement" },
  );
});
