import { INT, PK, type Story } from "../support/story.ts";

const only = { engines: ["mariadb"], because: "it is about something that only MariaDB has" } as const;
const NONE = { tables: {}, fks: [], rows: {}, only } as const;

/** What only MariaDB has: constraints that check row by row, its collations, its dates, its counters. */
export const mariadbOnly: readonly Story[] = [
  {
    title: "a column that moves on update stays where it is in a row that is nulled",
    only,
    tables: {
      p: { id: PK },
      c: {
        id: PK,
        p: INT,
        at: "timestamp(6) not null default current_timestamp(6) on update current_timestamp(6)",
        seen: "datetime null on update current_timestamp",
      },
    },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1, "2001-02-03 04:05:06.789012", null],
        [2, 2, "2001-02-03 04:05:06.789012", "2002-01-01 00:00:00"],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(p) -> p(id)", "null", 1]],
    },
    after: {
      p: [[2]],
      c: [
        [1, null, "2001-02-03 04:05:06.789012", null],
        [2, 2, "2001-02-03 04:05:06.789012", "2002-01-01 00:00:00"],
      ],
    },
  },
  {
    title: "keys that are the same in their collation reference each other",
    ...NONE,
    sql: [
      "create table [p] ([id] varchar(10) collate utf8mb4_general_ci primary key)",
      "create table [c] ([id] integer primary key, [p] varchar(10) collate utf8mb4_general_ci, foreign key ([p]) references [p] ([id]) on delete cascade)",
      "insert into [p] values ('Ab'), ('x ')",
      "insert into [c] values (1, 'aB'), (2, 'AB'), (3, 'áb'), (4, 'X')",
    ],
    root: "p",
    where: "[id] = 'ab'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 3, 1],
      ],
      deletable: ["Ab"],
    },
    after: { p: [["x "]], c: [[4, "X"]] },
  },
  {
    title: "E19: a parent key that is not unique takes its children with the first of two twins",
    only,
    tables: { p: { id: PK, code: INT, "+": "key ([code])" }, c: { id: PK, code: INT } },
    fks: ["c(code) -> p(code) on delete cascade"],
    rows: {
      p: [
        [1, 7],
        [2, 7],
        [3, 8],
      ],
      c: [
        [1, 7],
        [2, 8],
      ],
    },
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
      p: [
        [2, 7],
        [3, 8],
      ],
      c: [[2, 8]],
    },
  },
  {
    title: "rows with the key 0, which is no word for the next number",
    ...NONE,
    sql: [
      "set session sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
      "create table [p] ([id] integer auto_increment primary key, [name] varchar(5))",
      "create table [c] ([id] integer auto_increment primary key, [p] integer, foreign key ([p]) references [p] ([id]) on delete cascade)",
      "insert into [p] values (0, 'zero'), (5, 'five')",
      "insert into [c] values (0, 0), (1, 5), (2, 0)",
    ],
    root: "p",
    where: "[id] = 0",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 2, 1],
      ],
      deletable: ["0"],
    },
    after: { p: [[5, "five"]], c: [[1, 5]] },
  },
  {
    title: "zero dates come back as they were",
    ...NONE,
    sql: [
      "set session sql_mode = 'ANSI_QUOTES,ALLOW_INVALID_DATES'",
      "create table [p] ([id] date primary key)",
      "create table [c] ([id] integer primary key, [p] date, [d] datetime(3), [t] timestamp null, [y] year, foreign key ([p]) references [p] ([id]) on delete cascade)",
      "insert into [p] values ('0000-00-00'), ('2024-01-01')",
      "insert into [c] values (1, '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', 0), (2, '0000-00-00', '2024-02-31 10:00:00.5', null, 1901), (3, '2024-01-01', '2024-00-00', null, null)",
    ],
    root: "p",
    where: "[id] < '2000-01-01'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 2, 1],
      ],
      deletable: ["0000-00-00"],
    },
    after: { p: [["2024-01-01"]], c: [[3, "2024-01-01", "2024-00-00 00:00:00.000", null, null]] },
  },
  {
    title: "E16: a constraint made without a check takes the rows that match, and leaves orphans as they are",
    ...NONE,
    sql: [
      "create table [p] ([id] integer primary key)",
      "create table [c] ([id] integer primary key, [p] integer)",
      "insert into [p] values (1)",
      "insert into [c] values (1, 1), (2, 9)",
      "set foreign_key_checks = 0",
      "alter table [c] add foreign key ([p]) references [p] ([id]) on delete cascade",
      "set foreign_key_checks = 1",
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
  ...(["set null", "cascade"] as const).map(
    (first): Story => ({
      title: `E5: two constraints on one column, the one whose name comes first saying ${first}`,
      only,
      tables: { p: { id: PK }, c: { id: PK, p: INT } },
      fks: [],
      rows: { p: [[1]], c: [[1, 1]] },
      sql: [
        `alter table [c] add constraint [b] foreign key ([p]) references [p] ([id]) on delete ${first === "cascade" ? "set null" : "cascade"}`,
        `alter table [c] add constraint [a] foreign key ([p]) references [p] ([id]) on delete ${first}`,
      ],
      names: "plain",
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
    }),
  ),
  {
    title:
      "values that are easily lost: blanks at the end, quotes, backslashes, letters of four bytes, empty and null",
    only,
    tables: {
      p: { id: "varchar(20) primary key" },
      c: { id: PK, p: "varchar(20)", f: "char(4)", v: "varchar(20)", b: "varbinary(4)", n: "decimal(20,5)" },
    },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [["😀\\'\""], ["b"]],
      c: [
        [1, "😀\\'\"", "", "", "", "0.10000"],
        [2, "😀\\'\"", null, null, null, null],
        [3, "😀\\'\"", "ab", "ab  ", "ab", "-99999.00001"],
        [4, "😀\\'\"", "\\", "\\n\\0%_", "\\", 7],
        [5, "b", "é日😀", "\t\n\u0000'", "'", "0"],
      ],
    },
    root: "p",
    where: "[id] <> 'b'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 4, 1],
      ],
      deletable: ["😀\\'\""],
    },
    after: { p: [["b"]], c: [[5, "b", "é日😀", "\t\n\u0000'", "'", "0.00000"]] },
  },
  {
    title: "MATCH FULL is read and not kept: a partly null reference is none",
    only,
    tables: { p: { a: INT, b: INT, "+": "primary key ([a], [b])" }, c: { id: PK, a: INT, b: INT } },
    fks: ["c(a,b) -> p(a,b) match full on delete set null"],
    rows: {
      p: [[1, 1]],
      c: [
        [1, 1, 1],
        [2, 1, null],
      ],
    },
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
        [2, 1, null],
      ],
    },
  },
];
