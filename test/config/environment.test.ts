import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { databaseUrl } from "../../src/config/environment.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "ondelete-env-"));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

test("--url comes before everything else", () => {
  const env = { ONDELETE_URL: "sqlite:a", DATABASE_URL: "sqlite:b" };
  expect(databaseUrl({ flag: "sqlite:flag", env, cwd, config: "sqlite:config" })).toBe("sqlite:flag");
});

test("ONDELETE_URL comes before DATABASE_URL, and both before the configuration", () => {
  expect(
    databaseUrl({ env: { ONDELETE_URL: "sqlite:a", DATABASE_URL: "sqlite:b" }, cwd, config: "sqlite:c" }),
  ).toBe("sqlite:a");
  expect(databaseUrl({ env: { DATABASE_URL: "sqlite:b" }, cwd, config: "sqlite:c" })).toBe("sqlite:b");
  expect(databaseUrl({ env: {}, cwd, config: "sqlite:c" })).toBe("sqlite:c");
});

test("a .env adds what the environment does not set, and changes nothing in it", () => {
  writeFileSync(join(cwd, ".env"), `# addresses\nexport DATABASE_URL="sqlite:from file"\nOTHER=1\n`);
  expect(databaseUrl({ env: {}, cwd })).toBe("sqlite:from file");
  expect(databaseUrl({ env: { DATABASE_URL: "sqlite:b" }, cwd })).toBe("sqlite:b");
  expect(process.env.OTHER).toBeUndefined();
});

test("an empty variable counts as none", () => {
  expect(databaseUrl({ env: { ONDELETE_URL: "", DATABASE_URL: "sqlite:b" }, cwd })).toBe("sqlite:b");
});

test("without any address the error names the four places", () => {
  expect(() => databaseUrl({ env: {}, cwd })).toThrow(
    expect.objectContaining({
      code: "usage",
      hint: "Give --url, or set ONDELETE_URL or DATABASE_URL (a .env file is read), or write `url` in ondelete.config.ts.",
    }),
  );
});

test("a .env that cannot be read is an error, not an empty one", () => {
  mkdirSync(join(cwd, ".env"));
  expect(() => databaseUrl({ env: { DATABASE_URL: "sqlite:b" }, cwd })).toThrow(
    expect.objectContaining({ code: "config-invalid" }),
  );
});
