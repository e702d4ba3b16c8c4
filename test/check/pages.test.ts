import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { index, withHead } from "../../scripts/rule-pages.ts";
import { ruleInfos } from "../../src/index.ts";

const FOLDER = join(import.meta.dirname, "../../docs/rules");
const page = (name: string) => readFileSync(join(FOLDER, name), "utf8");

test("every rule has a page, and every page its rule", () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== "README.md");
  expect(pages.toSorted()).toEqual(ruleInfos.map((rule) => `${rule.id}.md`).toSorted());
});

test.each(ruleInfos)("the page of $id says what the rule is now, why it matters and what to do", (rule) => {
  const text = page(`${rule.id}.md`);
  expect(withHead(text, rule)).toBe(text);
  expect(text.startsWith(`# ${rule.id}\n`)).toBe(true);
  expect(text).toContain("## Why it matters\n");
  expect(text).toContain("## What to do\n");
});

test("the list of rules is complete, and its links lead somewhere", () => {
  expect(page("README.md")).toBe(index(ruleInfos));
  const links = readdirSync(FOLDER).flatMap((name) =>
    [...page(name).matchAll(/\]\(([\w-]+\.md)/g)].map(([, to]) => to ?? ""),
  );
  expect(links.filter((to) => !readdirSync(FOLDER).includes(to))).toEqual([]);
});
