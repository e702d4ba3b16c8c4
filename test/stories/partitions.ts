import type { Story } from "../support/story.ts";

const only = {
  engines: ["postgres"],
  because: "SQLite has no partitions, and foreign keys of MariaDB none with them",
} as const;
const NONE = { tables: {}, fks: [], rows: {}, only } as const;

/** Partitioned tables: keys declared on the whole table and on single partitions; a row counts once. */
export const partitions: readonly Story[] = [
  {
    title: "a partitioned child, its key declared on the whole table",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer, [at] integer, [p] integer references [p] on delete cascade, primary key ([id], [at])) partition by range ([at])",
      "create table [c1] partition of [c] for values from (0) to (10)",
      "create table [c2] partition of [c] for values from (10) to (20)",
      "insert into [p] values (1), (2)",
      "insert into [c] values (1, 5, 1), (2, 15, 1), (3, 15, 2)",
    ],
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 2, 1],
      ],
      deletable: ["1"],
    },
    after: { p: [[2]], c: [[3, 15, 2]], c1: [], c2: [[3, 15, 2]] },
  },
  {
    title: "a partitioned child, its key declared on one partition",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer, [at] integer, [p] integer, primary key ([id], [at])) partition by range ([at])",
      "create table [c1] partition of [c] for values from (0) to (10)",
      "create table [c2] partition of [c] for values from (10) to (20)",
      "alter table [c1] add foreign key ([p]) references [p] on delete cascade",
      "insert into [p] values (1), (2)",
      "insert into [c] values (1, 5, 1), (2, 15, 1), (3, 15, 2)",
    ],
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["1"],
    },
    after: {
      p: [[2]],
      c: [
        [2, 15, 1],
        [3, 15, 2],
      ],
      c1: [],
      c2: [
        [2, 15, 1],
        [3, 15, 2],
      ],
    },
  },
  {
    title: "a partitioned parent, SET NULL by one child and RESTRICT by another that goes too",
    ...NONE,
    sql: [
      "create table [r] ([id] integer primary key)",
      "create table [p] ([id] integer, [at] integer, [r] integer references [r] on delete cascade, primary key ([id], [at])) partition by list ([at])",
      "create table [p1] partition of [p] for values in (1)",
      "create table [p2] partition of [p] for values in (2)",
      "create table [n] ([id] integer primary key, [p] integer, [at] integer, foreign key ([p], [at]) references [p] on delete set null)",
      "insert into [r] values (1), (2)",
      "insert into [p] values (1, 1, 1), (1, 2, 1), (2, 2, 2)",
      "insert into [n] values (1, 1, 1), (2, 1, 2), (3, 2, 2)",
    ],
    root: "r",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["r", 1, 0],
        ["p", 2, 1],
      ],
      updates: [["n(p,at) -> p(id,at)", "null", 2]],
    },
    after: {
      r: [[2]],
      p: [[2, 2, 2]],
      p1: [],
      p2: [[2, 2, 2]],
      n: [
        [1, null, null],
        [2, null, null],
        [3, 2, 2],
      ],
    },
  },
  {
    title: "a partition as the root of a delete",
    ...NONE,
    sql: [
      "create table [p] ([id] integer, [at] integer, primary key ([id], [at])) partition by list ([at])",
      "create table [p1] partition of [p] for values in (1)",
      "create table [p2] partition of [p] for values in (2)",
      "create table [c] ([id] integer primary key, [p] integer, [at] integer, foreign key ([p], [at]) references [p] on delete cascade)",
      "insert into [p] values (1, 1), (1, 2)",
      "insert into [c] values (1, 1, 1), (2, 1, 2)",
    ],
    root: "p1",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
    },
    after: { p: [[1, 2]], p1: [], c: [[2, 1, 2]] },
  },
];
