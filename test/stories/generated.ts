import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const declared: readonly Story[] = [
  {
    title: "a child references a generated unique column",
    tables: {
      p: { id: PK, g: "integer generated always as ([id] * 2) stored unique" },
      c: { id: PK, p: INT },
    },
    fks: ["c(p) -> p(g) on delete cascade"],
    rows: {
      c: [
        [1, 2],
        [2, 4],
      ],
    },
    sql: ["insert into [p] ([id]) values (1), (2)"],
    only: { engines: ["sqlite"], because: "the others get their rows before their constraints here" },
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
    after: { p: [[2, 4]], c: [[2, 4]] },
  },
  {
    title: "SET NULL changes a generated column that a CHECK is on",
    mariadb: { leftOut: "MariaDB refuses the constraint beside the CHECK" },
    tables: {
      p: { id: PK },
      c: {
        id: PK,
        p: INT,
        g: "integer generated always as (coalesce([p], 0)) stored",
        "+": "check ([g] > 0)",
      },
    },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: { p: [[1], [2]] },
    sql: ["insert into [c] ([id], [p]) values (1, 1), (2, 2)"],
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
    title: "SET NULL changes a generated column that is unique",
    mariadb: { leftOut: "MariaDB refuses the constraint beside a stored column" },
    tables: {
      p: { id: PK },
      c: { id: PK, p: INT, g: "integer generated always as (coalesce([p], 0)) stored unique" },
    },
    fks: ["c(p) -> p(id) on delete set null"],
    rows: { p: [[1], [2]] },
    sql: ["insert into [c] ([id], [p]) values (1, 1), (2, null)"],
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

/** References and conditions that go through a generated column. */
export const generated: readonly Story[] = [
  ...declared,
  ...declared.filter((story) => story.mariadb?.leftOut).map(configured),
];
