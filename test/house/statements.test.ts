import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";

const home = join(import.meta.dirname, "../..");
/** A section of the page for each system: its name, and its table. */
const SECTIONS = readFileSync(join(home, "systems/README.md"), "utf8")
  .split(/^### /m)
  .slice(1)
  .map((section): [system: string, text: string] => [section.slice(0, section.indexOf("\n")), section]);

/** What a state begins with, words on where it lives aside. */
const STATES =
  /^(?:proven by ✓|contradicted|settled as |measured: see \[MEASURED\.md\]|later\b|not applicable because )/;
/** `schema.test.ts: title`, `all of schema.test.ts`. */
const REFERENCE = /(all of )?([\w-]+\.test\.ts)(?:: )?/;
/** Where a title can end. */
const END = /(?=; |, | \(|: |$)/g;

interface Row {
  readonly statement: string;
  readonly state: string;
}

/** The rows of the tables of a page; a bar in a cell is written `\|`. */
function rowsOf(page: string): readonly Row[] {
  const lines = page.split("\n").filter((line) => line.startsWith("|") && !/^\|[\s:|-]+\|$/.test(line));
  const cells = lines.map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  return cells
    .map(([, statement = "", state = ""]) => ({ statement, state }))
    .filter(({ state }) => state !== "state");
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const pattern = (text: string, gap: RegExp) =>
  new RegExp(`^${text.split(gap).map(literally).join(".*")}$`, "u");

/** What stands in a title for a value. */
const PLACEHOLDER = /%[sdijo]|\$\{[^}]*\}|\$\w+/;

/** Every text of a test file that is long enough for a title. */
const textsOf = (tests: string): readonly string[] =>
  [...tests.matchAll(/"((?:[^"\\\n]|\\.)*)"|`([^`\n]*)`/g)]
    .map(([, quoted, template]) => quoted ?? template ?? "")
    .filter((text) => text.replaceAll(new RegExp(PLACEHOLDER, "g"), "").length > 10);

/** What is left of the text behind a title that a test file has, null where it begins with none of them. */
function behindTitle(text: string, texts: readonly string[]): string | null {
  const ends = [...text.matchAll(END)].map(({ index }) => index).toReversed();
  const end = ends.find((at) => {
    const title = text.slice(0, at);
    if (title.replaceAll("…", "").length <= 10) return false;
    const named = pattern(title, /…/);
    return texts.some((one) => named.test(one) || pattern(one, PLACEHOLDER).test(title));
  });
  return end === undefined ? null : text.slice(end);
}

/** The same behind further titles of the file, each after a semicolon. */
function behindTitles(text: string, texts: readonly string[]): string | null {
  let behind = behindTitle(text, texts);
  for (let next = behind; next !== null; ) {
    behind = next;
    next = next.startsWith("; ") ? behindTitle(next.slice(2), texts) : null;
  }
  return behind;
}

/** The state with a sign for the tests that it names and that are there; faults otherwise. */
function resolved(state: string, folder: string): { readonly text: string; readonly faults: string[] } {
  const faults: string[] = [];
  let [done, rest] = ["", state];
  for (let found = REFERENCE.exec(rest); found; found = REFERENCE.exec(rest)) {
    const [whole, all, name = ""] = found;
    const file = join(folder, "test", name);
    done += `${rest.slice(0, found.index)}✓`;
    rest = rest.slice(found.index + whole.length);
    const texts = existsSync(file) ? textsOf(readFileSync(file, "utf8")) : [];
    const behind = all && texts.length > 0 ? rest : behindTitles(rest, texts);
    if (behind === null) faults.push(`${name} has no such test: ${rest}`);
    rest = behind ?? rest;
  }
  return { text: done + rest, faults };
}

/** What is wrong with a state: tests that are not there, no state at all, titles without their file. */
function faultsOf({ statement, state }: Row, folder: string): string[] {
  const { text, faults } = resolved(state, folder);
  const clauses = text.split("; ");
  const known = (clause: string) => STATES.test(clause) || clause.includes("✓") || /\blater$/.test(clause);
  if (!clauses.some((clause) => STATES.test(clause))) faults.push("begins with none of the states");
  const first = clauses.findIndex(known);
  const stray = clauses.slice(first + 1).filter((clause) => first >= 0 && !known(clause));
  return [...faults, ...stray.map((clause) => `no state: ${clause}`)].map(
    (fault) => `${statement} | ${fault}`,
  );
}

test("there are statements of every system", () => {
  expect(SECTIONS.map(([system]) => system).toSorted()).toEqual(
    globSync("systems/*/ondelete.config.ts", { cwd: home })
      .map((file) => basename(dirname(file)))
      .toSorted(),
  );
});

test.for(SECTIONS)(
  "every statement has a state, and every test that it names is there: %s",
  ([system, text]) => {
    const rows = rowsOf(text);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.flatMap((row) => faultsOf(row, join(home, "systems", system)))).toEqual([]);
  },
);
