import { INT, PK, type Story } from "../support/story.ts";

const only = { engines: ["mariadb"], because: "only MariaDB makes every check at once" } as const;
const REQUIRED = "integer not null";

/** Rows that reference each other, where every check is made at once. */
export const mariadbCircles: readonly Story[] = [
  ...(["restrict", "no action", "cascade"] as const).flatMap((action): readonly Story[] => [
    {
      title: `a store and its manager, both required, ${action} on the way back`,
      only,
      tables: { store: { id: PK, boss: REQUIRED }, staff: { id: PK, store: REQUIRED } },
      fks: ["staff(store) -> store(id) on delete cascade", `store(boss) -> staff(id) on delete ${action}`],
      rows: {
        store: [
          [1, 1],
          [2, 2],
        ],
        staff: [
          [1, 1],
          [2, 2],
          [3, 1],
        ],
      },
      root: "store",
      where: "[id] = 1",
      plan:
        action === "cascade"
          ? {
              verdict: "allowed",
              native: "applies",
              deletes: [
                ["store", 1, 0],
                ["staff", 2, 1],
              ],
            }
          : {
              verdict: "blocked",
              native: "refused",
              deletes: [
                ["store", 1, 0],
                ["staff", 2, 1],
              ],
              blockers: [["store(boss) -> staff(id)", "required-cycle", 1]],
              inner: [["store(boss) -> staff(id)", 1]],
              deletable: [],
            },
      ...(action === "cascade" ? { after: { store: [[2, 2]], staff: [[2, 2]] } } : {}),
    },
    {
      title: `a row that references itself by a required ${action}`,
      only,
      tables: { node: { id: PK, up: REQUIRED } },
      fks: [`node(up) -> node(id) on delete ${action}`],
      rows: {
        node: [
          [1, 1],
          [2, 2],
        ],
      },
      root: "node",
      where: "[id] = 1",
      plan:
        action === "cascade"
          ? { verdict: "allowed", native: "applies", deletes: [["node", 1, 0]], deletable: ["1"] }
          : {
              verdict: "blocked",
              native: "refused",
              deletes: [["node", 1, 0]],
              blockers: [["node(up) -> node(id)", "required-cycle", 1]],
              inner: [["node(up) -> node(id)", 1]],
              deletable: [],
            },
      ...(action === "cascade" ? { after: { node: [[2, 2]] } } : {}),
    },
  ]),
  {
    title: "a cycle with one key that can be null is broken there, and restored",
    only,
    tables: { store: { id: PK, boss: INT }, staff: { id: PK, store: REQUIRED } },
    fks: ["staff(store) -> store(id) on delete cascade", "store(boss) -> staff(id) on delete restrict"],
    rows: {
      store: [
        [1, 1],
        [2, 2],
      ],
      staff: [
        [1, 1],
        [2, 2],
        [3, 1],
      ],
    },
    root: "store",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: { sqlite: "order-dependent", postgres: "applies" },
      deletes: [
        ["store", 1, 0],
        ["staff", 2, 1],
      ],
      inner: [["store(boss) -> staff(id)", 1]],
      deletable: ["1"],
    },
    after: { store: [[2, 2]], staff: [[2, 2]] },
  },
  {
    title: "a circle of cascades in one table with a row on it that refuses by another constraint",
    only,
    tables: { node: { id: PK, note: INT, up: `${INT} not null` } },
    fks: ["node(note) -> node(id) on delete restrict", "node(up) -> node(id) on delete cascade"],
    rows: {
      node: [
        [1, 3, 3],
        [2, 1, 1],
        [3, 3, 1],
      ],
    },
    root: "node",
    where: "[id] = 3",
    plan: {
      verdict: "allowed",
      native: "refused",
      deletes: [["node", 3, 0]],
      inner: [["node(note) -> node(id)", 3]],
      deletable: ["3"],
    },
    after: { node: [] },
  },
  {
    title: "a circle of required cascades in a table whose key references itself",
    only,
    names: "plain",
    tables: { node: { id: PK, up: `${INT} not null` } },
    fks: ["node(id) -> node(id) on delete restrict", "node(up) -> node(id) on delete cascade"],
    rows: {
      node: [
        [1, 2],
        [2, 1],
      ],
    },
    root: "node",
    where: "[id] = 1",
    plan: {
      verdict: "allowed",
      native: "applies",
      deletes: [["node", 2, 0]],
      inner: [["node(id) -> node(id)", 2]],
      deletable: ["1"],
    },
    after: { node: [] },
  },
  ...[15, 16].map(
    (rows): Story => ({
      title: `E18: a row and ${rows - 1} levels below it`,
      only,
      names: "plain",
      tables: { node: { id: PK, up: INT } },
      fks: ["node(up) -> node(id) on delete cascade"],
      rows: { node: Array.from({ length: rows }, (_, i) => [i + 1, i === 0 ? null : i]) },
      root: "node",
      where: "[id] = 1",
      plan: {
        verdict: "allowed",
        native: rows === 15 ? "applies" : "refused",
        deletes: [["node", rows, 0]],
        deletable: ["1"],
      },
      after: { node: [] },
    }),
  ),
];
