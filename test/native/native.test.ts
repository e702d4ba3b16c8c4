import { describe, expect, test } from "vitest";
import { type NativeOutcome, open } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";
import { CASES, type NativeCase, type Told } from "./cases.ts";
import { bareDelete, noRestore, restore, restoredFile, script } from "./stage.ts";

const toldOf = (c: NativeCase, { engine }: Variant): Told | null =>
  engine === "pglite" ? c.postgres : c[engine];

async function planOf(db: TestDatabase, c: NativeCase) {
  const [, table = "", sql = ""] = /^delete from (\w+) where (.*)$/.exec(c.remove) ?? [];
  return (await open(db.handle)).plan({ table, select: { kind: "condition", sql } });
}

async function afterRestore(
  db: TestDatabase,
  variant: Variant,
  c: NativeCase,
): Promise<Exclude<NativeOutcome, "unknown">> {
  if (variant.engine === "sqlite") {
    const copy = restoredFile(db);
    return bareDelete(copy, variant, c).finally(copy.drop);
  }
  const copy = await variant.create();
  restore(variant, db, copy);
  return bareDelete(copy, variant, c).finally(copy.drop);
}

eachVariant((variant, fresh) => {
  const without = noRestore(variant);
  for (const c of CASES) {
    const told = toldOf(c, variant);
    describe.skipIf(told === null)(told === null ? `${c.title} (the engine has none)` : c.title, () => {
      const [verdict, now, later] = told ?? [];

      test("is told as the engine does it", async () => {
        const db = await fresh();
        await db.exec(script(c, variant.engine === "sqlite"));
        const { native, nativeVerdict, verdict: planned } = await planOf(db, c);
        expect([nativeVerdict, native.verdict, native.now, native.afterRestore]).toEqual([
          verdict,
          verdict,
          now,
          later,
        ]);
        const did = await bareDelete(db, variant, c);
        if (now !== "unknown") expect(did, "the engine").toBe(now);
        const sure = verdict !== "order-dependent";
        expect([native.reasons.length === 0, native.safer.length === 0], "empty where it is sure").toEqual([
          sure,
          // Of a plan that is blocked no way is safer.
          sure || planned === "blocked",
        ]);
      });

      test.skipIf(without !== null)(
        without === null
          ? "is told as the engine does it in a restored copy"
          : `in a restored copy (left out: ${without})`,
        async () => {
          const db = await fresh();
          await db.exec(script(c, variant.engine === "sqlite"));
          const did = await afterRestore(db, variant, c);
          if (later !== "unknown") expect(did, "the engine").toBe(later);
        },
      );
    });
  }
});
