import { describe, expect, test } from "vitest";
import { start } from "../cli/run-cli.ts";
import { crashEngines, variantOf } from "./engines.ts";
import { killAtRandom } from "./kills.ts";
import { startRound } from "./round.ts";
import { large } from "./scenario.ts";

const ROWS = 8_000;
const KILLS = 12;

for (const on of crashEngines) {
  const { skip } = variantOf(on);
  describe.skipIf(skip !== null)(skip === null ? on.engine : `${on.engine} (left out: ${skip})`, () => {
    test.for(on.settings)(
      "with $name: after kill -9 at a random moment the state is exact and the work can be done again",
      { timeout: 300_000 },
      async ({ sql }) => {
        const round = await startRound(on, large(ROWS), sql);
        try {
          const kills = KILLS / on.settings.length;
          const seed = Date.now() % 1_000_000; // in the message of a failure
          const command = [process.execPath, start] as const;
          const { before, within, after } = await killAtRandom(round, { kills, seed, command });
          expect(before + within + after).toBe(kills);
        } finally {
          await round.db.drop();
        }
      },
    );
  });
}
