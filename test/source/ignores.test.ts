import { expect, test } from "vitest";
import { ignoresIn } from "../../src/source/ignores.ts";

const found = (text: string) =>
  ignoresIn([{ file: "a.ts", text }]).map((i) => [i.rule, i.reason, i.location.line, i.until]);

test("a comment above decorators holds for the member below them, however many lines they have", () => {
  const text = `class Note {
  // ondelete-ignore orm-only-cascade -- the job does it
  // another word about it

  @ManyToOne(() => Person, {
    cascade: ["remove"],
  })
  @JoinColumn()
  owner!: Person;
  other!: Person;
}`;
  expect(found(text)).toEqual([["orm-only-cascade", "the job does it", 2, 9]]);
});

test("a comment behind code holds for its line, and the end of a block comment is no part of the reason", () => {
  expect(found("a: x, // ondelete-ignore policy-drift-orm -- later\nb: y,")).toEqual([
    ["policy-drift-orm", "later", 1, 1],
  ]);
  expect(found("/* ondelete-ignore policy-drift-orm -- later */\nb: y,")).toEqual([
    ["policy-drift-orm", "later", 1, 2],
  ]);
});

test("a comment without a reason has none", () => {
  expect(found("-- ondelete-ignore truncate-cascade\ntruncate a cascade;")).toEqual([
    ["truncate-cascade", null, 1, 2],
  ]);
});
