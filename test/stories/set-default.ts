import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const PARENT = { p: { id: PK } } as const;
const TWO = [[1], [2]] as const;

/** MariaDB accepts the word and stores RESTRICT (E10). */
const restricted = (rows: number) =>
  ({
    verdict: "blocked",
    native: "refused",
    updates: [],
    blockers: [["c(p) -> p(id)", "restrict", rows]],
    deletable: [],
  }) as const;

const declared: readonly Story[] = [
  {
    title: "SET DEFAULT to a row that is there",
    mariadb: restricted(1),
    tables: { ...PARENT, c: { id: PK, p: "integer default 9" } },
    fks: ["c(p) -> p(id) on delete set default"],
    rows: {
      p: [[1], [9]],
      c: [
        [1, 1],
        [2, 9],
      ],
    },
    root: "p",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(p) -> p(id)", "default", 1]],
      deletable: ["1"],
    },
    after: {
      p: [[9]],
      c: [
        [1, 9],
        [2, 9],
      ],
    },
  },
  {
    title: "E10: SET DEFAULT to a row that is missing",
    mariadb: restricted(1),
    tables: { ...PARENT, c: { id: PK, p: "integer default 9" } },
    fks: ["c(p) -> p(id) on delete set default"],
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
      blockers: [["c(p) -> p(id)", "default-missing", 1]],
    },
  },
  {
    title: "SET DEFAULT to a row that is being deleted",
    mariadb: restricted(2),
    tables: { ...PARENT, c: { id: PK, p: "integer default 9" } },
    fks: ["c(p) -> p(id) on delete set default"],
    rows: {
      p: [[1], [9]],
      c: [
        [1, 1],
        [2, 9],
      ],
    },
    root: "p",
    where: "[id] in (1, 9)",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [["p", 2, 0]],
      blockers: [["c(p) -> p(id)", "default-missing", 2]],
      deletable: ["1"],
    },
  },
  {
    title: "E10: SET DEFAULT without a default, on a nullable column, is SET NULL",
    mariadb: restricted(1),
    tables: { ...PARENT, c: { id: PK, p: INT } },
    fks: ["c(p) -> p(id) on delete set default"],
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
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["c(p) -> p(id)", "default", 1]],
      deletable: ["1"],
    },
    after: {
      p: [[2]],
      c: [
        [1, null],
        [2, 2],
      ],
    },
  },
  {
    title: "E10: SET DEFAULT without a default on a NOT NULL column",
    mariadb: restricted(1),
    tables: { ...PARENT, c: { id: PK, p: "integer not null" } },
    fks: ["c(p) -> p(id) on delete set default"],
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
    title: "SET DEFAULT on a unique column, another row having the default",
    mariadb: restricted(1),
    tables: { ...PARENT, c: { id: PK, p: "integer default 9 unique" } },
    fks: ["c(p) -> p(id) on delete set default"],
    rows: {
      p: [[1], [9]],
      c: [
        [1, 1],
        [2, 9],
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
];

/** SET DEFAULT: the default row there, missing, being deleted, and what is found to fail before anything runs. */
export const setDefault: readonly Story[] = [...declared, ...declared.map(configured)];
