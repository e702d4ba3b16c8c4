import { INT, PK, type Story } from "../support/story.ts";

const NOTES = {
  tables: { p: { id: PK }, q: { id: PK }, note: { id: PK, kind: "varchar(10)", owner: INT } },
  fks: [],
  rows: {
    p: [[1], [2]],
    q: [[1]],
    note: [
      [1, "p", 1],
      [2, "p", 2],
      [3, "q", 1],
      [4, "x", 1],
      [5, null, 1],
    ],
  },
  root: "p",
  where: "[id] = 1",
} as const;

/** What the configuration adds to the constraints, or says otherwise. */
export const policy: readonly Story[] = [
  {
    title: "a polymorphic relation that deletes, never rows of another type",
    ...NOTES,
    config: (t, c) => ({
      relations: [
        {
          child: t("note"),
          columns: [c("owner")],
          parent: t("p"),
          parentColumns: [c("id")],
          onDelete: "cascade",
          when: { column: c("kind"), values: ["p"] },
        },
      ],
    }),
    plan: {
      warnings: ["native-diverges"],
      verdict: "allowed",
      native: "applies",
      deletes: [
        ["p", 1, 0],
        ["note", 1, 1],
      ],
    },
    after: {
      p: [[2]],
      note: [
        [2, "p", 2],
        [3, "q", 1],
        [4, "x", 1],
        [5, null, 1],
      ],
    },
  },
  {
    title: "a polymorphic SET NULL clears the type column too",
    ...NOTES,
    config: (t, c) => ({
      relations: [
        {
          child: t("note"),
          columns: [c("owner")],
          parent: t("p"),
          parentColumns: [c("id")],
          onDelete: "set null",
          when: { column: c("kind"), values: ["p"] },
        },
      ],
    }),
    plan: {
      warnings: ["native-diverges"],
      verdict: "allowed",
      native: "applies",
      deletes: [["p", 1, 0]],
      updates: [["note[kind=p](owner) -> p(id)", "null", 1]],
    },
    after: {
      p: [[2]],
      note: [
        [1, null, null],
        [2, "p", 2],
        [3, "q", 1],
        [4, "x", 1],
        [5, null, 1],
      ],
    },
  },
  {
    title: "an application's cascade over a constraint that says NO ACTION",
    tables: { p: { id: PK }, c: { id: PK, p: INT } },
    fks: ["c(p) -> p(id) on delete no action"],
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[id] = 1",
    config: (t, c) => ({
      relations: [
        { child: t("c"), columns: [c("p")], parent: t("p"), parentColumns: [c("id")], onDelete: "cascade" },
      ],
    }),
    plan: {
      verdict: "allowed",
      native: "refused",
      deletes: [
        ["p", 1, 0],
        ["c", 1, 1],
      ],
      inner: [["c(p) -> p(id)", 1]],
    },
    after: { p: [[2]], c: [[2, 2]] },
  },
  {
    title: "a configured relation that no constraint declares",
    tables: { p: { id: PK }, c: { id: PK, p: INT } },
    fks: [],
    rows: {
      p: [[1], [2]],
      c: [
        [1, 1],
        [2, 2],
        [3, 7],
      ],
    },
    root: "p",
    where: "[id] = 1",
    config: (t, c) => ({
      relations: [
        { child: t("c"), columns: [c("p")], parent: t("p"), parentColumns: [c("id")], onDelete: "restrict" },
      ],
    }),
    plan: {
      verdict: "blocked",
      native: "applies",
      deletes: [["p", 1, 0]],
      blockers: [["c(p) -> p(id)", "restrict", 1]],
      deletable: [],
    },
    after: { p: [[2]] },
  },
  {
    title: "the configuration says RESTRICT where the constraint says CASCADE",
    tables: { p: { id: PK }, c: { id: PK, p: INT } },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [[1], [2], [3]],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[id] in (1, 3)",
    config: (t, c) => ({
      relations: [
        { child: t("c"), columns: [c("p")], parent: t("p"), parentColumns: [c("id")], onDelete: "restrict" },
      ],
    }),
    plan: {
      warnings: ["native-diverges"],
      verdict: "blocked",
      native: "applies",
      deletes: [["p", 2, 0]],
      blockers: [["c(p) -> p(id)", "restrict", 1]],
      deletable: ["3"],
    },
    after: { p: [[2]], c: [[2, 2]] },
  },
  {
    title: "a protected table loses no row, and the roots that do not reach it can go",
    tables: { p: { id: PK }, c: { id: PK, p: INT } },
    fks: ["c(p) -> p(id) on delete cascade"],
    rows: {
      p: [[1], [2], [3]],
      c: [
        [1, 1],
        [2, 2],
      ],
    },
    root: "p",
    where: "[id] in (1, 3)",
    config: (t) => ({ tables: { [t("c")]: { protected: true } } }),
    plan: {
      verdict: "blocked",
      native: "applies",
      deletes: [
        ["p", 2, 0],
        ["c", 1, 1],
      ],
      blockers: [["c", "protected", 1]],
      deletable: ["3"],
    },
    after: { p: [[2]], c: [[2, 2]] },
  },
  {
    title: "several roots, one of them blocked two levels below",
    tables: { p: { id: PK }, m: { id: PK, p: INT }, c: { id: PK, m: INT } },
    fks: ["m(p) -> p(id) on delete cascade", "c(m) -> m(id) on delete restrict"],
    rows: {
      p: [[1], [2], [3]],
      m: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
      c: [[1, 2]],
    },
    root: "p",
    where: "[id] > 0",
    plan: {
      verdict: "blocked",
      native: "refused",
      deletes: [
        ["p", 3, 0],
        ["m", 3, 1],
      ],
      blockers: [["c(m) -> m(id)", "restrict", 1]],
      deletable: ["1", "3"],
    },
  },
];
