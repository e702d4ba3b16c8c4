import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/house/say-engines.ts"],
    testTimeout: 180_000,
    hookTimeout: 60_000,
    // A PGlite instance takes some 700 MB, and a server's locks are better tested with a core to spare.
    maxWorkers: 2,
  },
});
