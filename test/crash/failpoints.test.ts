import { describe, expect, test } from "vitest";
import { crashEngines, variantOf } from "./engines.ts";
import { failAtStatements } from "./failpoints.ts";
import { startRound, verbs } from "./round.ts";
import { scenarios } from "./scenario.ts";

/** Every statement is tried by `npm run crash`; here some of them where one costs a process or a connection. */
for (const on of crashEngines) {
  const { skip } = variantOf(on);
  describe.skipIf(skip !== null)(skip === null ? on.engine : `${on.engine} (left out: ${skip})`, () => {
    const fitting = scenarios.filter((s) => s.only === null || s.only === on.engine);
    describe.each(fitting)("$title", (scenario) => {
      // Each scenario with another kind of log, where the engine has several.
      const setting = on.settings[scenarios.indexOf(scenario) % on.settings.length];
      const cases = verbs.flatMap((verb) => on.ways.map((way) => ({ verb, way })));

      test.for(cases)(
        "a $verb that ends with $way.name leaves the database as before or as after it, whichever statement it is",
        { timeout: 120_000 },
        async ({ verb, way }) => {
          const round = await startRound(on, scenario, setting?.sql ?? []);
          try {
            const result = await failAtStatements(round, { verb, way: way.name, stride: way.stride });
            expect(result.statements).toBeGreaterThan(5);
            expect(result.undone).toBeGreaterThan(1);
          } finally {
            await round.db.drop();
          }
        },
      );
    });
  });
}
