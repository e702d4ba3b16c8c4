import type { Story } from "../support/story.ts";
import { ALLOWED, BLOCKED, CHECKED, EMPTY, on, PARENT, POSTGRES } from "./predicted.ts";

const NO_DEFAULT = on(["sqlite", "postgres"], "MariaDB stores SET DEFAULT as RESTRICT");

/** Every other way in which new values may be refused: nulls, checks, defaults, MATCH FULL. */
export const predictedValues: readonly Story[] = [
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a column list that leaves half of a MATCH FULL key",
    sql: [
      "create table p (id integer, b integer, primary key (id, b))",
      "create table c (id integer primary key, a integer, b integer, foreign key (a, b) references p match full on delete set null (b))",
      "insert into p values (1, 1)",
      "insert into c values (1, 1, 1)",
    ],
    plan: { ...BLOCKED, blockers: [["c(a,b) -> p(id,b)", "check", 1]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a column that is half of another, MATCH FULL key",
    sql: [
      PARENT,
      "create table q (p integer, b integer, primary key (p, b))",
      "create table c (id integer primary key, p integer references p on delete set null, b integer, foreign key (p, b) references q match full)",
      "insert into p values (1), (2)",
      "insert into q values (1, 1), (2, 1)",
      "insert into c values (1, 1, 1), (2, 2, 1), (3, null, null)",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "both columns of a MATCH FULL key nulled by two relations of a row",
    sql: [
      PARENT,
      "create table q (p integer, b integer, primary key (p, b))",
      "create table c (id integer primary key, p integer references p on delete set null, b integer references p on delete set null, foreign key (p, b) references q match full)",
      "insert into p values (1)",
      "insert into q values (1, 1)",
      "insert into c values (1, 1, 1)",
    ],
    plan: {
      ...ALLOWED,
      updates: [
        ["c(b) -> p(id)", "null", 1],
        ["c(p) -> p(id)", "null", 1],
      ],
    },
    after: { p: [], c: [[1, null, null]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a domain whose CHECK refuses null",
    sql: [
      "create domain d as integer check (value is not null)",
      PARENT,
      "create table c (id integer primary key, p d references p on delete set null)",
      "insert into p values (1), (2)",
      "insert into c values (1, 1), (2, 2)",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a domain over a domain whose CHECK refuses the default",
    sql: [
      "create domain low as integer check (value < 9)",
      "create domain even as low check (value % 2 = 0)",
      PARENT,
      "create table c (id integer primary key, p even default 4 + 5 references p on delete set default)",
      "insert into p values (2), (9)",
      "insert into c values (1, 2)",
    ],
    where: "id = 2",
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a CHECK with a function of the user's",
    sql: [
      "create function owned(integer) returns boolean language sql immutable as 'select $1 is not null'",
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null check (owned(p)))",
      "insert into p values (1)",
      "insert into c values (1, 1)",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a CHECK that is NOT VALID and that an old row violates in another column",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null, n integer)",
      "insert into p values (1), (2)",
      "insert into c values (1, 1, -1), (2, 1, 1), (3, 2, -1)",
      "alter table c add constraint above check (n > 0) not valid",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...on(["mariadb"], "the session can switch checks off"),
    title: "a CHECK that a row violates which was written unchecked",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer, n integer check (n > 0), foreign key (p) references p (id) on delete set null)",
      "insert into p values (1), (2)",
      "set statement check_constraint_checks = 0 for insert into c values (1, 1, -1), (2, 1, 1), (3, 2, -1)",
    ],
    // The engine's own action looks at no CHECK, and ondelete's update has to.
    config: () => ({}),
    plan: { ...BLOCKED, native: "applies", blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...NO_DEFAULT,
    title: "a default of null on a column that is NOT NULL",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer not null default null references p on delete set default)",
      "insert into p values (1)",
      "insert into c values (1, 1)",
    ],
    plan: { ...BLOCKED, blockers: [["c(p) -> p(id)", "not-null", 1]] },
  },
  {
    ...EMPTY,
    ...NO_DEFAULT,
    title: "a default of null on a column that can be null",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer default null references p on delete set default)",
      "insert into p values (1)",
      "insert into c values (1, 1)",
    ],
    plan: { ...ALLOWED, updates: [["c(p) -> p(id)", "default", 1]] },
    after: { p: [], c: [[1, null]] },
  },
  {
    ...EMPTY,
    ...NO_DEFAULT,
    title: "defaults of two columns, of which one is null and NOT NULL",
    sql: [
      "create table p (id integer, b integer, primary key (id, b))",
      "create table c (id integer primary key, a integer default 9, b integer not null, foreign key (a, b) references p on delete set default)",
      "insert into p values (1, 1), (9, 9)",
      "insert into c values (1, 1, 1)",
    ],
    plan: { ...BLOCKED, blockers: [["c(a,b) -> p(id,b)", "not-null", 1]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a default that the column rounds to the row that is there",
    sql: [
      "create table p (id numeric(9, 1) primary key)",
      "create table c (id integer primary key, p numeric(9, 1) default 9.04 references p on delete set default)",
      "insert into p values (1), (9.0)",
      "insert into c values (1, 1)",
    ],
    plan: { ...ALLOWED, updates: [["c(p) -> p(id)", "default", 1]] },
    after: { p: [["9.0"]], c: [[1, "9.0"]] },
  },
  {
    ...EMPTY,
    ...on(["sqlite"], "it is about the affinity of columns"),
    title: "a default that the column stores as text",
    sql: [
      "create table p (id text primary key)",
      "create table c (id integer primary key, p text default 9 references p on delete set default check (typeof(p) = 'text'))",
      "insert into p values ('1'), ('9')",
      "insert into c values (1, '1')",
    ],
    where: "id = '1'",
    plan: { ...ALLOWED, updates: [["c(p) -> p(id)", "default", 1]] },
    after: { p: [["9"]], c: [[1, "9"]] },
  },
  {
    ...EMPTY,
    title: "a CHECK on another column than the nulled one",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer, n integer check (n > 0), foreign key (p) references p (id) on delete set null)",
      "insert into p values (1)",
      "insert into c values (1, 1, 1), (2, 1, null)",
    ],
    plan: { ...ALLOWED, updates: [["c(p) -> p(id)", "null", 2]] },
    after: {
      p: [],
      c: [
        [1, null, 1],
        [2, null, null],
      ],
    },
  },
];
