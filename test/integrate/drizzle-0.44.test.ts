import { is, SQL } from "drizzle-orm";
import * as previous from "drizzle-orm-0.44";
import { expect, test, vi } from "vitest";

// No mock: all that this file imports finds the Drizzle of an application that has the version before.
vi.mock("drizzle-orm", () => import("drizzle-orm-0.44"));
vi.mock("drizzle-orm/mysql-core", () => import("drizzle-orm-0.44/mysql-core"));
vi.mock("drizzle-orm/mysql2", () => import("drizzle-orm-0.44/mysql2"));
vi.mock("drizzle-orm/node-postgres", () => import("drizzle-orm-0.44/node-postgres"));
vi.mock("drizzle-orm/pg-core", () => import("drizzle-orm-0.44/pg-core"));
vi.mock("drizzle-orm/pglite", () => import("drizzle-orm-0.44/pglite"));
vi.mock("drizzle-orm/sqlite-core", () => import("drizzle-orm-0.44/sqlite-core"));
vi.mock("drizzle-orm/sqlite-proxy", () => import("drizzle-orm-0.44/sqlite-proxy"));

await import("./drizzle.test.ts");
await import("./drizzle-handle.test.ts");

test("what ran is Drizzle 0.44", () => {
  expect(SQL).toBe(previous.SQL);
  expect(is).toBe(previous.is);
});
