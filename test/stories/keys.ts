import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const declared: readonly Story[] = [
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
    mariadb: { leftOut: "MariaDB refuses the constraint (E8)" },
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
    only: { engines: ["postgres"], because: "no other has a column list of SET NULL" },
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
    title: "a column of ondelete's own name for the depth of a row",
    tables: { p: { ondelete_depth: PK }, c: { id: PK, ondelete_depth: INT } },
    fks: ["c(ondelete_depth) -> p(ondelete_depth) on delete cascade"],
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[ondelete_depth] = 2",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      deletable: ["2"],
    },
    after: { p: [[1]], c: [[1, 1]] },
  },
];

/** Keys that are composite, partly null, or not primary. */
export const keys: readonly Story[] = [
  ...declared,
  ...declared.filter((story) => story.mariadb?.leftOut).map(configured),
];
