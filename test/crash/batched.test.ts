import { describe, expect, test } from "vitest";
import { interruptBatches } from "./batched.ts";
import { crashEngines, variantOf } from "./engines.ts";
import { startRound } from "./round.ts";
import { scenarios } from "./scenario.ts";

for (const on of crashEngines) {
  const { skip } = variantOf(on);
  describe.skipIf(skip !== null)(skip === null ? on.engine : `${on.engine} (left out: ${skip})`, () => {
    const fitting = scenarios.filter((s) => s.only === null || s.only === on.engine);
    const cases = fitting.flatMap((scenario) =>
      on.ways.map((way) => ({ scenario, way, title: scenario.title })),
    );

    test.for(cases)(
      "a delete in batches that ends with $way.name goes on where it was: $title",
      { timeout: 240_000 },
      async ({ scenario, way }) => {
        const round = await startRound(on, scenario, []);
        try {
          const result = await interruptBatches(round, {
            way: way.name,
            stride: Math.min(way.stride * 4 + 1, 45),
          });
          expect(result.nothing).toBeGreaterThan(0);
          // A circle goes in one batch.
          if (scenario.only === null) expect(result.some).toBeGreaterThan(0);
        } finally {
          await round.db.drop();
        }
      },
    );
  });
}
