import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lexicon } from "../../src/dialect/postgres/lexicon.ts";
import { sql } from "../../src/source/sql/sql.ts";
import { failure } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { prismaSql } from "./prisma-sql.ts";
import { type Both, expectNoDrift, expectSame, readBoth } from "./same-model.ts";

const PROVIDERS = { sqlite: "sqlite", postgres: "postgresql", pglite: "postgresql", mariadb: "mysql" };
const DRIZZLE = { sqlite: "sqlite", postgres: "postgres", pglite: "postgres", mariadb: "mysql" };

/** Statements that all of the engines know. */
const SHARED = `
-- A comment; with a semicolon, and 'a quote
create table people (
  id integer not null primary key,
  email varchar(80) not null unique,
  note varchar(80) default 'references nothing, not null' check (note <> ')'), /* , */
  boss integer references people (id) on delete set null
);
create table projects (
  tenant integer not null,
  code varchar(20) not null,
  title varchar(20),
  constraint projects_pk primary key (tenant, code),
  constraint one_title unique (tenant, title)
);
create table tasks (
  id integer not null,
  tenant integer,
  project varchar(20),
  owner varchar(80) not null,
  primary key (id),
  foreign key (tenant, project) references projects (tenant, code) on update cascade on delete cascade,
  constraint by_email foreign key (owner) references people (email) on delete restrict
);
create unique index one_owner on tasks (owner, id);
create index not_unique on tasks (project);
insert into people (id, email) values (1, 'create table ghosts (id int);');
alter table tasks add column reviewer integer references people (id) on delete cascade;
alter table tasks add column spare integer;
alter table tasks rename to work;
alter table projects rename column code to slug;
create table gone (id integer not null primary key);
drop table gone;
create table "Awkward, ""one"" (" ("not null" integer not null primary key, "on delete" integer references people (id));
`;

const OWN = {
  postgres: `
create schema audit;
create table audit.events (id serial primary key, who int constraint "Who" references public.people on delete set null (who), at timestamptz default now());
create table Folded (Id bigint generated always as identity, Body text default $$not null; primary key$$, unique (Body));
create table if not exists people (id int);
alter table only work drop constraint tasks_tenant_project_fkey, add constraint again foreign key (tenant, project)
  references projects (tenant, slug) match simple on delete set null deferrable initially deferred;
alter table work drop constraint by_email, alter column spare set not null;
alter table folded alter column body type varchar(10), alter body set default E'it\\'s';
alter table audit.events rename constraint "Who" to who_fk;
create unique index concurrently lowered on people (lower(email));
create unique index partial on people (note) where note is not null;
create unique index plain_note on people using btree (note desc nulls last);
alter table folded add constraint folded_pk primary key (id);
`,
  sqlite: `
create table [events] (id integer primary key autoincrement, who int constraint w references people on delete set null deferrable initially deferred) strict;
create table plain (a text, b text, primary key (a, b)) without rowid;
create table loose (a text primary key, b int not null on conflict ignore unique);
create table new_people (id integer not null primary key, email varchar(80) not null, note text, boss integer references people (id) on delete cascade);
pragma foreign_keys = off;
drop table people;
alter table new_people rename to people;
create unique index people_email on people (email collate nocase desc);
create unique index partial on people (note) where note is not null;
alter table work drop column spare;
create trigger t after delete on work begin delete from plain where a = old.id; select 1; end;
drop index one_owner;
`,
  mariadb: `
create table \`events\` (id int unsigned auto_increment, who int, at timestamp default current_timestamp on update current_timestamp,
  primary key (id), key by_who (who), unique key one_at (at), constraint w foreign key by_who (who) references people (id) on delete set null) engine = InnoDB comment 'unique; not null';
# a comment; of its own
alter table work drop foreign key by_email, add constraint again foreign key (owner) references people (email) on delete cascade;
alter table work drop foreign key work_ibfk_2, drop column reviewer;
alter table work modify spare integer not null default 4, change column project project_code varchar(20) null;
alter table events drop index one_at, add unique (who, id);
rename table events to happenings;
create unique index one_note on people (note(10)) using btree;
/*!40101 set names utf8mb4 */;
`,
} as const;

const ownOf = ({ engine }: Variant): string => OWN[engine === "pglite" ? "postgres" : engine];

const inFiles = async (...texts: readonly string[]): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), "ondelete-sql-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return Promise.all(
    texts.map(async (text, i) => {
      const file = join(folder, `${i}.sql`);
      await writeFile(file, text);
      return file;
    }),
  );
};

eachVariant((variant, fresh) => {
  const made = async (db: TestDatabase, ...texts: readonly string[]): Promise<Both> => {
    const files = await inFiles(...texts);
    await expectNoDrift(db, sql(files));
    return readBoth(db, sql(files));
  };

  test("files of DDL come to what the engine makes of them, one after another", async () => {
    const db = await fresh();
    // CREATE INDEX CONCURRENTLY has to be a statement by itself.
    await db.exec([SHARED, ...ownOf(variant).split(/;\n/)].filter((text) => text.trim() !== ""));
    const both = await made(db, SHARED, ownOf(variant));
    expectSame(both);
    expect(both.schema.tables.map((t) => t.id)).toContain('Awkward, "one" (');
  });

  test("the SQL that drizzle-kit writes comes to what the engine makes of it", async () => {
    const db = await fresh();
    const file = join("test", "source", "drizzle", `${DRIZZLE[variant.engine]}.sql`);
    const text = await readFile(file, "utf8");
    for (const statement of text.split("--> statement-breakpoint")) await db.exec(statement);
    expectSame(await readBoth(db, sql(file)));
  });

  test("the SQL that Prisma writes comes to what the engine makes of it", async () => {
    const db = await fresh();
    const provider = PROVIDERS[variant.engine];
    const text = await prismaSql(join("test", "source", "prisma", provider), provider);
    await db.exec(text);
    expectSame(await made(db, text));
  });

  test("tables, columns and relations have the lines of the file that made them, and actions are told to be written", async () => {
    const files = await inFiles(
      "create table a (id int not null primary key);\n",
      "create table b (\n  id int not null primary key,\n  a_id int references a (id)\n);\nalter table b\n  add constraint named foreign key (id) references a (id) on delete cascade;\n",
    );
    const { schema } = await readBoth(await fresh(), sql(files));
    expect(schema.tables.map((t) => [t.id, t.location?.file, t.location?.line])).toEqual([
      ["a", files[0], 1],
      ["b", files[1], 1],
    ]);
    expect(schema.relations.map((r) => [r.id, r.onDelete, r.written, r.location?.line])).toEqual([
      ["b(a_id) -> a(id)", "no action", false, 3],
      ["b(id) -> a(id)", "cascade", true, 6],
    ]);
  });

  test("what cannot be read is told with its file and line", async () => {
    const db = await fresh();
    const [open = ""] = await inFiles("select 1;\nselect 'a;\n");
    expect((await failure(readBoth(db, sql(open)))).message).toBe(`${open}:2 has a quote that does not end.`);
    const [broken = ""] = await inFiles("\n\ncreate table a (id int references b on delete perhaps);\n");
    expect((await failure(readBoth(db, sql(broken)))).message).toBe(
      `${broken}:3 has a definition that could not be read.`,
    );
    const [cut = ""] = await inFiles("create table a (id int not null primary key,\n  b int;\n\nselect 1;\n");
    expect((await failure(readBoth(db, sql(cut)))).message).toBe(
      `${cut}:2 has a definition that could not be read.`,
    );
    const [none = ""] = await inFiles("creat table a (id int);\n");
    expect((await failure(readBoth(db, sql(none)))).message).toBe(`No table is left of the SQL in ${none}.`);
  });
});

test("rows and commands in a dump of PostgreSQL's are no SQL", async () => {
  const [file = ""] = await inFiles(
    "\\restrict abc\nCREATE TABLE public.a (id int NOT NULL);\nCOPY public.a (id) FROM stdin;\n1\tit's; CREATE TABLE b (id int);\n\\.\n\nALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);\n",
  );
  const engine = { lexicon, defaultNamespace: "public", capabilities: { keysAreRequired: true } as never };
  const schema = await sql(file).read(engine);
  expect(schema.tables.map((t) => [t.id, t.primaryKey, t.location?.line])).toEqual([["a", ["id"], 2]]);
});
