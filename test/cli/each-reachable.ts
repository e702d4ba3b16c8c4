import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe } from "vitest";
import { type TestDatabase, type Variant, variants } from "../support/databases.ts";
import { runCli } from "./run-cli.ts";

/** What a test of the command line has: a database, and a folder in which it runs. */
export interface CliStage {
  readonly variant: Variant;
  readonly db: TestDatabase;
  readonly cwd: string;
  readonly run: (...words: string[]) => ReturnType<typeof runCli>;
}

/**
 * Runs a suite on each engine that a command line can reach, which PGlite inside another process is not, with a stage
 * made anew for every test.
 */
export function eachReachable(
  furnish: (stage: CliStage) => Promise<void>,
  suite: (stage: CliStage) => void,
): void {
  describe.each(variants.filter((variant) => variant.engine !== "pglite"))("on $name", (variant) => {
    let made: { readonly db: TestDatabase; readonly cwd: string } | undefined;
    const current = () => {
      if (!made) throw new Error("the stage is made before each test");
      return made;
    };
    const stage: CliStage = {
      variant,
      get db() {
        return current().db;
      },
      get cwd() {
        return current().cwd;
      },
      run: (...words) => runCli(words, { cwd: current().cwd, env: { ONDELETE_URL: current().db.url } }),
    };

    beforeEach(async ({ skip }) => {
      if (variant.skip !== null) skip(variant.skip);
      made = { db: await variant.create(), cwd: mkdtempSync(join(tmpdir(), "ondelete-cli-")) };
      await furnish(stage);
    });
    afterEach(async () => {
      if (!made) return;
      await made.db.drop();
      rmSync(made.cwd, { recursive: true, force: true });
      made = undefined;
    });
    suite(stage);
  });
}
