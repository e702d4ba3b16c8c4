import type { Config } from "../../src/index.ts";
import { INT, PK, type Schema } from "./story.ts";

/** `c` and `k` hang off `p`, `n` loses its reference, `r` refuses; `k` has no marker. */
export const SCHEMA: Schema = {
  tables: {
    p: { id: PK, gone: "timestamp null" },
    c: { id: PK, p: INT, gone: "boolean" },
    k: { id: PK, c: INT },
    n: { id: PK, p: INT },
    r: { id: PK, p: INT, gone: "timestamp null" },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "k(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
    "r(p) -> p(id) on delete restrict",
  ],
  rows: {
    p: [
      [1, null],
      [2, null],
    ],
    c: [
      [1, 1, null],
      [2, 1, "0"],
      [3, 1, "1"],
      [4, 2, "0"],
    ],
    k: [
      [1, 1],
      [2, 3],
      [3, 4],
    ],
    n: [[1, 1]],
    r: [[1, 2, null]],
  },
};

export const CONFIG: Config = {
  tables: { p: { softDelete: "gone" }, c: { softDelete: "gone" }, r: { softDelete: "gone" } },
};
