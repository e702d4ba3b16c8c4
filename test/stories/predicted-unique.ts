import type { Story } from "../support/story.ts";
import { ALLOWED, BLOCKED, EMPTY, NULLED, on, PARENT, POSTGRES } from "./predicted.ts";

const DEFAULTED = [["c(p) -> p(id)", "default", 1]] as const;
const UNIQUE = [["c(p) -> p(id)", "unique", 1]] as const;
const NO_PARTIAL = on(["sqlite", "postgres"], "MariaDB has no partial indexes and no SET DEFAULT");
const SQLITE = on(["sqlite"], "it is about something that only SQLite has");
const CHILD = "create table c (id integer primary key, p integer references p on delete set null, t text)";

/** Every way in which new values may collide with a unique index or an exclusion constraint, and some in which they do not. */
export const predictedUnique: readonly Story[] = [
  {
    ...EMPTY,
    ...NO_PARTIAL,
    title: "a descending entry in a partial unique index that the nulled row enters",
    sql: [
      PARENT,
      CHILD,
      "create unique index one on c (t desc) where p is null",
      "insert into p values (1), (2)",
      "insert into c values (1, 1, 'a'), (2, null, 'a'), (3, 2, 'a')",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...NO_PARTIAL,
    title: "a descending entry in a partial unique index that the nulled row enters alone",
    sql: [
      PARENT,
      CHILD,
      "create unique index one on c (t desc, id asc) where p is null",
      "insert into p values (1)",
      "insert into c values (1, 1, 'a'), (2, null, 'a')",
    ],
    plan: { ...ALLOWED, updates: NULLED },
    after: {
      p: [],
      c: [
        [1, null, "a"],
        [2, null, "a"],
      ],
    },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "order of nulls, operator class and collation in a unique index",
    sql: [
      PARENT,
      CHILD,
      `create unique index one on c (t text_pattern_ops desc nulls last, (coalesce(p, 0)) nulls first, lower(t) collate "C")`,
      "insert into p values (1)",
      "insert into c values (1, 1, 'a'), (2, null, 'a')",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "an index with NULLS NOT DISTINCT",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer unique nulls not distinct references p on delete set null)",
      "insert into p values (1)",
      "insert into c values (1, 1), (2, null)",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "two rows that lose their reference and are the same by NULLS NOT DISTINCT",
    sql: [
      "create table p (id integer primary key)",
      "create table c (id integer primary key, p integer unique nulls not distinct references p on delete set null)",
      "insert into p values (1), (2)",
      "insert into c values (1, 1), (2, 2)",
    ],
    where: "id in (1, 2)",
    plan: { ...BLOCKED, deletes: [["p", 2, 0]], blockers: [["c(p) -> p(id)", "unique", 2]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a deferrable unique constraint",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer default 9 references p on delete set default, unique (p) deferrable initially deferred)",
      "insert into p values (1), (9)",
      "insert into c values (1, 1), (2, 9)",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "an exclusion constraint that the nulled row enters",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null, r int4range, exclude using gist (r with &&) where (p is null))",
      "insert into p values (1), (2)",
      "insert into c values (1, 1, '[1,5)'), (2, null, '[4,9)'), (3, 2, '[1,9)')",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "an exclusion constraint that the nulled row enters beside the others",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null, r int4range, exclude using gist (r with &&) where (p is null))",
      "insert into p values (1)",
      "insert into c values (1, 1, '[1,4)'), (2, null, '[4,9)')",
    ],
    plan: { ...ALLOWED, updates: NULLED },
    after: {
      p: [],
      c: [
        [1, null, "[1,4)"],
        [2, null, "[4,9)"],
      ],
    },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a row takes over the range of a row that goes",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null, q integer references p on delete cascade, r int4range, exclude using gist (r with &&) where (p is null))",
      "insert into p values (1)",
      "insert into c values (1, 1, null, '[1,5)'), (2, null, 1, '[4,9)')",
    ],
    plan: {
      verdict: "allowed",
      native: "order-dependent",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      updates: NULLED,
    },
    after: { p: [], c: [[1, null, null, "[1,5)"]] },
  },
  {
    ...EMPTY,
    ...SQLITE,
    title: "a unique column that takes no notice of case, its default written otherwise",
    sql: [
      "create table p (id text primary key collate nocase)",
      "create table c (id integer primary key, p text collate nocase default 'ROOT' unique references p on delete set default)",
      "insert into p values ('1'), ('root')",
      "insert into c values (1, '1'), (2, 'Root')",
    ],
    where: "id = '1'",
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...SQLITE,
    title: "a unique index that is finer than its column",
    sql: [
      "create table p (id text primary key collate nocase)",
      "create table c (id integer primary key, p text collate nocase default 'ROOT' references p on delete set default, unique (p collate binary))",
      "insert into p values ('1'), ('root')",
      "insert into c values (1, '1'), (2, 'Root')",
    ],
    where: "id = '1'",
    plan: { ...ALLOWED, updates: DEFAULTED },
    after: {
      p: [["root"]],
      c: [
        [1, "ROOT"],
        [2, "Root"],
      ],
    },
  },
  {
    ...EMPTY,
    ...SQLITE,
    title: "a default that the column stores as another type",
    sql: [
      "create table p (id integer primary key)",
      "create table c (id integer primary key, p integer default '9' references p on delete set default, t text generated always as (typeof(p)) stored, check (t = 'integer'))",
      "create unique index one on c (coalesce(p, 0))",
      "insert into p values (1), (9)",
      "insert into c (id, p) values (1, 1), (2, 9)",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...NO_PARTIAL,
    title: "an expression in a unique index",
    sql: [
      PARENT,
      CHILD,
      "create unique index one on c (lower(t), (coalesce(p, 0)))",
      "insert into p values (1)",
      "insert into c values (1, 1, 'A'), (2, null, 'a'), (3, null, null)",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...on(["mariadb"], "it is about a collation of MariaDB's and its computed columns"),
    title: "a computed column that takes no notice of case, in a unique key with a descending entry",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer, t varchar(9) collate utf8mb4_general_ci, free integer generated always as (if(p is null, 1, null)) virtual, unique key one (t desc, free), foreign key (p) references p (id) on delete set null)",
      "insert into p values (1)",
      "insert into c (id, p, t) values (1, 1, 'A'), (2, null, 'a')",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    ...on(["sqlite", "mariadb"], "PostgreSQL does not compute a column from a computed one"),
    title: "a column computed from a computed one, in a unique key",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer, a integer generated always as (coalesce(p, 0)) virtual, b integer generated always as (a + 1) virtual, unique (b), foreign key (p) references p (id) on delete set null)",
      "insert into p values (1)",
      "insert into c (id, p) values (1, 1), (2, null)",
    ],
    plan: { ...BLOCKED, blockers: UNIQUE },
  },
  {
    ...EMPTY,
    title: "a computed column that is NOT NULL",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p (id) on delete set null, a integer generated always as (p + 1) stored not null)",
      "insert into p values (1), (2)",
      "insert into c (id, p) values (1, 1), (2, 2)",
    ],
    ...on(["sqlite", "postgres"], "MariaDB has no computed columns that are NOT NULL"),
    plan: { ...BLOCKED, blockers: [["c(p) -> p(id)", "not-null", 1]] },
  },
];
