import type { NativeOutcome, NativeVerdict } from "../../src/index.ts";

/** Constraint name, child, column, parent, and what follows. */
export type Key = readonly [string, string, string, string, string];

/** Verdict; what a bare DELETE does now; what it does in a restored copy. */
export type Told = readonly [NativeVerdict, NativeOutcome, NativeOutcome];

export interface NativeCase {
  readonly title: string;
  /** Tables with their columns beside `id`, `name not null` where needed. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  /** In order of creation; SQLite's tables are made in the order in which their last key stands here. */
  readonly keys: readonly Key[];
  readonly rows: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  readonly remove: string;
  /** The rows that the plan deletes, and no other. */
  readonly gone: Readonly<Record<string, readonly number[]>>;
  readonly postgres: Told;
  /** Null where the engine has no such constraint. */
  readonly mariadb: Told | null;
  readonly sqlite: Told;
}

const applies: Told = ["applies", "applies", "applies"];
const refused: Told = ["refused", "refused", "refused"];
const open = (now: NativeOutcome, afterRestore: NativeOutcome): Told => [
  "order-dependent",
  now,
  afterRestore,
];

const FLAT = {
  tables: { r: [], a: ["r"], b: ["r", "a"] },
  rows: { r: [[1], [2]], a: [[1, 1]], b: [[1, 1, 1]] },
  remove: "delete from r where id = 1",
  gone: { r: [1], a: [1], b: [1] },
} as const;
const A: Key = ["a_r", "a", "r", "r", "cascade"];
const B: Key = ["b_r", "b", "r", "r", "cascade"];
const flat = (
  first: "a" | "b",
  inner: string,
  told: Pick<NativeCase, "postgres" | "mariadb" | "sqlite">,
): NativeCase => {
  const side: Key = ["b_a", "b", "a", "a", inner];
  const keys = first === "a" ? [A, B, side] : [B, side, A];
  return { title: `a flat diamond, ${inner}, ${first} made first`, ...FLAT, keys, ...told };
};

const UNEVEN = {
  tables: { r: [], a: ["r"], x: ["r"], b: ["x", "a"] },
  rows: { r: [[1], [2]], a: [[1, 1]], x: [[1, 1]], b: [[1, 1, 1]] },
  remove: "delete from r where id = 1",
  gone: { r: [1], a: [1], x: [1], b: [1] },
} as const;
const X: Key = ["x_r", "x", "r", "r", "cascade"];
const BX: Key = ["b_x", "b", "x", "x", "cascade"];
const uneven = (
  first: "a" | "x",
  inner: string,
  told: Pick<NativeCase, "postgres" | "mariadb" | "sqlite">,
): NativeCase => {
  const keys = [...(first === "a" ? [A, X] : [X, A]), BX, ["b_a", "b", "a", "a", inner] as const];
  return { title: `an uneven diamond, ${inner}, ${first} made first`, ...UNEVEN, keys, ...told };
};

const LATER = {
  tables: { r: [], a: ["r"], x: ["r"], y: ["x"], b: ["y", "a"] },
  rows: { r: [[1]], a: [[1, 1]], x: [[1, 1]], y: [[1, 1]], b: [[1, 1, 1]] },
  remove: "delete from r where id = 1",
  gone: { r: [1], a: [1], x: [1], y: [1], b: [1] },
} as const;
const later = (inner: string, told: Pick<NativeCase, "postgres" | "mariadb" | "sqlite">): NativeCase => ({
  title: `a blocker cleared two levels later, ${inner}`,
  ...LATER,
  keys: [
    A,
    X,
    ["y_x", "y", "x", "x", "cascade"],
    ["b_y", "b", "y", "y", "cascade"],
    ["b_a", "b", "a", "a", inner],
  ],
  ...told,
});

const two = (
  first: string,
  second: string,
  told: Pick<NativeCase, "postgres" | "mariadb" | "sqlite">,
): NativeCase => ({
  title: `two keys to one row, ${first} then ${second}`,
  tables: { r: [], c: ["p", "q"] },
  keys: [
    ["k1", "c", "p", "r", first],
    ["k2", "c", "q", "r", second],
  ],
  rows: { r: [[1]], c: [[1, 1, 1]] },
  remove: "delete from r where id = 1",
  gone: { r: [1], c: [1] },
  ...told,
});

/** `older` and `newer` are the names, in which only MariaDB and a restored PostgreSQL see an order. */
const overlap = (
  [older, first]: readonly [string, string],
  [newer, second]: readonly [string, string],
  told: Pick<NativeCase, "postgres" | "mariadb" | "sqlite">,
): NativeCase => ({
  title: `one column with two keys, ${older} ${first} then ${newer} ${second}`,
  tables: { r: [], c: ["r"] },
  keys: [
    [older, "c", "r", "r", first],
    [newer, "c", "r", "r", second],
  ],
  rows: { r: [[1]], c: [[1, 1]] },
  remove: "delete from r where id = 1",
  gone: { r: [1], c: [1] },
  ...told,
});

/** PostgreSQL checks a row that it changes a second time for all its references. */
const twice = (first: "c" | "x", now: NativeOutcome): NativeCase => {
  const x: Key = ["x_r", "x", "r", "r", "cascade"];
  const c: readonly Key[] = [
    ["c_a", "c", "a", "r", "set null"],
    ["c_b", "c", "b", "r", "set null"],
  ];
  return {
    title: `a row that is nulled twice before the third of its parents goes, ${first} made first`,
    tables: { r: [], x: ["r"], c: ["a", "b", "x"] },
    keys: [...(first === "c" ? [...c, x] : [x, ...c]), ["c_x", "c", "x", "x", "set null"]],
    rows: { r: [[1]], x: [[1, 1]], c: [[1, 1, 1, 1]] },
    remove: "delete from r where id = 1",
    gone: { r: [1], x: [1] },
    postgres: open(now, "refused"),
    mariadb: applies,
    sqlite: applies,
  };
};

/** The table "Native outcome" and the experiments E1 to E6, each with what a dump and restore makes of it. */
export const CASES: readonly NativeCase[] = [
  // Row 1 takes what keeps row 3, and row 3 what keeps row 2: it applies in that order, and in no other.
  {
    title: "rows that free each other in one order",
    tables: { r: [], b: ["k", "c"] },
    keys: [
      ["b_k", "b", "k", "r", "restrict"],
      ["b_c", "b", "c", "r", "cascade"],
    ],
    rows: {
      r: [[1], [3], [2]],
      b: [
        [1, 2, 3],
        [2, 3, 1],
      ],
    },
    remove: "delete from r where id < 9",
    gone: { r: [1, 2, 3], b: [1, 2] },
    postgres: open("unknown", "unknown"),
    mariadb: open("unknown", "unknown"),
    sqlite: open("unknown", "unknown"),
  },
  flat("a", "restrict", {
    postgres: applies,
    mariadb: open("refused", "refused"),
    sqlite: open("applies", "applies"),
  }),
  flat("b", "restrict", {
    postgres: applies,
    mariadb: open("refused", "refused"),
    sqlite: open("refused", "refused"),
  }),
  flat("a", "no action", { postgres: applies, mariadb: open("refused", "refused"), sqlite: applies }),
  flat("a", "no action deferrable initially deferred", { postgres: applies, mariadb: null, sqlite: applies }),
  flat("a", "set null", { postgres: applies, mariadb: applies, sqlite: applies }),
  // E1, E2, E6
  uneven("a", "restrict", {
    postgres: open("refused", "refused"),
    mariadb: open("refused", "refused"),
    sqlite: open("applies", "applies"),
  }),
  uneven("x", "restrict", {
    postgres: open("applies", "refused"),
    mariadb: open("refused", "refused"),
    sqlite: open("refused", "refused"),
  }),
  uneven("x", "no action", {
    postgres: open("applies", "refused"),
    mariadb: open("refused", "refused"),
    sqlite: applies,
  }),
  uneven("a", "no action deferrable initially deferred", {
    postgres: applies,
    mariadb: null,
    sqlite: applies,
  }),
  uneven("a", "restrict deferrable initially deferred", {
    postgres: open("refused", "refused"),
    mariadb: null,
    sqlite: open("applies", "applies"),
  }),
  later("restrict", {
    postgres: refused,
    mariadb: open("refused", "refused"),
    sqlite: open("applies", "applies"),
  }),
  later("no action", { postgres: refused, mariadb: open("refused", "refused"), sqlite: applies }),
  two("cascade", "restrict", {
    postgres: open("applies", "applies"),
    mariadb: open("applies", "applies"),
    sqlite: open("refused", "refused"),
  }),
  two("restrict", "cascade", {
    postgres: open("refused", "refused"),
    mariadb: open("refused", "refused"),
    sqlite: open("applies", "applies"),
  }),
  // E3, E5: the key that acts first wins; the plan follows CASCADE.
  overlap(["old", "cascade"], ["new", "set null"], {
    postgres: open("applies", "diverges"),
    mariadb: open("diverges", "diverges"),
    sqlite: open("diverges", "diverges"),
  }),
  overlap(["a_old", "set null"], ["b_new", "cascade"], {
    postgres: open("diverges", "diverges"),
    mariadb: open("diverges", "diverges"),
    sqlite: open("applies", "applies"),
  }),
  {
    title: "a row that references itself, restrict",
    tables: { t: ["t"] },
    keys: [["t_t", "t", "t", "t", "restrict"]],
    rows: { t: [[1, 1]] },
    remove: "delete from t where id = 1",
    gone: { t: [1] },
    postgres: applies,
    mariadb: refused,
    sqlite: applies,
  },
  {
    title: "parent and child in one DELETE, restrict",
    tables: { t: ["t"] },
    keys: [["t_t", "t", "t", "t", "restrict"]],
    rows: {
      t: [
        [1, null],
        [2, 1],
      ],
    },
    remove: "delete from t where id in (1, 2)",
    gone: { t: [1, 2] },
    postgres: applies,
    mariadb: open("unknown", "unknown"),
    sqlite: open("unknown", "unknown"),
  },
  {
    title: "a column with one key that nulls it and one that refuses, to a row that goes later",
    tables: { r: [], x: ["r"], c: ["p"] },
    keys: [
      ["k1", "x", "r", "r", "cascade"],
      ["k2", "c", "p", "x", "restrict"],
      ["k3", "c", "p", "r", "set null"],
    ],
    rows: { r: [[1]], x: [[1, 1]], c: [[1, 1]] },
    remove: "delete from r where id = 1",
    gone: { r: [1], x: [1] },
    postgres: applies,
    mariadb: open("refused", "refused"),
    sqlite: open("applies", "applies"),
  },
  twice("c", "refused"),
  twice("x", "applies"),
  {
    title: "children that RESTRICT each other, and go in one order of three alone",
    tables: { r: [], c: ["r", "up"] },
    keys: [
      ["c_r", "c", "r", "r", "cascade"],
      ["c_up", "c", "up", "c", "restrict"],
    ],
    rows: {
      r: [[1]],
      c: [
        [1, 1, 3],
        [3, 1, null],
        [4, 1, 1],
      ],
    },
    remove: "delete from r where id = 1",
    gone: { r: [1], c: [1, 3, 4] },
    postgres: applies,
    mariadb: open("unknown", "unknown"),
    sqlite: open("unknown", "unknown"),
  },
  {
    title: "two tables that reference each other, cascade and restrict",
    tables: { p: ["c"], c: ["p"] },
    keys: [
      ["c_p", "c", "p", "p", "cascade"],
      ["p_c", "p", "c", "c", "restrict"],
    ],
    rows: { p: [[1, 1]], c: [[1, 1]] },
    remove: "delete from p where id = 1",
    gone: { p: [1], c: [1] },
    postgres: applies,
    mariadb: refused,
    sqlite: applies,
  },
];
