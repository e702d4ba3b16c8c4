import { expect, test } from "vitest";
import { open, type Plan } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { CASES, type NativeCase } from "./cases.ts";
import { bareDelete, script } from "./stage.ts";

const caseOf = (title: string): NativeCase => {
  const found = CASES.find((c) => c.title === title);
  if (!found) throw new Error(`no case ${title}`);
  return found;
};

/** Refused now on every engine but SQLite. */
const E1 = caseOf("an uneven diamond, restrict, a made first");
/** Refused now on SQLite. */
const E6 = caseOf("an uneven diamond, restrict, x made first");

const forVariant = ({ engine }: Variant): NativeCase => (engine === "sqlite" ? E6 : E1);

const planOf = async (db: TestDatabase): Promise<Plan> =>
  (await open(db.handle)).plan({ table: "r", select: { kind: "key", values: ["1"] } });

eachVariant((variant, fresh) => {
  const { engine } = variant;

  test("the reasons name the constraints that compete and the one that refuses", async () => {
    const db = await fresh();
    await db.exec(script(forVariant(variant), engine === "sqlite"));
    const { reasons } = (await planOf(db)).native;
    expect(reasons.map((r) => [r.code, [...r.relations].sort()])).toEqual([
      ["constraint-order", ["a(r) -> r(id)", "x(r) -> r(id)"]],
      ["refuses", ["b(a) -> a(id)"]],
    ]);
  });

  test("what is said to be safer is: the engine's own DELETE applies afterwards", async () => {
    const db = await fresh();
    const c = forVariant(variant);
    await db.exec(script(c, engine === "sqlite"));
    expect(await bareDelete(db, variant, c)).toBe("refused");
    const { safer } = (await planOf(db)).native;
    const kind = { sqlite: "no-action", postgres: "deferrable", pglite: "deferrable", mariadb: "rename" }[
      engine
    ];
    expect(safer.map((s) => [s.kind, s.relation ?? null])).toEqual([
      [kind, engine === "mariadb" ? "a(r) -> r(id)" : "b(a) -> a(id)"],
      ["ondelete", null],
    ]);
    const [first] = safer;
    if (engine === "sqlite") {
      const keys = c.keys.map(
        ([n, t, k, p, action]) => [n, t, k, p, action.replace("restrict", "no action")] as const,
      );
      await db.exec(["b", "a", "x", "r"].map((table) => `drop table ${table}`));
      await db.exec(script({ ...c, keys }, true));
    } else {
      await db.exec(first?.sql ?? "");
    }
    expect(await bareDelete(db, variant, c)).toBe("applies");
    expect((await planOf(db)).native.now).toBe("applies");
  });

  test("a plan that is blocked promises nothing of ondelete, and is refused for sure", async () => {
    const db = await fresh();
    const c = { ...E1, rows: { ...E1.rows, b: [[1, null, 1]] } };
    await db.exec(script(c, engine === "sqlite"));
    expect((await planOf(db)).native).toEqual({
      verdict: "refused",
      now: "refused",
      afterRestore: "refused",
      reasons: [],
      safer: [],
    });
  });

  test("with more than 2,000 rows it is unknown, and says so", async () => {
    const db = await fresh();
    const b = Array.from({ length: 2_000 }, (_, i) => [i + 1, 1, 1]);
    const c = forVariant(variant);
    await db.exec(
      script(
        { ...c, rows: { r: c.rows.r ?? [], a: c.rows.a ?? [], x: c.rows.x ?? [] } },
        engine === "sqlite",
      ),
    );
    await db.exec(`insert into b values ${b.map((row) => `(${row.join(", ")})`).join(", ")}`);
    const { native, nativeVerdict } = await planOf(db);
    expect([nativeVerdict, native.now, native.afterRestore]).toEqual([
      "order-dependent",
      "unknown",
      "unknown",
    ]);
    expect(native.reasons.map((r) => [r.code, r.message])).toEqual([
      ["not-simulated", "It cannot be told from the schema and the rows: more than 2000 rows take part."],
    ]);
  });
});
