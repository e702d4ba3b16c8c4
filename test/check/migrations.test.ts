import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type CheckOptions, type Finding, open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";

const PEOPLE = "create table people (id int not null primary key)";
const SCHEMA = [
  PEOPLE,
  "create table notes (id int not null primary key, owner_id int, constraint notes_owner foreign key (owner_id) references people (id) on delete restrict)",
  "create table tags (id int not null primary key, note_id int, constraint tags_note foreign key (note_id) references notes (id) on delete cascade)",
];
const RELATION = "notes(owner_id) -> people(id)";

/** The findings of one rule about migrations, each a file, on a database. */
async function found(
  db: TestDatabase,
  rule: string,
  {
    files,
    ...options
  }: { readonly files: Readonly<Record<string, string>> } & Pick<CheckOptions, "inTransaction">,
): Promise<{ readonly findings: readonly Finding[]; readonly skipped: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "ondelete-migrations-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const migrations = Object.keys(files)
    .filter((name) => !name.includes("down"))
    .map((name) => join(folder, name));
  const ondelete = await open(db.handle);
  try {
    const { findings, summary } = await ondelete.check({ rules: [rule], migrations, ...options });
    return { findings, skipped: summary.skipped.filter((s) => s.rule === rule).map((s) => s.because) };
  } finally {
    await ondelete.close();
  }
}

async function made(fresh: Fresh, ddl: readonly string[] = SCHEMA): Promise<TestDatabase> {
  const db = await fresh();
  await db.exec(ddl);
  return db;
}

const lines = (findings: readonly Finding[]) => findings.map((f) => [f.object, f.location?.line]);

const ADD = "alter table notes add constraint again foreign key (owner_id) references people (id) on delete";

eachVariant(
  ({ engine }, fresh) => {
    const isPostgres = engine !== "mariadb";
    const dropped = isPostgres
      ? "alter table notes drop constraint notes_owner"
      : "alter table notes drop foreign key notes_owner";

    test("adding a foreign key to a table in use is told, and to one that the file makes is not", async () => {
      const db = await made(fresh, [
        PEOPLE,
        "create table notes (id int not null primary key, owner_id int)",
      ]);
      const { findings } = await found(db, "migration-fk-blocking", {
        files: {
          "1.sql": `${ADD} cascade;\n`,
          "2.sql":
            "create table b (id int);\nalter table b add constraint c foreign key (id) references people (id);\n",
        },
      });
      expect(lines(findings)).toEqual([[RELATION, 1]]);
      expect(findings[0]?.severity).toBe("error");
      expect(findings[0]?.message).toContain(isPostgres ? "looks at every row of notes" : "copies notes");
    });

    test("NOT VALID with a validation of its own, a new column, and checks that are off are not told", async () => {
      const db = await made(fresh, [
        PEOPLE,
        "create table notes (id int not null primary key, owner_id int)",
      ]);
      const { findings } = await found(db, "migration-fk-blocking", {
        files: isPostgres
          ? {
              "1.sql": `set lock_timeout = '5s';\n${ADD} cascade not valid;\nalter table notes add column b int references people (id);\n`,
              "2.sql": "alter table notes validate constraint again;\n",
            }
          : { "1.sql": `set session lock_wait_timeout = 5;\nset foreign_key_checks = 0;\n${ADD} cascade;\n` },
      });
      expect(findings).toEqual([]);
    });

    test("a lock that is waited for without end is told once a file", async () => {
      const db = await made(fresh, [
        PEOPLE,
        "create table notes (id int not null primary key, owner_id int)",
      ]);
      const add = isPostgres ? `${ADD} cascade not valid` : `set foreign_key_checks = 0;\n${ADD} cascade`;
      const line = isPostgres ? 1 : 2;
      const of = async (text: string) =>
        (await found(db, "migration-fk-blocking", { files: { "1.sql": text } })).findings;
      const without = await of(`${add};\n`);
      expect(without.map((f) => [f.severity, f.object, f.location?.line])).toEqual([
        ["warning", RELATION, line],
      ]);
      expect(without[0]?.message).toContain("without end, and all that want to write to them wait behind it");
      const limits = isPostgres
        ? [
            "set lock_timeout = '5s'",
            "SET LOCAL lock_timeout TO 5000",
            "select set_config('lock_timeout', '5s', true)",
          ]
        : ["set lock_wait_timeout = 5", "set @@session.lock_wait_timeout = 5"];
      for (const limit of limits) expect(await of(`${limit};\n${add};\n`)).toEqual([]);
      expect(await of(`${add};\n${limits[0]};\n`)).toHaveLength(1);
      if (isPostgres) expect(await of(`set lock_timeout = 0;\n${add};\n`)).toHaveLength(1);
    });

    test.skipIf(!isPostgres)("a validation in the transaction that adds the constraint is told", async () => {
      const db = await made(fresh, [
        PEOPLE,
        "create table notes (id int not null primary key, owner_id int)",
      ]);
      const text = `set lock_timeout to 2000; ${ADD} cascade not valid;\nalter table only public.notes validate constraint again;\n`;
      const of = async (sql: string, options: Pick<CheckOptions, "inTransaction"> = {}) =>
        lines((await found(db, "migration-fk-blocking", { files: { "1.sql": sql }, ...options })).findings);
      expect(await of(text)).toEqual([]);
      expect(await of(text, { inTransaction: true })).toEqual([[RELATION, 2]]);
      expect(await of(`begin;\n${text}commit;\n`)).toEqual([[RELATION, 3]]);
    });

    test("a constraint that is dropped and made anew later leaves a gap; in one statement it does not", async () => {
      const db = await made(fresh);
      const of = async (
        files: Readonly<Record<string, string>>,
        options: Pick<CheckOptions, "inTransaction"> = {},
      ) => (await found(db, "migration-fk-drop-unsafe", { files, ...options })).findings;
      const apart = await of({ "1.sql": `${dropped};\n`, "2.sql": `${ADD} cascade;\n` });
      expect(lines(apart)).toEqual([[RELATION, 1]]);
      expect(apart[0]?.message).toMatch(/is made anew only in .*2\.sql:1, in another transaction/);
      expect(
        await of({ "1.sql": `${dropped}, ${ADD.slice("alter table notes ".length)} cascade;\n` }),
      ).toEqual([]);
      const forGood = await of({ "1.sql": `select 1;\n${dropped};\n` });
      expect(forGood.map((f) => f.location?.line)).toEqual([2]);
      expect(forGood[0]?.message).toContain("is not made anew");
      // DDL of MariaDB's commits, whatever was begun.
      const inOne = await of({ "1.sql": `${dropped};\n${ADD} cascade;\n` }, { inTransaction: true });
      expect(lines(inOne)).toEqual(isPostgres ? [] : [[RELATION, 1]]);
      expect(await of({ "1.sql": "drop table tags;\n" })).toEqual([]);
    });

    test("an action that takes more than the one before is told, with the tables that a delete then reaches", async () => {
      const db = await made(fresh);
      const of = async (action: string) =>
        (
          await found(db, "migration-policy-widened", {
            files: { "1.sql": `${dropped};\n${ADD} ${action};\n` },
          })
        ).findings;
      const cascade = await of("cascade");
      expect(lines(cascade)).toEqual([[RELATION, 2]]);
      expect(cascade[0]?.message).toBe(
        `${RELATION} was ON DELETE RESTRICT and becomes ON DELETE CASCADE. A delete from people now takes rows of notes, tags.`,
      );
      expect((await of("set null"))[0]?.message).toContain("now changes rows of notes");
      expect(await of("no action")).toEqual([]);
      const narrower = await found(db, "migration-policy-widened", {
        files: {
          "1.sql": `alter table tags drop ${isPostgres ? "constraint" : "foreign key"} tags_note;\nalter table tags add constraint t foreign key (note_id) references notes (id) on delete set null;\n`,
        },
      });
      expect(narrower.findings).toEqual([]);
    });

    test("what was already done to the database is no change, and a history is read from its first file", async () => {
      const db = await made(fresh);
      const history = {
        "1.sql": `${SCHEMA.join(";\n")};\n`,
        "2.sql": `${dropped};\n${ADD} cascade;\n`,
      };
      const { findings } = await found(db, "migration-policy-widened", { files: history });
      expect(lines(findings)).toEqual([[RELATION, 2]]);
      const done = await found(db, "migration-policy-widened", {
        files: {
          "1.sql":
            "alter table tags add constraint other foreign key (note_id) references notes (id) on delete cascade;\n",
        },
      });
      expect(done.findings).toEqual([]);
    });

    test("rows and columns that go for good are told, and what a file makes itself is not", async () => {
      const of = async (files: Readonly<Record<string, string>>) =>
        (await found(await made(fresh), "migration-irreversible", { files })).findings;
      const lost = await of({
        "1.sql":
          "drop table tags;\nalter table notes drop column owner_id;\ndelete from people where id = 1;\n",
      });
      expect(lost.map((f) => [f.severity, f.object, f.location?.line])).toEqual([
        ["warning", "notes.owner_id", 2],
        ["warning", "people", 3],
        ["warning", "tags", 1],
      ]);
      expect(lost[0]?.message).toContain("which nothing brings back; it has no down either");
      expect(await of({ "1.sql": "create table a (id int);\ndelete from a;\ndrop table a;\n" })).toEqual([]);
    });

    test("no table is rebuilt on this engine", async () => {
      const { skipped } = await found(await made(fresh), "migration-rebuild-cascade", {
        files: { "1.sql": "select 1" },
      });
      expect(skipped).toEqual(["not-here"]);
    });
  },
  { engines: ["postgres", "pglite", "mariadb"], because: "it adds no constraint to a table that exists" },
);

eachVariant(
  (_, fresh) => {
    test("TRUNCATE … CASCADE is told with all tables that it empties", async () => {
      const db = await made(fresh);
      const { findings } = await found(db, "truncate-cascade", {
        files: {
          "1.sql":
            "truncate people;\ntruncate table only people restart identity cascade;\n-- truncate notes cascade\n",
        },
      });
      expect(lines(findings)).toEqual([["people", 2]]);
      expect(findings[0]?.message).toContain(
        "empties people, and with it notes, tags, whatever their actions say",
      );
    });

    test("a comment above a statement hides a finding", async () => {
      const db = await made(fresh);
      const { findings } = await found(db, "truncate-cascade", {
        files: {
          "1.sql":
            "-- ondelete-ignore truncate-cascade -- a test database\ntruncate people cascade;\ntruncate people cascade;\n",
        },
      });
      expect(lines(findings)).toEqual([["people", 3]]);
    });
  },
  { engines: ["postgres", "pglite"], because: "no other engine has TRUNCATE … CASCADE" },
);

const REBUILD = `create table new_notes (id int not null primary key, owner_id int references people (id) on delete cascade);
insert into new_notes select id, owner_id from notes;
drop table notes;
alter table new_notes rename to notes;
`;

eachVariant(
  (_, fresh) => {
    const of = async (text: string, options: Pick<CheckOptions, "inTransaction"> = {}) =>
      (await found(await made(fresh), "migration-rebuild-cascade", { files: { "1.sql": text }, ...options }))
        .findings;

    test("a table that is rebuilt with foreign keys on takes along what references it, and the rule says so", async () => {
      const db = await made(fresh);
      await db.exec(
        "insert into people values (1); insert into notes values (1, 1); insert into tags values (1, 1)",
      );
      const { findings } = await found(db, "migration-rebuild-cascade", { files: { "1.sql": REBUILD } });
      expect(lines(findings)).toEqual([["notes", 3]]);
      expect(findings[0]?.message).toContain("that reaches tags (cascade)");
      await db.exec(REBUILD);
      expect(await db.rows("select count(*) as n from tags")).toEqual([{ n: "0" }]);
    });

    test("a pragma before the transaction keeps that away, and one inside of it does not", async () => {
      const off = "pragma foreign_keys = off;\n";
      expect(await of(`${off}begin;\n${REBUILD}commit;\n`)).toEqual([]);
      const inside = await of(`begin;\n${off}${REBUILD}commit;\n`);
      expect(inside[0]?.message).toContain("has no effect inside a transaction");
      expect(lines(await of(`${off}${REBUILD}`, { inTransaction: true }))).toEqual([["notes", 4]]);
      const drizzle = await of(`PRAGMA foreign_keys=OFF;--> statement-breakpoint\n${REBUILD}`);
      expect(lines(drizzle)).toEqual([["notes", 4]]);
    });

    test("a table that nothing references by an action, and one that is dropped for good, are not told", async () => {
      expect(
        await of("create table new_tags (id int);\ndrop table tags;\nalter table new_tags rename to tags;\n"),
      ).toEqual([]);
      expect(await of("drop table notes;\n")).toEqual([]);
    });

    test("a rebuild loses nothing, and what does is told", async () => {
      const lost = async (files: Readonly<Record<string, string>>) =>
        (await found(await made(fresh), "migration-irreversible", { files })).findings;
      expect(await lost({ "1.sql": REBUILD })).toEqual([]);
      const column = await lost({
        "1.sql": "alter table people add column a int;\nalter table people drop column a;\n",
      });
      expect(lines(column)).toEqual([["people.a", 2]]);
      const down = await lost({
        "1.sql": "drop table tags;\n",
        "1.down.sql": "create table tags (id int);\n",
      });
      expect(down.map((f) => f.message)).toEqual([
        "The migration drops tags with its rows, which its down cannot bring back.",
      ]);
      const without = await lost({
        "1.sql": "create table a (id int);\n",
        "2.sql": "create table b (id int);\n",
        "2.down.sql": "drop table b;\n",
        "3.sql":
          "-- migrate:up\nalter table people add column a int;\n-- migrate:down\nalter table people drop column a;\n",
      });
      expect(
        without.map((f) => [f.object.slice(-5), f.message.includes("has no down, and others have one")]),
      ).toEqual([["1.sql", true]]);
      expect(await lost({ "1.sql": "create table a (id int);\ndelete from a where id = 1;\n" })).toEqual([]);
      expect(lines(await lost({ "1.sql": "delete from tags where id = 1;\n" }))).toEqual([["tags", 1]]);
    });

    test("rules about migrations are skipped where none are given, and one for constraints is not for this engine", async () => {
      const db = await made(fresh);
      expect((await found(db, "migration-policy-widened", { files: {} })).skipped).toEqual(["wants"]);
      const blocking = await found(db, "migration-fk-blocking", { files: { "1.sql": "select 1" } });
      expect(blocking.skipped).toEqual(["not-here"]);
    });
  },
  { engines: ["sqlite"], because: "no other engine deletes the rows of a table that is dropped" },
);
