import type { Story } from "../support/story.ts";
import { ALLOWED, BLOCKED, CHECKED, EMPTY, NULLED, PARENT, POSTGRES } from "./predicted.ts";

/** A child's row that a cascade would delete and the engine does not. */
const CASCADE_REFUSED = {
  ...BLOCKED,
  deletes: [
    ["p", 1, 0],
    ["c", 1, 1],
  ],
  blockers: [["c", "check", 1]],
} as const;

/** Statements that the engine refuses or swallows, whatever the rows: rules and publications. */
export const predictedStatements: readonly Story[] = [
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a rule that takes the place of every delete",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete cascade)",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create rule keep as on delete to c do instead nothing",
    ],
    plan: { ...CASCADE_REFUSED, warnings: ["trigger-fires"] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a rule that takes the place of every update, on the table that would be nulled",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null)",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create rule keep as on update to c do instead nothing",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a rule that takes the place of some deletes",
    sql: [
      PARENT,
      "insert into p values (1), (2)",
      "create rule keep as on delete to p where old.id > 1 do instead nothing",
    ],
    plan: { ...ALLOWED, warnings: ["trigger-fires", "trigger-may-swallow"] },
    after: { p: [[2]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a published table without a key to which a cascade leads, none of its rows going",
    sql: [
      PARENT,
      "create table c (id integer not null unique, p integer references p on delete cascade)",
      "insert into p values (1), (2)",
      "insert into c values (1, 2)",
      "create publication pub for table c",
    ],
    // The cascade's statement is refused although it would find no row.
    plan: { ...BLOCKED, blockers: [["c(p) -> p(id)", "check", 1]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a published table whose rows have no replica identity, and would be deleted",
    sql: [
      PARENT,
      "create table c (id integer not null unique, p integer references p on delete cascade)",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create publication pub for table c, p",
    ],
    plan: CASCADE_REFUSED,
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a published table that identifies its rows by all of their columns",
    sql: [
      PARENT,
      "create table c (id integer not null unique, p integer references p on delete cascade)",
      "alter table c replica identity full",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create publication pub for all tables",
    ],
    plan: {
      ...ALLOWED,
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
    },
    after: { p: [], c: [] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a schema that is published, and a table of it with REPLICA IDENTITY NOTHING that would be nulled",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null)",
      "alter table c replica identity nothing",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create publication pub for tables in schema public with (publish = 'insert, update')",
    ],
    plan: { ...BLOCKED, blockers: CHECKED },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "updates that are not published",
    sql: [
      PARENT,
      "create table c (id integer primary key, p integer references p on delete set null)",
      "alter table c replica identity nothing",
      "insert into p values (1)",
      "insert into c values (1, 1)",
      "create publication pub for table c with (publish = 'insert, delete')",
    ],
    plan: { ...ALLOWED, updates: NULLED },
    after: { p: [], c: [[1, null]] },
  },
  {
    ...EMPTY,
    ...POSTGRES,
    title: "a partition without a key, published with the table above it",
    sql: [
      "create table p (id integer not null, at integer not null) partition by list (at)",
      "create table p1 partition of p for values in (1)",
      "create table p2 partition of p for values in (2)",
      "create unique index p_key on p (id, at)",
      "alter table p1 replica identity using index p1_id_at_idx",
      "insert into p values (1, 1), (2, 2)",
      "create publication pub for table p",
    ],
    plan: { ...BLOCKED, blockers: [["p", "check", 1]] },
  },
];
