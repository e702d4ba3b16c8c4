import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const declared: readonly Story[] = [
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
    mariadb: {
      verdict: "blocked",
      native: "refused",
      updates: [],
      blockers: [["m(p) -> p(id)", "restrict", 1]],
    },
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
];

/** Updates that start others, because what they write is referenced in turn. */
export const spread: readonly Story[] = [...declared, ...declared.map(configured)];
