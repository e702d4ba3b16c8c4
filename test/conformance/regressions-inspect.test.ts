import type { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { describe, expect, test, vi } from "vitest";
import { type ModelDocument, open } from "../../src/index.ts";
import { done, key, prepare } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { familyOf, type Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const tableIn = ({ tables }: ModelDocument, id: string) => tables.find((t) => t.id === id);
const relationIn = ({ relations }: ModelDocument, id: string) => relations.find((r) => r.id === id);

/** What every engine can declare, in the words of all; MariaDB has no deferred constraints and no partial indexes. */
const common = (variant: Variant): string =>
  familyOf(variant) === "mariadb"
    ? COMMON.replace(" deferrable initially deferred", "").replace(" where n > 5", "")
    : COMMON;

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
  `create table t${i} (id integer primary key, c integer references t0 (id), u integer unique, check (u > 0)); create index t${i}_c on t${i} (c);`;

/** MariaDB counts the queries of a session itself. */
async function countOnServer(db: TestDatabase, variant: Variant): Promise<void> {
  const session = await openSession(db, variant);
  const count = async () => Number((await session.rows("show session status like 'Com_select'"))[0]?.Value);
  const ondelete = await open(session.handle);
  const before = await count();
  expect((await ondelete.inspect()).tables).toHaveLength(30);
  const sent = (await count()) - before;
  expect(sent).toBeGreaterThan(0);
  expect(sent).toBeLessThanOrEqual(10);
}

describe("inspect shows what the outcome of a delete depends on", () => {
  eachVariant((variant, fresh) => {
    const mariadb = variant.engine === "mariadb";

    test("composite keys, unique targets, actions, deferrability, indexes", async () => {
      const { ondelete } = await prepare(variant, fresh, made(common(variant)));
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
        // MariaDB says RESTRICT where nothing is said, and makes the index that a foreign key needs.
        onUpdate: mariadb ? "restrict" : "no action",
        name: "by_code",
        deferrable: !mariadb,
        initiallyDeferred: !mariadb,
        indexed: mariadb,
      });
    });

    test("keys, defaults, generated columns, checks, partial indexes", async () => {
      const { ondelete } = await prepare(variant, fresh, made(common(variant)));
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
      expect(column("g")?.expression).toMatch(/^\(?[`"]?n[`"]? \* 2\)?$/);
      expect(child?.checks).toMatchObject([
        { name: "positive", expression: expect.stringMatching(/^\(?[`"]?n[`"]? > 0\)?$/), enforced: true },
      ]);
      const index = child?.indexes.find((i) => i.name === "child_part");
      expect(index).toMatchObject({ columns: ["n"], unique: true, valid: true, method: "btree" });
      if (mariadb) expect(index?.predicate).toBe(null);
      else expect(index?.predicate).toMatch(/^\(?n > 5\)?$/);
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
    { engines: ["postgres", "pglite"], because: "it is another engine" },
  );

  eachVariant(
    (variant, fresh) => {
      test("in ten queries at most", async () => {
        const ddl = Array.from({ length: 30 }, (_, i) => tableNumber(i)).join("\n");
        const { db, ondelete } = await prepare(variant, fresh, made(ddl));
        if (variant.engine === "mariadb") return countOnServer(db, variant);
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
      engines: ["sqlite", "postgres", "mariadb"],
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
      test("what MariaDB has besides, and its counter is ahead after a restore", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer auto_increment primary key, t varchar(9) collate utf8mb4_bin, m enum('sad', 'it''s ok'),
              at timestamp not null default current_timestamp on update current_timestamp);
            create trigger tr after delete on p for each row set @gone = old.id; insert into p (t) values ('a'), ('b');`),
        );
        const p = tableIn(await ondelete.inspect(), "p");
        expect(p?.columns).toMatchObject([
          { name: "id", identity: "by default", nullable: false },
          { name: "t", collation: "utf8mb4_bin" },
          { name: "m", enumValues: ["sad", "it's ok"] },
          { name: "at", movesOnUpdate: true },
        ]);
        expect(p?.triggers).toEqual([
          { name: "tr", timing: "after", events: ["delete"], level: "row", enabled: true },
        ]);
        const operation = await done(ondelete, key("p", "2"));
        await db.exec("delete from p; alter table p auto_increment = 1");
        await ondelete.restore(operation);
        await db.exec("insert into p (t) values ('c')");
        expect(await db.rows("select id, t from p order by id")).toEqual([
          { id: "2", t: "b" },
          { id: "3", t: "c" },
        ]);
      });
    },
    { engines: ["mariadb"], because: "it is another engine" },
  );
});
