import { describe, expect, test } from "vitest";
import { done, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const numbered = (prefix: string, length = 100) => Array.from({ length }, (_, i) => `${prefix}${i}`);

/** t0 <- t1 <- … <- t99, two rows in each, the second its own line. */
const CHAIN: Schema = {
  tables: Object.fromEntries(numbered("t").map((t, i) => [t, i === 0 ? { id: PK } : { id: PK, p: INT }])),
  fks: numbered("t")
    .slice(1)
    .map((t, i) => `${t}(p) -> t${i}(id) on delete cascade`),
  rows: Object.fromEntries(
    numbered("t").map((t, i) => [
      t,
      i === 0
        ? [[1], [2]]
        : [
            [1, 1],
            [2, 2],
          ],
    ]),
  ),
};

/** One table that references 60 others, all of which reference one; MariaDB has at most 64 keys in a table. */
const columns = numbered("p", 60);
const FAN: Schema = {
  tables: {
    top: { id: PK },
    ...Object.fromEntries(numbered("m", 60).map((m) => [m, { id: PK, top: INT }])),
    low: { id: PK, ...Object.fromEntries(columns.map((c) => [c, INT])) },
  },
  fks: numbered("m", 60).flatMap((m, i) => [
    `${m}(top) -> top(id) on delete cascade`,
    `low(p${i}) -> ${m}(id) on delete cascade`,
  ]),
  rows: {
    top: [[1], [2]],
    ...Object.fromEntries(
      numbered("m", 60).map((m) => [
        m,
        [
          [1, 1],
          [2, 2],
        ],
      ]),
    ),
    low: [
      [1, ...columns.map((_, i) => (i === 59 ? 1 : 2))],
      [2, ...columns.map(() => 2)],
    ],
  },
};

describe("very many tables", () => {
  eachVariant((variant, fresh) => {
    for (const [title, schema, deleted, root] of [
      ["one below another", CHAIN, 100, "t0"],
      ["beside one another, with one below all of them", FAN, 62, "top"],
    ] as const)
      test(title, async () => {
        const { db, ondelete } = await prepare(variant, fresh, schema);
        const before = await dump(db, variant);
        const plan = await ondelete.plan(key(root, "1"));
        // MariaDB's own cascade ends after 14 levels.
        const refused = schema === CHAIN && variant.engine === "mariadb";
        const native = { verdict: refused ? "refused" : "applies" };
        expect(plan).toMatchObject({ complete: true, totals: { deleted }, native });
        const id = await done(ondelete, plan);
        const left = Object.fromEntries(
          Object.entries(before).map(([t, rows]) => [t, rows.filter((r) => r.startsWith("2"))]),
        );
        expect(await dump(db, variant)).toEqual(left);
        await ondelete.restore(id);
        expect(await dump(db, variant)).toEqual(before);
      });
  });
});
