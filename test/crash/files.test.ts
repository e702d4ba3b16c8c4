import { rmSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { crashEngines, variantOf } from "./engines.ts";
import {
  agreeAfterwards,
  FILES,
  type FilesJob,
  type FilesPoint,
  killAt,
  readyForFiles,
  startFilesRound,
} from "./files-round.ts";

/** With ONDELETE_EVERY_KILL=1 a process is killed at each of the calls, 104 times an engine, which takes minutes. */
const STRIDE = process.env.ONDELETE_EVERY_KILL === "1" ? 1 : 13;
const CALLS = 2 * FILES;

const points = (["delete", "restore"] as const).flatMap((verb) =>
  (["before", "after"] as const).flatMap((way) =>
    Array.from({ length: CALLS }, (_, i) => ({ verb, point: { n: i + 1, way } satisfies FilesPoint })),
  ),
);

/** Calls of the first half are made in the transaction, those of the second after its commit. */
const isCommitted = ({ n }: FilesPoint): boolean => n > FILES;

for (const on of crashEngines) {
  const variant = variantOf(on);
  const { skip } = variant;
  describe.skipIf(skip !== null)(skip === null ? on.engine : `${on.engine} (left out: ${skip})`, () => {
    test("killed in the transaction, between commit and delivery, or while files are moved: after one delivery rows and files agree", {
      timeout: 600_000,
    }, async () => {
      const round = await startFilesRound(on, variant);
      try {
        let kills = 0;
        for (const [i, { verb, point }] of points.entries()) {
          if (i % STRIDE !== 0) continue;
          const job: FilesJob = await readyForFiles(round, verb);
          expect(killAt(round, job, point)).toBe("killed");
          kills++;
          const deleted = await agreeAfterwards(round).catch((cause: Error) => {
            throw new Error(`${verb}, ${JSON.stringify(point)}: ${cause.message}`, { cause });
          });
          expect([verb, point, deleted]).toEqual([verb, point, (verb === "delete") === isCommitted(point)]);
        }
        expect(kills).toBe(Math.ceil((4 * CALLS) / STRIDE));
        const last = await readyForFiles(round, "delete");
        expect(killAt(round, last, { n: 0, way: "before" })).toBe(CALLS);
      } finally {
        await round.db.drop();
        rmSync(round.root, { recursive: true, force: true });
      }
    });
  });
}
