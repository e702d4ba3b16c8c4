import { expect, test } from "vitest";
import { variants } from "../support/databases.ts";
import { fuzz } from "./fuzz.ts";

/** Enough for a change that breaks something common to be seen; `npm run fuzz` runs as many as one likes. */
const CASES = { sqlite: 1_500, postgres: 200, pglite: 100, mariadb: 100 } as const;

for (const { engine, skip } of variants) {
  test.skipIf(skip !== null)(
    `random schemas on ${engine}: plan, native verdict, delete and restore are as the oracle says`,
    { timeout: 300_000 },
    async () => {
      const { failure, kinds } = await fuzz({ property: "deletes", engine, cases: CASES[engine], seed: 1 });
      expect(failure).toBeNull();
      // A generator that only made empty cases would find no difference either.
      expect(kinds.allowed).toBeGreaterThan(CASES[engine] / 2);
      expect(kinds.blocked).toBeGreaterThan(CASES[engine] / 20);
    },
  );
}
