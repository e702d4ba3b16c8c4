import { INT, PK, type Story } from "../support/story.ts";

const DEEP = 2_000;
const chain = (n: number) => Array.from({ length: n }, (_, i) => [i + 1, i === 0 ? null : i] as const);

/** Rings, cycles of tables and trees. */
export const cycles: readonly Story[] = [
  {
    title: "a self-reference tree of 2,000 levels",
    names: "plain",
    tables: { node: { id: PK, up: INT } },
    fks: ["node(up) -> node(id) on delete cascade"],
    sql: ["create index [node_up] on [node] ([up])"],
    rows: { node: chain(DEEP) },
    root: "node",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "refused", postgres: "applies", mariadb: "refused" },
      deletes: [["node", DEEP, 0]],
      deletable: ["1"],
    },
    after: { node: [] },
  },
  {
    title: "a ring of three rows in one table, from one of them",
    tables: { node: { id: PK, next: INT } },
    fks: ["node(next) -> node(id) on delete cascade"],
    rows: {
      node: [
        [1, 2],
        [2, 3],
        [3, 1],
        [4, 4],
        [5, null],
      ],
    },
    root: "node",
    where: "[id] = 2",
    plan: { verdict: "allowed", native: "applies", deletes: [["node", 3, 0]], deletable: ["2"] },
    after: {
      node: [
        [4, 4],
        [5, null],
      ],
    },
  },
  {
    title: "a row that references itself by RESTRICT",
    tables: { node: { id: PK, up: INT } },
    fks: ["node(up) -> node(id) on delete restrict"],
    rows: {
      node: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "node",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "applies", postgres: "applies", mariadb: "refused" },
      deletes: [["node", 1, 0]],
      inner: [["node(up) -> node(id)", 1]],
      deletable: ["1"],
    },
    after: { node: [[2, 2]] },
  },
  {
    title: "a row that references itself by NO ACTION",
    tables: { node: { id: PK, up: INT } },
    fks: ["node(up) -> node(id) on delete no action"],
    rows: {
      node: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "node",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "applies", postgres: "applies", mariadb: "refused" },
      deletes: [["node", 1, 0]],
      inner: [["node(up) -> node(id)", 1]],
      deletable: ["1"],
    },
    after: { node: [[2, 2]] },
  },
  {
    title: "parent and child in one delete, RESTRICT between them",
    tables: { node: { id: PK, up: INT } },
    fks: ["node(up) -> node(id) on delete restrict"],
    rows: {
      node: [
        [1, null],
        [2, 1],
        [3, null],
      ],
    },
    root: "node",
    where: "[id] <= 2",
    plan: {
      verdict: "allowed",
      native: { sqlite: "order-dependent", postgres: "applies" },
      deletes: [["node", 2, 0]],
      inner: [["node(up) -> node(id)", 1]],
      deletable: ["1", "2"],
    },
    after: { node: [[3, null]] },
  },
  {
    title: "two tables that reference each other, CASCADE one way and RESTRICT the other",
    tables: { a: { id: PK, b: INT }, b: { id: PK, a: INT } },
    fks: ["b(a) -> a(id) on delete cascade", "a(b) -> b(id) on delete restrict"],
    rows: {
      a: [
        [1, 1],
        [2, 2],
      ],
      b: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "a",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "applies", postgres: "applies" },
      deletes: [
        ["a", 1, 0],
        ["b", 1, 1],
      ],
      inner: [["a(b) -> b(id)", 1]],
      deletable: ["1"],
    },
    after: { a: [[2, 2]], b: [[2, 2]] },
  },
  {
    title: "two tables that cascade into each other",
    tables: { a: { id: PK, b: "integer not null" }, b: { id: PK, a: "integer not null" } },
    fks: ["b(a) -> a(id) on delete cascade", "a(b) -> b(id) on delete cascade"],
    rows: {
      a: [
        [1, 1],
        [2, 1],
        [3, 3],
      ],
      b: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    },
    root: "a",
    where: "[id] = 2",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["a", 1, 0],
        ["b", 1, 1],
      ],
      deletable: ["2"],
    },
    after: {
      a: [
        [1, 1],
        [3, 3],
      ],
      b: [
        [1, 1],
        [3, 3],
      ],
    },
  },
  {
    title: "a cycle of three tables with NO ACTION in it",
    tables: { a: { id: PK, c: INT }, b: { id: PK, a: INT }, c: { id: PK, b: INT } },
    fks: [
      "b(a) -> a(id) on delete cascade",
      "c(b) -> b(id) on delete cascade",
      "a(c) -> c(id) on delete no action",
    ],
    rows: {
      a: [
        [1, 1],
        [2, 2],
      ],
      b: [
        [1, 1],
        [2, 2],
      ],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "a",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "applies", postgres: "applies" },
      deletes: [
        ["a", 1, 0],
        ["b", 1, 1],
        ["c", 1, 2],
      ],
      inner: [["a(c) -> c(id)", 1]],
      deletable: ["1"],
    },
    after: { a: [[2, 2]], b: [[2, 2]], c: [[2, 2]] },
  },
  {
    title: "a table reached both from the root and from itself, a depth being the smallest",
    tables: { r: { id: PK }, n: { id: PK, r: INT, up: INT } },
    fks: ["n(r) -> r(id) on delete cascade", "n(up) -> n(id) on delete cascade"],
    rows: {
      r: [[1], [2]],
      n: [
        [1, 1, null],
        [2, null, 1],
        [3, 1, 2],
        [4, 2, null],
      ],
    },
    root: "r",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["r", 1, 0],
        ["n", 3, 1],
      ],
      deletable: ["1"],
    },
    after: { r: [[2]], n: [[4, 2, null]] },
  },
];
