import type { Story } from "../support/story.ts";

const only = { engines: ["postgres"], because: "it is about something that only PostgreSQL has" } as const;
const NONE = { tables: {}, fks: [], rows: {}, only } as const;

/** What only PostgreSQL has: inheritance, NOT VALID, disabled triggers, MATCH FULL, domains, exclusion. */
export const postgresOnly: readonly Story[] = [
  {
    title: "rows of a table that inherits are no rows of the parent table",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [k] (primary key ([id])) inherits ([p])",
      "create table [c] ([id] integer primary key, [p] integer references [p] on delete cascade)",
      "insert into [p] values (1), (2)",
      "insert into [k] values (1), (3)",
      "insert into [c] values (1, 1), (2, 2)",
    ],
    root: "p",
    where: "[id] = 2",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["2"],
    },
    after: { p: [[1], [1], [3]], c: [[1, 1]] },
  },
  {
    title: "a child's constraint does not reach the rows of a table that inherits from it",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] integer references [p] on delete cascade)",
      "create table [k] (primary key ([id])) inherits ([c])",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1)",
      "insert into [k] values (1, 1), (5, 1)",
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
    },
    after: {
      p: [],
      c: [
        [1, 1],
        [5, 1],
      ],
    },
  },
  {
    title: "E11: a NOT VALID cascade takes the rows that match, and leaves orphans as they are",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] integer)",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1), (2, 9)",
      "alter table [c] add foreign key ([p]) references [p] on delete cascade not valid",
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
    },
    after: { p: [], c: [[2, 9]] },
  },
  {
    title: "E3: two constraints on one column, the plan following the more destructive",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] integer)",
      "alter table [c] add constraint [old] foreign key ([p]) references [p] on delete set null",
      "alter table [c] add constraint [new] foreign key ([p]) references [p] on delete cascade",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1)",
    ],
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "order-dependent",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      warnings: ["fk-conflicting-actions", "native-diverges"],
    },
    after: { p: [], c: [] },
  },
  {
    title: "MATCH FULL nulls all columns",
    ...NONE,
    sql: [
      "create table [p] ([a] integer, [b] integer, primary key ([a], [b]))",
      "create table [c] ([id] integer primary key, [a] integer, [b] integer, foreign key ([a], [b]) references [p] match full on delete set null)",
      "insert into [p] values (1, 1)",
      "insert into [c] values (1, 1, 1), (2, null, null)",
    ],
    root: "p",
    where: "[a] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(a,b) -> p(a,b)", "null", 1]],
    },
    after: {
      p: [],
      c: [
        [1, null, null],
        [2, null, null],
      ],
    },
  },
  {
    title: "a domain that is NOT NULL is a column that is",
    ...NONE,
    sql: [
      "create domain [some] as integer not null",
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] [some] references [p] on delete set null)",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1)",
    ],
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 1, 0]],
      blockers: [["c(p) -> p(id)", "not-null", 1]],
    },
  },
  {
    title: "a key that references one partition is restored with the partitioned table",
    ...NONE,
    sql: [
      "create table [p] ([id] integer, [at] integer, primary key ([id], [at])) partition by list ([at])",
      "create table [p1] partition of [p] for values in (1)",
      "alter table [p1] add unique ([id])",
      "create table [c] ([id] integer primary key, [p] integer references [p1] ([id]) on delete cascade)",
      "insert into [p] values (1, 1)",
      "insert into [c] values (1, 1)",
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
    },
    after: { p: [], p1: [], c: [] },
  },
  {
    title: "E13: with the parent's own triggers off the plan follows the declared action",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] integer references [p] on delete cascade)",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1)",
      "alter table [p] disable trigger all",
    ],
    // The engine would leave an orphan: another state than the plan's, which is why it warns.
    config: () => ({}),
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      warnings: ["native-diverges", "not-enforced"],
    },
    after: { p: [], c: [] },
  },
];
