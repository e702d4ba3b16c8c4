import { describe, expect, test } from "vitest";
import { type NativeOutcome, open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";
import { bareDelete, noRestore, restore } from "./stage.ts";

const S_R = "constraint s_r foreign key (r) references r (id) on delete cascade";
const C_R = "constraint c_r foreign key (p) references r (id) on delete set default";
const C_S = "constraint c_s foreign key (q, p) references s (q, p) on delete cascade";

/** Row 1 of c loses r 1 and gets the default 2, with which it references the row of s that goes as well. */
const REMOVED = {
  remove: "delete from r where id = 1",
  rows: { r: [[1], [2]], s: [[1], [2]], c: [[1]] },
  gone: { r: [1], s: [2], c: [] },
};
const ROWS = [
  "insert into r values (1), (2)",
  "insert into s values (1, 7, 1, 2), (2, 7, 2, 1)",
  "insert into c values (1, 7, 1)",
];
const columns = {
  r: "id integer primary key",
  s: "id integer primary key, q integer, p integer, r integer, unique (q, p)",
  c: "id integer primary key, q integer not null, p integer not null default 2",
};

interface Order {
  /** Whose constraint on r is made first. */
  readonly first: "s" | "c";
  readonly now: NativeOutcome;
  readonly restored: NativeOutcome;
}

/** c_r comes first in a dump; the reference to row 2 of s is looked at before its cascade has come to c. */
const POSTGRES: readonly Order[] = [
  { first: "c", now: "refused", restored: "refused" },
  { first: "s", now: "diverges", restored: "refused" },
];
/** The newest constraint runs first, and references are looked at in the end. */
const SQLITE: readonly Order[] = [{ first: "s", now: "diverges", restored: "diverges" }];

eachVariant((variant, fresh) => {
  const inline = variant.engine === "sqlite";
  const without = variant.engine === "mariadb" ? "InnoDB refuses SET DEFAULT" : null;

  describe.skipIf(without !== null)(
    `a default that references a row that goes (${without ?? "SET DEFAULT"})`,
    () => {
      for (const { first, now, restored } of inline ? SQLITE : POSTGRES) {
        const script = inline
          ? [
              `create table r (${columns.r})`,
              `create table s (${columns.s}, ${S_R})`,
              `create table c (${columns.c}, ${C_S}, ${C_R})`,
              ...ROWS,
            ]
          : [
              ...Object.entries(columns).map(([table, of]) => `create table ${table} (${of})`),
              ...ROWS,
              ...(first === "s"
                ? [`alter table s add ${S_R}`, `alter table c add ${C_R}`]
                : [`alter table c add ${C_R}`, `alter table s add ${S_R}`]),
              `alter table c add ${C_S}`,
            ];

        test(`blocks the plan, and the bare DELETE ${now === "refused" ? "is refused" : "takes the row along"} where ${first}'s constraint is made first`, async () => {
          const db = await fresh();
          await db.exec(script);
          const { verdict, blockers, native } = await (await open(db.handle)).plan({
            table: "r",
            select: { kind: "key", values: ["1"] },
          });
          expect([verdict, blockers.map((b) => b.reason)]).toEqual(["blocked", ["default-missing"]]);
          expect(await bareDelete(db, variant, REMOVED)).toBe(now);
          expect(native.now).toBe(now);
          expect(native.afterRestore).toBe(restored);
        });

        test.skipIf(inline || noRestore(variant) !== null)(
          `and in a restored copy it is ${restored}, ${first}'s constraint made first`,
          async () => {
            const db = await fresh();
            await db.exec(script);
            const copy = await variant.create();
            restore(variant, db, copy);
            expect(await bareDelete(copy, variant, REMOVED).finally(copy.drop)).toBe(restored);
          },
        );
      }
    },
  );
});
