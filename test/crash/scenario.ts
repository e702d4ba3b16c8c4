import { INT, PK, type Schema } from "../support/story.ts";

/** A database and the row whose delete is interrupted, given as a key. */
export interface Scenario {
  readonly title: string;
  readonly schema: Schema;
  readonly root: { readonly table: string; readonly key: string };
  /** The engine that it is about; null for every one. */
  readonly only: "sqlite" | null;
}

const ROOT = { table: "p", key: "1" };

const TREES: Omit<Schema, "rows"> = {
  tables: {
    p: { id: PK },
    c: { id: PK, p: INT },
    d: { id: PK, c: INT, note: "varchar(200)" },
    n: { id: PK, p: INT, note: "varchar(200)" },
    node: { id: PK, p: INT, up: INT },
    a: { id: PK, b: INT },
    b: { id: PK, p: INT, a: INT },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "d(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
    "node(p) -> p(id) on delete cascade",
    "node(up) -> node(id) on delete cascade",
    "b(p) -> p(id) on delete cascade",
    "a(b) -> b(id) on delete cascade",
    "b(a) -> a(id) on delete cascade",
  ],
};

const INDEXES = ["c(p)", "d(c)", "n(p)", "node(p)", "node(up)", "b(p)", "a(b)", "b(a)"];

/** Of every kind of statement at least one: cascades, a tree in one table, a cycle of two, a reference set to null. */
const small: Scenario = {
  title: "cascades, a cycle, a tree and a reference that is set to null",
  schema: {
    ...TREES,
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
      d: [
        [1, 1, "one"],
        [2, 2, "two"],
        [3, 3, null],
        [4, 3, "four"],
      ],
      n: [
        [1, 1, "one"],
        [2, 2, "two"],
      ],
      node: [
        [1, 1, null],
        [2, null, 1],
        [3, null, 2],
        [4, 2, null],
      ],
      b: [
        [1, 1, null],
        [2, 2, null],
      ],
      a: [
        [1, 1],
        [2, 2],
      ],
    },
    sql: ["update [b] set [a] = [id]"],
  },
  root: ROOT,
  only: null,
};

/** SQLite can only delete it with its own referential actions switched off, which a kill must not leave behind. */
const suspended: Scenario = {
  title: "a cycle of required columns, deleted with SQLite's own actions suspended",
  schema: {
    tables: {
      p: { id: PK },
      a: { id: PK, p: INT, b: `${INT} not null` },
      b: { id: PK, p: INT, a: `${INT} not null` },
    },
    fks: [
      "a(p) -> p(id) on delete cascade",
      "a(b) -> b(id) on delete set null",
      "b(p) -> p(id) on delete cascade",
      "b(a) -> a(id) on delete set null",
    ],
    rows: {
      p: [[1], [2]],
      a: [
        [1, 1, 1],
        [2, 2, 2],
      ],
      b: [
        [1, 1, 1],
        [2, 2, 2],
      ],
    },
  },
  root: ROOT,
  only: "sqlite",
};

/** An engine that counts what its own cascade does deletes it all with one statement where no archive is kept. */
const chain: Scenario = {
  title: "a chain of cascades, which the engine's own may delete",
  schema: {
    tables: { p: { id: PK }, c: { id: PK, p: INT }, d: { id: PK, c: INT } },
    fks: ["c(p) -> p(id) on delete cascade", "d(c) -> c(id) on delete cascade"],
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
      d: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    },
  },
  root: ROOT,
  only: null,
};

export const scenarios: readonly Scenario[] = [small, chain, suspended];

/** The same tables with so many rows that the work takes a while; every second row stays. */
export function large(rows: number): Scenario {
  const of = (i: number) => 1 + (i % 2);
  const parents = Math.ceil(rows / 40);
  return {
    title: `${rows} rows`,
    root: ROOT,
    only: null,
    schema: {
      ...TREES,
      rows: { p: [[1], [2]] },
      sql: [
        ...inserts("c", parents, (i) => `${i}, ${of(i)}`),
        ...inserts("d", rows, (i) => `${i}, ${1 + (i % parents)}, 'note ${i} ${"text ".repeat(20)}'`),
        ...inserts("n", parents, (i) => `${i}, ${of(i)}, 'note ${i}'`),
        ...inserts(
          "node",
          parents,
          (i) => `${i}, ${of(i)}, ${i > 4 ? Math.floor(i / 4) * 2 + of(i) - 2 || "null" : "null"}`,
        ),
        ...inserts("b", parents, (i) => `${i}, ${of(i)}, null`),
        ...inserts("a", parents, (i) => `${i}, ${i}`),
        "update [b] set [a] = [id]",
        ...INDEXES.map((on, i) => `create index [ix${i}] on ${on.replace(/^(.+)\((.+)\)$/, "[$1] ([$2])")}`),
      ],
    },
  };
}

const AT_ONCE = 1_000;

function inserts(table: string, rows: number, values: (i: number) => string): readonly string[] {
  const all = Array.from({ length: rows }, (_, i) => `(${values(i + 1)})`);
  const parts = Array.from({ length: Math.ceil(rows / AT_ONCE) }, (_, i) =>
    all.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
  return parts.map((part) => `insert into [${table}] values ${part.join(", ")}`);
}
