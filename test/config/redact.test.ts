import { expect, test } from "vitest";
import { redact } from "../../src/std/redact.ts";

test.each([
  ["a URL", "postgres://ann:s3cret@db:5432/shop", "postgres://ann:***@db:5432/shop"],
  ["a URL without a user", "redis://:s3cret@db", "redis://:***@db"],
  ["a password with an @ and a /", "mysql://ann:p@ss/w:rd@db/shop", "mysql://ann:***@db/shop"],
  ["a password with a quote", `postgres://ann:it's"x@db/shop`, "postgres://ann:***@db/shop"],
  [
    "a URL inside a sentence",
    'cannot reach "postgres://ann:x@db/shop".',
    'cannot reach "postgres://ann:***@db/shop".',
  ],
  ["two URLs", "a://b:c@d and e://f:g@h", "a://b:***@d and e://f:***@h"],
  [
    "a password among the parameters",
    "postgres://db/shop?user=ann&password=x&a=1",
    "postgres://db/shop?user=ann&password=***&a=1",
  ],
  ["a connection string", "host=db password=s3cret user=ann", "host=db password=*** user=ann"],
  ["a quoted password", "password='a b' user=ann", "password=*** user=ann"],
  ["a URL without a password", "postgres://ann@db/shop", "postgres://ann@db/shop"],
  ["an address that is no URL", "see ann@example.org: nothing secret", "see ann@example.org: nothing secret"],
  [
    "a port and a later @",
    "http://db:5432/shop, ask ann@example.org",
    "http://db:5432/shop, ask ann@example.org",
  ],
])("passwords are taken out of %s", (_title, text, expected) => {
  expect(redact(text)).toBe(expected);
});
