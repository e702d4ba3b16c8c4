import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["systems/**/*.test.ts"],
    globalSetup: ["test/house/say-engines.ts"],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // As in the tests of ondelete itself: a PGlite takes some 700 MB.
    maxWorkers: 2,
  },
});
