import { expect, test } from "vitest";
import { variants } from "../support/databases.ts";
import { fuzz } from "./fuzz.ts";

/** Enough for a change that breaks something common to be seen; `npm run fuzz` runs as many as one likes. */
const CASES = { sqlite: 1_500, postgres: 200, pglite: 100, mariadb: 100 } as const;
const BATCHED_CASES = { sqlite: 500, postgres: 60, pglite: 30, mariadb: 40 } as const;
const RESTORED_CASES = { sqlite: 200, postgres: 60, pglite: 30, mariadb: 30 } as const;

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

  test.skipIf(skip !== null)(
    `random schemas on ${engine}: soft and hard select the same rows, and restores bring back what was, whatever was written meanwhile`,
    { timeout: 300_000 },
    async () => {
      const cases = RESTORED_CASES[engine];
      const { failure, kinds, told } = await fuzz({ property: "restores", engine, cases, seed: 1 });
      expect(failure).toBeNull();
      expect(kinds.allowed).toBeGreaterThan(cases / 3);
      for (const restored of ["one", "reverse", "same order"])
        expect([restored, told[restored]]).toEqual([restored, expect.any(Number)]);
    },
  );

  test.skipIf(skip !== null)(
    `random schemas on ${engine}: a delete in batches does what one that is atomic does, and is taken back`,
    { timeout: 300_000 },
    async () => {
      const cases = BATCHED_CASES[engine];
      const { failure, kinds, told } = await fuzz({ property: "batches", engine, cases, seed: 1 });
      expect(failure).toBeNull();
      expect(kinds.allowed).toBeGreaterThan(cases / 3);
      expect(told.several).toBeGreaterThan(cases / 20);
    },
  );
}
