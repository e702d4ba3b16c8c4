import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/std/nearest.ts";

test.each([
  ["two letters swapped", "relatoins", ["url", "relations", "tables"], "relations"],
  ["a letter too much", "tabless", ["url", "relations", "tables"], "tables"],
  ["a letter missing", "protcted", ["protected", "secret"], "protected"],
  ["another case", "ONDELETE", ["onDelete"], "onDelete"],
  ["the nearest of several", "usr", ["users", "user", "tags"], "user"],
  ["the first of equally near ones", "ab", ["ac", "ad"], "ac"],
  ["nothing near", "retention", ["url", "tables"], null],
  ["nothing to choose from", "x", [], null],
  ["letters beyond ASCII", "größ", ["größe"], "größe"],
])("the nearest name: %s", (_title, word, names, expected) => {
  expect(nearest(word, names)).toBe(expected);
});

test("a guess reads as a question, and no guess as nothing", () => {
  expect(didYouMean("usres", ["users"])).toBe(' Did you mean "users"?');
  expect(didYouMean("zzz", ["users"])).toBe("");
});
