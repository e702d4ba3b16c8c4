import { configured } from "../support/configured.ts";
import { INT, PK, type Story } from "../support/story.ts";

const DIAMOND = {
  tables: { r: { id: PK }, a: { id: PK, r: INT }, b: { id: PK, r: INT, a: INT } },
  rows: {
    r: [[1], [2]],
    a: [
      [1, 1],
      [2, 2],
    ],
    b: [
      [1, 1, 1],
      [2, 2, 2],
    ],
  },
} as const;
const AFTER = { r: [[2]], a: [[2, 2]], b: [[2, 2, 2]] };
const DELETES = [
  ["r", 1, 0],
  ["a", 1, 1],
  ["b", 1, 1],
] as const;

const UNEVEN = {
  tables: { r: { id: PK }, a: { id: PK, r: INT }, x: { id: PK, r: INT }, b: { id: PK, x: INT, a: INT } },
  rows: {
    r: [[1], [2]],
    a: [
      [1, 1],
      [2, 2],
    ],
    x: [
      [1, 1],
      [2, 2],
    ],
    b: [
      [1, 1, 1],
      [2, 2, 2],
    ],
  },
} as const;
const UNEVEN_AFTER = { r: [[2]], a: [[2, 2]], x: [[2, 2]], b: [[2, 2, 2]] };
const UNEVEN_DELETES = [
  ["r", 1, 0],
  ["a", 1, 1],
  ["x", 1, 1],
  ["b", 1, 2],
] as const;

const DEFERS = {
  engines: ["sqlite", "postgres"],
  because: "MariaDB has no deferred constraints",
} as const;

const flat = (action: string): readonly Story[] => {
  const a = "a(r) -> r(id) on delete cascade";
  const b = ["b(r) -> r(id) on delete cascade", `b(a) -> a(id) on delete ${action}`];
  return [
    { order: "first", fks: [a, ...b] },
    { order: "last", fks: [...b, a] },
  ].map(({ order, fks }) => ({
    title: `a flat diamond, its ${action} side made ${order}`,
    ...DIAMOND,
    fks,
    root: "r",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: action === "restrict" ? "order-dependent" : "applies", postgres: "applies" },
      deletes: DELETES,
      inner: [["b(a) -> a(id)", 1]],
      deletable: ["1"],
    },
    after: AFTER,
  }));
};

const uneven = (action: string, postgres: "order-dependent" | "applies"): readonly Story[] => {
  const [a, x] = ["a(r) -> r(id) on delete cascade", "x(r) -> r(id) on delete cascade"];
  const b = ["b(x) -> x(id) on delete cascade", `b(a) -> a(id) on delete ${action}`];
  return [
    { order: "first", fks: [a, x, ...b] },
    { order: "last", fks: [x, ...b, a] },
  ].map(({ order, fks }) => ({
    title: `E1: an uneven diamond, its ${action} side made ${order}`,
    ...UNEVEN,
    ...(action.includes("deferrable") ? { only: DEFERS } : {}),
    fks,
    root: "r",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: action.startsWith("restrict") ? "order-dependent" : "applies", postgres },
      deletes: UNEVEN_DELETES,
      inner: [["b(a) -> a(id)", 1]],
      deletable: ["1"],
    },
    after: UNEVEN_AFTER,
  }));
};

/** E1 and E6, and the diamonds of the table of native outcomes. */
export const diamonds: readonly Story[] = [
  ...flat("restrict"),
  ...flat("no action"),
  ...uneven("restrict", "order-dependent"),
  ...uneven("no action", "order-dependent"),
  ...uneven("no action deferrable initially deferred", "applies"),
  {
    title: "a blocker that is cleared two levels later",
    tables: {
      r: { id: PK },
      a: { id: PK, r: INT },
      x: { id: PK, r: INT },
      y: { id: PK, x: INT },
      b: { id: PK, y: INT, a: INT },
    },
    fks: [
      "x(r) -> r(id) on delete cascade",
      "y(x) -> x(id) on delete cascade",
      "b(y) -> y(id) on delete cascade",
      "b(a) -> a(id) on delete restrict",
      "a(r) -> r(id) on delete cascade",
    ],
    rows: { r: [[1]], a: [[1, 1]], x: [[1, 1]], y: [[1, 1]], b: [[1, 1, 1]] },
    root: "r",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "order-dependent", postgres: "refused" },
      deletes: [
        ["r", 1, 0],
        ["a", 1, 1],
        ["x", 1, 1],
        ["y", 1, 2],
        ["b", 1, 3],
      ],
      inner: [["b(a) -> a(id)", 1]],
    },
    after: { r: [], a: [], x: [], y: [], b: [] },
  },
  {
    title: "a diamond of CASCADE and SET NULL on a nullable column",
    ...DIAMOND,
    fks: [
      "a(r) -> r(id) on delete cascade",
      "b(r) -> r(id) on delete cascade",
      "b(a) -> a(id) on delete set null",
    ],
    root: "r",
    where: "[id] = 1",
    plan: { verdict: "allowed", native: "applies", deletes: DELETES },
    after: AFTER,
  },
  ...[
    [
      "a(r) -> r(id) on delete cascade",
      "b(r) -> r(id) on delete cascade",
      "b(a) -> a(id) on delete set null",
    ],
    [
      "b(r) -> r(id) on delete cascade",
      "b(a) -> a(id) on delete set null",
      "a(r) -> r(id) on delete cascade",
    ],
  ].flatMap((fks, i) => {
    const story: Story = {
      title: `a diamond of CASCADE and SET NULL on a NOT NULL column, order ${i + 1}`,
      mariadb: { leftOut: "MariaDB refuses the constraint (E8)" },
      ...DIAMOND,
      tables: { ...DIAMOND.tables, b: { id: PK, r: INT, a: "integer not null" } },
      fks,
      root: "r",
      where: "[id] = 1",
      plan: {
        verdict: "allowed",
        native: { sqlite: "order-dependent", postgres: "applies" },
        deletes: DELETES,
      },
      after: AFTER,
    };
    return [story, configured(story)];
  }),
];
