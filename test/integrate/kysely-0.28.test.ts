import { Kysely } from "kysely";
import { expect, test, vi } from "vitest";

// No mock: all that this file imports finds the Kysely of an application that has the version before.
vi.mock("kysely", () => import("kysely-0.28"));
vi.mock("kysely/helpers/postgres", () => import("kysely-0.28/helpers/postgres"));

await import("./kysely.test.ts");
await import("./kysely-handle.test.ts");

test("what ran is Kysely 0.28", () => {
  expect("$pickTables" in Kysely.prototype).toBe(false);
});
