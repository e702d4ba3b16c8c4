import { variants } from "../support/databases.ts";

/** Says aloud on which engines this run tests, so that a skipped one is never taken for a passed one. */
export default function sayEngines(): void {
  for (const { name, skip } of variants) {
    console.log(skip === null ? `engine ${name}: tested` : `engine ${name}: SKIPPED, because ${skip}`);
  }
}
