import { INT, PK, type Story } from "../support/story.ts";

/** Keys that are composite, partly null, not primary, or not small integers; updates that spread through them. */
export const keys: readonly Story[] = [
  {
    title: "composite keys, a partly null reference being none",
    tables: {
      p: { a: INT, b: INT, "+": "primary key ([a], [b])" },
      c: { id: PK, pb: INT, pa: INT },
    },
    fks: ["c(pa,pb) -> p(a,b) on delete cascade"],
    rows: {
      p: [
        [1, 1],
        [1, 2],
      ],
      c: [
        [1, 1, 1],
        [2, 2, 1],
        [3, null, 1],
        [4, 1, null],
        [5, null, null],
      ],
    },
    root: "p",
    where: "[a] = 1 and [b] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["1,1"],
    },
    after: {
      p: [[1, 2]],
      c: [
        [2, 2, 1],
        [3, null, 1],
        [4, 1, null],
        [5, null, null],
      ],
    },
  },
  {
    title: "E9: a composite SET NULL nulls the tenant too, which is NOT NULL",
    tables: {
      p: { tenant: INT, id: INT, "+": "primary key ([tenant], [id])" },
      c: { id: PK, tenant: "integer not null", p: INT },
    },
    fks: ["c(tenant,p) -> p(tenant,id) on delete set null"],
    rows: {
      p: [
        [1, 1],
        [1, 2],
      ],
      c: [
        [1, 1, 1],
        [2, 1, 2],
      ],
    },
    root: "p",
    where: "[tenant] = 1 and [id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 1, 0]],
      blockers: [["c(tenant,p) -> p(tenant,id)", "not-null", 1]],
      deletable: [],
    },
  },
  {
    title: "E9: SET NULL with a column list keeps the tenant",
    only: { engine: "postgres", because: "SQLite has no column list of SET NULL" },
    tables: {
      p: { tenant: INT, id: INT, "+": "primary key ([tenant], [id])" },
      c: { id: PK, tenant: "integer not null", p: INT },
    },
    fks: ["c(tenant,p) -> p(tenant,id) on delete set null ([p])"],
    rows: {
      p: [
        [1, 1],
        [1, 2],
      ],
      c: [
        [1, 1, 1],
        [2, 1, 2],
      ],
    },
    root: "p",
    where: "[tenant] = 1 and [id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(tenant,p) -> p(tenant,id)", "null", 1]],
    },
    after: {
      p: [[1, 2]],
      c: [
        [1, 1, null],
        [2, 1, 2],
      ],
    },
  },
  {
    title: "a composite SET NULL that takes the tenant away, by which another relation goes",
    tables: {
      t: { id: PK },
      p: { tenant: INT, id: INT, "+": "primary key ([tenant], [id])" },
      c: { id: PK, tenant: INT, p: INT },
    },
    fks: ["c(tenant) -> t(id) on delete cascade", "c(tenant,p) -> p(tenant,id) on delete set null"],
    rows: {
      t: [[1]],
      p: [
        [1, 1],
        [1, 2],
      ],
      c: [
        [1, 1, 1],
        [2, 1, 2],
      ],
    },
    root: "p",
    where: "[tenant] = 1 and [id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(tenant,p) -> p(tenant,id)", "null", 1]],
      warnings: ["set-null-widens"],
    },
    after: {
      p: [[1, 2]],
      c: [
        [1, null, null],
        [2, 1, 2],
      ],
    },
  },
  {
    title: "a reference to a unique key that is not the primary key",
    tables: { p: { id: PK, code: "varchar(20) unique" }, c: { id: PK, code: "varchar(20)" } },
    fks: ["c(code) -> p(code) on delete cascade"],
    rows: {
      p: [
        [1, "x'y"],
        [2, 'é"z'],
        [3, null],
      ],
      c: [
        [1, "x'y"],
        [2, 'é"z'],
        [3, null],
      ],
    },
    root: "p",
    where: "[id] = 2",
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
        [1, "x'y"],
        [3, null],
      ],
      c: [
        [1, "x'y"],
        [3, null],
      ],
    },
  },
  {
    title: "SET NULL of a key that is referenced in turn spreads by ON UPDATE CASCADE",
    tables: { p: { id: PK }, m: { id: PK, p: "integer unique" }, c: { id: PK, mp: INT } },
    fks: ["m(p) -> p(id) on delete set null", "c(mp) -> m(p) on delete restrict on update cascade"],
    rows: {
      p: [[1], [2]],
      m: [
        [1, 1],
        [2, 2],
      ],
      c: [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [
        ["m(p) -> p(id)", "null", 1],
        ["c(mp) -> m(p)", "cascade", 2],
      ],
    },
    after: {
      p: [[2]],
      m: [
        [1, null],
        [2, 2],
      ],
      c: [
        [1, null],
        [2, 2],
        [3, null],
      ],
    },
  },
  {
    title: "SET NULL of a key that is referenced in turn is refused by ON UPDATE NO ACTION",
    tables: { p: { id: PK }, m: { id: PK, p: "integer unique" }, c: { id: PK, mp: INT } },
    fks: ["m(p) -> p(id) on delete set null", "c(mp) -> m(p) on delete cascade on update no action"],
    rows: {
      p: [[1], [2]],
      m: [
        [1, 1],
        [2, 2],
      ],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 1, 0]],
      updates: [["m(p) -> p(id)", "null", 1]],
      blockers: [["c(mp) -> m(p)", "no-action", 1]],
    },
  },
  {
    title: "SET DEFAULT of a key that is referenced in turn spreads by ON UPDATE CASCADE",
    tables: { p: { id: PK }, m: { id: PK, p: "integer default 9 unique" }, c: { id: PK, mp: INT } },
    fks: ["m(p) -> p(id) on delete set default", "c(mp) -> m(p) on delete cascade on update cascade"],
    rows: {
      p: [[1], [2], [9]],
      m: [
        [1, 1],
        [2, 2],
      ],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [
        ["m(p) -> p(id)", "default", 1],
        ["c(mp) -> m(p)", "cascade", 1],
      ],
    },
    after: {
      p: [[2], [9]],
      m: [
        [1, 9],
        [2, 2],
      ],
      c: [
        [1, 9],
        [2, 2],
      ],
    },
  },
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
    only: { engine: "postgres", because: "SQLite has no uuid" },
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
    only: { engine: "postgres", because: "SQLite has neither type" },
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
