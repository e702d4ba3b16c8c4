import type { Story } from "../support/story.ts";

/** Keys that are not small integers. */
export const keyTypes: readonly Story[] = [
  {
    title: "keys beyond 2^53 that a double holds to be equal",
    tables: { p: { id: "bigint primary key" }, c: { id: "bigint primary key", p: "bigint" } },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [["9007199254740992"], ["9007199254740993"]],
      c: [
        ["9223372036854775806", "9007199254740992"],
        ["9223372036854775807", "9007199254740993"],
      ],
    },
    root: "p",
    where: "[id] = 9007199254740993",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["9007199254740993"],
    },
    after: { p: [["9007199254740992"]], c: [["9223372036854775806", "9007199254740992"]] },
  },
  {
    title: "text keys with quotes, line ends, an empty one and other alphabets",
    tables: { p: { id: "varchar(40) primary key" }, c: { id: "varchar(40) primary key", p: "varchar(40)" } },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [[""], ['O\'Brien "x"'], ["a\nb"], ["日本\\語"]],
      c: [
        ["\\x41", ""],
        ["ü", 'O\'Brien "x"'],
        ["%_", "a\nb"],
        ["{}", "日本\\語"],
      ],
    },
    root: "p",
    where: "[id] <> 'a\nb'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 3, 0],
        ["c", 3, 1],
      ],
      deletable: ["", 'O\'Brien "x"', "日本\\語"],
    },
    after: { p: [["a\nb"]], c: [["%_", "a\nb"]] },
  },
  {
    title: "uuid keys",
    only: { engines: ["postgres", "mariadb"], because: "SQLite has no uuid" },
    tables: { p: { id: "uuid primary key" }, c: { id: "uuid primary key", p: "uuid" } },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"]],
      c: [["b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
    },
    root: "p",
    where: "[id] = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    },
    after: { p: [["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"]], c: [] },
  },
  {
    title: "timestamp keys to the microsecond and byte keys",
    only: { engines: ["postgres"], because: "SQLite has neither type, and MariaDB has a story of its own" },
    tables: {
      p: { at: "timestamptz", raw: "bytea", "+": "primary key ([at], [raw])" },
      c: { id: "numeric(30,10) primary key", at: "timestamptz", raw: "bytea" },
    },
    fks: ["c(at,raw) -> p(at,raw) on delete cascade"],
    rows: {
      p: [
        ["2024-01-01 00:00:00.000001+00", "\\x00ff"],
        ["2024-01-01 00:00:00.000002+00", "\\x00ff"],
      ],
      c: [
        ["1.0000000001", "2024-01-01 01:00:00.000001+01", "\\x00ff"],
        ["1.0000000002", "2024-01-01 00:00:00.000002+00", "\\x00ff"],
      ],
    },
    root: "p",
    where: "[at] = '2024-01-01 00:00:00.000001+00'",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
    },
    after: {
      p: [["2024-01-01 00:00:00.000002+00", "\\x00ff"]],
      c: [["1.0000000002", "2024-01-01 00:00:00.000002+00", "\\x00ff"]],
    },
  },
];
