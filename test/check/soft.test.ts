import { eachFixture } from "./fixture.ts";

const marked = { tables: { p: { softDelete: "deleted_at" } } };
const P = "create table p (id integer primary key, deleted_at timestamp null);";
const C = (action: string) =>
  `create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete ${action});`;

eachFixture("soft-parent-hard-child", [
  {
    title: "a cascade that never fires leaves rows live below a deleted parent",
    ddl: `${P} ${C("cascade")}`,
    config: marked,
    finds: [["error", "c(p_id) -> p(id)"]],
    says: "A soft delete of p (deleted_at) runs no cascade",
    confidence: "certain",
  },
  {
    title: "RESTRICT is passed by, and refuses the purge",
    ddl: `${P} ${C("restrict")}`,
    config: marked,
    finds: [["warning", "c(p_id) -> p(id)"]],
  },
  {
    title: "a column that is only named like a marker is a guess",
    ddl: `${P} ${C("cascade")}`,
    finds: [["error", "c(p_id) -> p(id)"]],
    confidence: "inferred",
  },
  {
    title: "a record stays when what it tells of is marked",
    ddl: `${P} create table audit_log (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    config: marked,
    finds: [],
  },
  {
    title: "a child with a marker is marked too, and one of which the configuration speaks is decided",
    ddl: `${P} ${C("cascade")} create table d (id integer primary key, p_id integer, deleted_at timestamp null, foreign key (p_id) references p (id) on delete cascade);`,
    config: { tables: { ...marked.tables, c: { onSoftDelete: "archive" } } },
    finds: [],
  },
]);

const USERS = (key: string) =>
  `create table p (id integer primary key, email varchar(50), name varchar(50), deleted_at timestamp null, is_deleted boolean, constraint p_key unique (${key}));`;

const BOTH = [
  ["error", "p"],
  ["error", "p"],
] as const;

eachFixture("soft-unique-not-partial", [
  {
    title: "a deleted row keeps its address for ever",
    ddl: USERS("email"),
    config: marked,
    finds: [["error", "p"]],
    says: "a deleted row keeps its email, and no live row can have the same",
    fixIsPart: true,
  },
  {
    title: "the marker in the key lets two live rows in (E25)",
    ddl: USERS("email, deleted_at"),
    config: marked,
    finds: [["error", "p"]],
    says: "two live rows with the same email are let in",
    fixIsPart: true,
  },
  {
    title: "a truth value in the key refuses the second delete (E25)",
    ddl: USERS("email, is_deleted"),
    config: { tables: { p: { softDelete: "is_deleted" } } },
    finds: [["error", "p"]],
    says: "the second row with the same email that is deleted is refused",
    fixIsPart: true,
  },
  {
    title: "unique among live rows is what is wanted, by a partial index or a generated column",
    ddl: {
      sqlite: `create table p (id integer primary key, email text, deleted_at text); create unique index p_live on p (email) where deleted_at is null;`,
      postgres: `create table p (id integer primary key, email text, deleted_at timestamptz); create unique index p_live on p (email) where deleted_at is null;`,
      mariadb: `create table p (id integer primary key, email varchar(50), deleted_at datetime, alive tinyint as (if(deleted_at is null, 1, null)) virtual, unique (email, alive));`,
    },
    config: marked,
    finds: [],
  },
  {
    title: "NULLS NOT DISTINCT makes nulls equal (E25)",
    ddl: {
      postgres: `create table p (id integer primary key, email text, deleted_at timestamptz, unique nulls not distinct (email, deleted_at));`,
    },
    config: marked,
    finds: { sqlite: null, postgres: [], mariadb: null },
  },
  {
    title: "a number that nobody chooses is never wanted again",
    ddl: { postgres: `create table p (id integer primary key, public uuid unique, deleted_at timestamptz);` },
    config: marked,
    finds: { sqlite: null, postgres: [], mariadb: null },
  },
]);

eachFixture("soft-unique-not-partial", [
  {
    title: "an index of an expression, and one that leaves out nulls alone, take deleted rows in too",
    ddl: {
      sqlite: `create table p (id integer primary key, email text, slug text, deleted_at text); create unique index p_email on p (lower(email)); create unique index p_slug on p (slug) where slug is not null;`,
      postgres: `create table p (id integer primary key, email text, slug text, deleted_at timestamptz); create unique index p_email on p (lower(email)); create unique index p_slug on p (slug) where slug is not null;`,
    },
    config: marked,
    finds: { sqlite: BOTH, postgres: BOTH, mariadb: null },
    says: "does not hold among live rows of p alone: a deleted row keeps its",
  },
  {
    title:
      "a key around the primary key, one with the marker in an expression, and a condition on something else are left alone",
    ddl: {
      sqlite: `create table p (id integer primary key, t integer, email text, active boolean, deleted_at text, unique (t, id)); create unique index a on p (email, coalesce(deleted_at, '')); create unique index b on p (email) where active;`,
      postgres: `create table p (id integer primary key, t integer, email text, active boolean, deleted_at timestamptz, unique (t, id)); create unique index a on p (email, coalesce(deleted_at, 'epoch')); create unique index b on p (email) where active; create unique index c on p (lower(email)) where deleted_at is null;`,
      mariadb: `create table p (id integer primary key, t integer, deleted_at datetime, unique (t, id));`,
    },
    config: marked,
    finds: [],
  },
]);

eachFixture("soft-marker-ambiguous", [
  {
    title: "a flag that is computed from the time cannot disagree with it",
    ddl: {
      sqlite: `create table p (id integer primary key, deleted_at text, is_deleted boolean generated always as (deleted_at is not null));`,
      postgres: `create table p (id integer primary key, deleted_at timestamptz, is_deleted boolean generated always as (deleted_at is not null) stored);`,
      mariadb: `create table p (id integer primary key, deleted_at datetime, is_deleted boolean as (deleted_at is not null) virtual);`,
    },
    finds: [],
  },
  {
    title: "two columns can contradict each other, and the rows that do are counted when asked",
    ddl: `create table p (id integer primary key, is_deleted boolean, deleted_at timestamp null);
      insert into p values (1, true, null), (2, true, '2026-01-01 00:00:00'), (3, false, null), (4, null, '2026-01-01 00:00:00');`,
    data: true,
    finds: [["error", "p"]],
    says: "2 rows contradict themselves",
    confidence: "data",
  },
  {
    title: "without rows it is a warning",
    ddl: `create table p (id integer primary key, is_deleted boolean, deleted_at timestamp null);`,
    finds: [["warning", "p"]],
    confidence: "certain",
  },
  {
    title: "a time that cannot be empty says nothing of live rows",
    ddl: `create table p (id integer primary key, deleted_at timestamp not null);`,
    finds: [["warning", "p.deleted_at"]],
    confidence: "inferred",
  },
  {
    title: "a time without its zone is told of where it is known to be a marker",
    ddl: {
      postgres: `create table p (id integer primary key, deleted_at timestamp); create table q (id integer primary key, deleted_at timestamp);`,
    },
    config: marked,
    finds: { sqlite: null, postgres: [["info", "p.deleted_at"]], mariadb: null },
  },
  {
    title: "one marker is clear",
    ddl: {
      sqlite: P,
      mariadb: P,
      postgres: "create table p (id integer primary key, deleted_at timestamptz);",
    },
    config: marked,
    finds: [],
  },
]);
