import type { ConflictChoice } from "../../src/index.ts";
import type { Family } from "../support/story.ts";
import { INT, PK, type Schema } from "../support/story.ts";

/** top 1 > p 1 > c 1 to 3 > d 1, 2; n 1 and 2 lose their reference to p 1. */
export const SCHEMA: Schema = {
  tables: {
    top: { id: PK },
    p: { id: PK, top: INT, code: "varchar(30) unique" },
    c: { id: PK, p: INT, v: "varchar(20)", amount: "decimal(10,2)" },
    d: { id: PK, c: INT },
    n: { id: PK, p: INT },
  },
  fks: [
    "p(top) -> top(id) on delete cascade",
    "c(p) -> p(id) on delete cascade",
    "d(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
  ],
  rows: {
    top: [[1], [2]],
    p: [
      [1, 1, "x"],
      [2, 2, "y"],
    ],
    c: [
      [1, 1, "abc", "1.25"],
      [2, 1, "2024-05-06", "2.50"],
      [3, 1, null, null],
    ],
    d: [
      [1, 1],
      [2, 2],
    ],
    n: [
      [1, 1],
      [2, 1],
    ],
  },
};

type Counts = Readonly<Record<string, number>>;

/** What comes of a choice: what is left out, or that it does not help. */
type Result = { readonly state: "done"; readonly skipped: Counts } | "blocked";

export interface Situation {
  readonly title: string;
  /** What happens between the delete of p 1 and its restore; an engine that is not named cannot come into it. */
  readonly meanwhile: readonly string[] | Partial<Readonly<Record<Family, readonly string[]>>>;
  /** Kind, table, rows, object. */
  readonly conflicts: readonly (readonly [string, string, number, string | RegExp | null])[];
  readonly skip: Counts;
  /** Choices beside `skip` that help, and what they leave out. */
  readonly helped?: Partial<Readonly<Record<ConflictChoice, Counts>>>;
}

export const resultOf = ({ skip, helped }: Situation, choice: ConflictChoice): Result => {
  const skipped = choice === "skip" ? skip : helped?.[choice];
  return skipped ? { state: "done", skipped } : "blocked";
};

/** The table c as SQLite has to make it anew; it is empty. */
const anew = (columns: string): readonly string[] => [
  "drop table c",
  `create table c (id integer primary key, p integer references p (id) on delete cascade, ${columns})`,
];

const ALL = { c: 3, d: 2 };
const BELOW = ["parent-gone", "d", 2, "d(c) -> c(id)"] as const;

export const SITUATIONS: readonly Situation[] = [
  {
    title: "the same key was inserted again",
    meanwhile: ["insert into c values (1, 2, 'new', 9)"],
    conflicts: [["key-taken", "c", 1, "id"]],
    skip: { c: 1 },
  },
  {
    title: "a unique value is taken",
    meanwhile: ["insert into p values (9, 2, 'x')"],
    conflicts: [["unique-taken", "p", 1, /p|code/]],
    skip: { p: 1, c: 3, d: 2, n: 2 },
    helped: { rename: {} },
  },
  {
    title: "the parent is gone",
    meanwhile: ["delete from top where id = 1"],
    conflicts: [["parent-gone", "p", 1, "p(top) -> top(id)"]],
    skip: { p: 1, c: 3, d: 2, n: 2 },
    helped: { reparent: {} },
  },
  {
    title: "a row was edited after it was set to null",
    meanwhile: ["update n set p = 2 where id = 1"],
    conflicts: [["edited", "n", 1, "n(p) -> p(id)"]],
    skip: { n: 1 },
  },
  {
    title: "a row that was set to null is gone",
    meanwhile: ["delete from n where id = 1"],
    conflicts: [["row-gone", "n", 1, "n(p) -> p(id)"]],
    skip: { n: 1 },
  },
  {
    title: "a column was added that must have a value",
    meanwhile: {
      sqlite: anew("v varchar(20), amount decimal(10,2), must integer not null"),
      postgres: ["alter table c add must integer not null"],
      mariadb: ["alter table c add must integer not null"],
    },
    conflicts: [["schema-changed", "c", 3, "must"]],
    skip: ALL,
  },
  {
    title: "a column was added that has a default",
    meanwhile: ["alter table c add more integer default 7 not null"],
    conflicts: [],
    skip: {},
    helped: { stop: {}, rename: {}, reparent: {} },
  },
  {
    title: "a column was dropped",
    meanwhile: ["alter table c drop column amount"],
    conflicts: [["schema-changed", "c", 3, "amount"], BELOW],
    skip: ALL,
  },
  {
    title: "a column was renamed",
    meanwhile: ["alter table c rename column v to w"],
    conflicts: [["schema-changed", "c", 3, "v"], BELOW],
    skip: ALL,
  },
  {
    title: "a column is computed now",
    meanwhile: {
      sqlite: anew("v varchar(20), amount decimal(10,2) generated always as (id) stored"),
      postgres: [
        "alter table c drop column amount",
        "alter table c add amount decimal(10,2) generated always as (id) stored",
      ],
      mariadb: ["alter table c drop column amount", "alter table c add amount decimal(10,2) as (id) stored"],
    },
    conflicts: [["schema-changed", "c", 3, "amount"], BELOW],
    skip: ALL,
  },
  {
    title: "a type was given that takes more",
    meanwhile: {
      sqlite: anew("v text, amount decimal(12,4)"),
      postgres: ["alter table c alter v type text, alter amount type decimal(12,4), alter id type bigint"],
      mariadb: ["alter table c modify v text, modify amount decimal(12,4)"],
    },
    conflicts: [],
    skip: {},
    helped: { stop: {}, rename: {}, reparent: {} },
  },
  {
    title: "a type was given that rounds the archived numbers",
    meanwhile: {
      postgres: ["alter table c alter amount type decimal(10,0)"],
      mariadb: ["alter table c modify amount decimal(10,0)"],
    },
    conflicts: [["schema-changed", "c", 3, "amount"], BELOW],
    skip: ALL,
  },
  {
    title: "a type was given that is too short for archived texts",
    meanwhile: {
      postgres: ["alter table c alter v type varchar(5)"],
      mariadb: ["alter table c modify v varchar(5)"],
    },
    conflicts: [["schema-changed", "c", 3, "v"], BELOW],
    skip: ALL,
  },
  {
    title: "a type was given that cannot read archived texts",
    meanwhile: {
      postgres: ["alter table c alter v type date using null"],
      mariadb: ["alter table c modify v date"],
    },
    conflicts: [["schema-changed", "c", 3, "v"], BELOW],
    skip: ALL,
  },
  {
    title: "an enum lost a value",
    meanwhile: {
      postgres: [
        "create type e as enum ('abc', '2024-05-06')",
        "alter table c alter v type e using null",
        "alter type e rename value 'abc' to 'def'",
      ],
      mariadb: ["alter table c modify v enum('2024-05-06', 'def')"],
    },
    conflicts: [["schema-changed", "c", 3, "v"], BELOW],
    skip: ALL,
  },
  {
    title: "a domain refuses an archived value",
    meanwhile: {
      postgres: [
        "create domain short as varchar(20) check (value <> 'abc')",
        "alter table c alter v type short",
      ],
    },
    conflicts: [["schema-changed", "c", 3, "v"], BELOW],
    skip: ALL,
  },
  {
    title: "a column may hold no null any more",
    meanwhile: {
      sqlite: anew("v varchar(20) not null, amount decimal(10,2)"),
      postgres: ["alter table c alter v set not null"],
    },
    conflicts: [["schema-changed", "c", 1, "v"]],
    skip: { c: 1 },
  },
  {
    title: "a table was dropped",
    meanwhile: ["drop table d"],
    conflicts: [["schema-changed", "d", 2, null]],
    skip: { d: 2 },
  },
  {
    title: "a table was renamed",
    meanwhile: ["alter table d rename to e"],
    conflicts: [["schema-changed", "d", 2, null]],
    skip: { d: 2 },
  },
  {
    title: "a CHECK was added",
    meanwhile: {
      sqlite: anew("v varchar(20), amount decimal(10,2), constraint low check (amount < 2)"),
      postgres: ["alter table c add constraint low check (amount < 2)"],
      mariadb: ["alter table c add constraint low check (amount < 2)"],
    },
    conflicts: [["schema-changed", "c", 1, "low"]],
    skip: { c: 1, d: 1 },
  },
  {
    title: "a unique index was added that archived rows share a value of",
    meanwhile: ["create unique index once on c (p)"],
    conflicts: [["schema-changed", "c", 3, "once"]],
    skip: ALL,
  },
  {
    title: "a unique index was added that they share no value of",
    meanwhile: ["create unique index once on c (v)"],
    conflicts: [],
    skip: {},
    helped: { stop: {}, rename: {}, reparent: {} },
  },
  {
    title: "a foreign key was added",
    meanwhile: {
      sqlite: [
        "create table z (id integer primary key)",
        ...anew("v varchar(20), amount decimal(10,2), foreign key (id) references z (id)"),
      ],
      postgres: [
        "create table z (id integer primary key)",
        "alter table c add foreign key (id) references z (id)",
      ],
      mariadb: [
        "create table z (id integer primary key)",
        "alter table c add foreign key (id) references z (id)",
      ],
    },
    conflicts: [["parent-gone", "c", 3, "c(id) -> z(id)"]],
    skip: ALL,
  },
];
