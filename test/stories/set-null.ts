import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const PARENT = { p: { id: PK } } as const;
const TWO = [[1], [2]] as const;

const CHECKED = { leftOut: "MariaDB refuses the constraint beside the CHECK" };
const PARTIAL = { leftOut: "MariaDB has no partial indexes" };

const declared: readonly Story[] = [
  {
    title: "SET NULL",
    tables: { ...PARENT, c: { id: PK, p: INT } },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: {
      p: TWO,
      c: [
        [1, 1],
        [2, 2],
        [3, null],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(p) -> p(id)", "null", 1]],
      deletable: ["1"],
    },
    after: {
      p: [[2]],
      c: [
        [1, null],
        [2, 2],
        [3, null],
      ],
    },
  },
  {
    title: "E8: SET NULL on a NOT NULL column",
    mariadb: { leftOut: "MariaDB refuses the constraint (E8)" },
    tables: { ...PARENT, c: { id: PK, p: "integer not null" } },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: {
      p: TWO,
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
      blockers: [["c(p) -> p(id)", "not-null", 1]],
    },
  },
  {
    title: "SET NULL against a CHECK",
    mariadb: CHECKED,
    tables: { ...PARENT, c: { id: PK, p: INT, q: INT, "+": "check ([p] is not null or [q] is not null)" } },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: {
      p: TWO,
      c: [
        [1, 1, null],
        [2, 1, 5],
        [3, 2, null],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 1, 0]],
      blockers: [["c(p) -> p(id)", "check", 1]],
    },
  },
  {
    title: "SET NULL of two relations of one row, which a CHECK forbids only together",
    mariadb: CHECKED,
    tables: {
      ...PARENT,
      q: { id: PK, p: INT },
      c: { id: PK, p: INT, q: INT, "+": "check ([p] is not null or [q] is not null)" },
    },
    fks: [
      "q(p) -> p(id) on delete cascade",
      "c(p) -> p(id) on delete set null",
      "c(q) -> q(id) on delete set null",
    ],
    rows: {
      p: TWO,
      q: [
        [1, 1],
        [2, 2],
      ],
      c: [
        [1, 1, 1],
        [2, 2, 2],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [
        ["p", 1, 0],
        ["q", 1, 1],
      ],
      blockers: [
        ["c(p) -> p(id)", "check", 1],
        ["c(q) -> q(id)", "check", 1],
      ],
    },
  },
  {
    title: "SET NULL into a partial unique index",
    mariadb: PARTIAL,
    tables: { ...PARENT, c: { id: PK, p: INT, name: "varchar(20)" } },
    fks: ["c(p) -> p(id) on delete set null"],
    sql: ["create unique index [one] on [c] ([name]) where [p] is null"],
    rows: {
      p: TWO,
      c: [
        [1, 1, "x"],
        [2, null, "x"],
        [3, 2, "x"],
        [4, 1, "y"],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 1, 0]],
      blockers: [["c(p) -> p(id)", "unique", 1]],
    },
  },
  {
    title: "SET NULL of two rows that a partial unique index then holds to be the same",
    mariadb: PARTIAL,
    tables: { ...PARENT, c: { id: PK, p: INT, name: "varchar(20)" } },
    fks: ["c(p) -> p(id) on delete set null"],
    sql: ["create unique index [one] on [c] ([name]) where [p] is null"],
    rows: {
      p: TWO,
      c: [
        [1, 1, "x"],
        [2, 2, "x"],
        [3, 2, "y"],
      ],
    },
    root: "p",
    where: "[id] in (1, 2)",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 2, 0]],
      blockers: [["c(p) -> p(id)", "unique", 2]],
      // Either of the two can go, the first as good as the second.
      deletable: ["1"],
    },
  },
  {
    title: "a row that goes by one path and would be nulled by another is deleted, not updated",
    tables: { ...PARENT, c: { id: PK, p: INT, q: INT } },
    fks: ["c(p) -> p(id) on delete cascade", "c(q) -> p(id) on delete set null"],
    rows: {
      p: TWO,
      c: [
        [1, 1, 1],
        [2, 2, 1],
        [3, 2, 2],
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
      updates: [["c(q) -> p(id)", "null", 1]],
      deletable: ["1"],
    },
    after: {
      p: [[2]],
      c: [
        [2, 2, null],
        [3, 2, 2],
      ],
    },
  },
];

/** SET NULL: what is written, and what is found to fail before anything runs. */
export const setNull: readonly Story[] = [
  ...declared,
  ...declared.filter((story) => story.mariadb && story.mariadb !== PARTIAL).map(configured),
];
