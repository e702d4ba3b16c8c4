import fc from "fast-check";
import { expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { type Case, cases } from "../fuzz/case.ts";
import { openDatabase } from "../fuzz/database.ts";
import { eachVariant } from "../support/stages.ts";
import { hasNamespaces } from "../support/story.ts";
import { AWKWARD, CONFIG as AWKWARD_CONFIG } from "./awkward.ts";
import { genaiFactory } from "./systems.ts";

const RUNS = 40;

const SOFT_DDL = [
  "create table p (id integer not null primary key, gone timestamp null)",
  "create table c (id integer not null primary key, p integer, gone timestamp null, foreign key (p) references p (id) on delete cascade)",
  "create table k (id integer not null primary key, c integer, foreign key (c) references c (id) on delete cascade)",
  "create table v (id integer not null primary key, c integer, foreign key (c) references c (id) on delete cascade)",
  "create table z (id integer not null primary key, c integer, foreign key (c) references c (id) on delete cascade)",
];

const SOFT_CONFIG = {
  tables: {
    p: { softDelete: "gone" },
    c: { softDelete: "gone" },
    v: { onSoftDelete: "archive" },
    z: { onSoftDelete: "block" },
  },
} as const;

/** The same name in two schemas. */
const SCHEMAS_DDL = [
  "create table users (id integer primary key)",
  "create schema billing",
  "create table billing.users (id integer primary key, twin integer references users (id) on delete cascade)",
  "create table billing.bills (id integer primary key, user_id integer references billing.users (id) on delete cascade)",
];

const PREFIXES = ["we|ird `t` ", "Order By ", "a.b(c) ", 'é""\\', "<b>&amp; *x* _", "or, x=NULL; ", "- "];

/** The case without rows, its names as they are or with all that Markdown gives a meaning to; quotes doubled. */
function dressed(c: Case, awkward: boolean): Case {
  const name = (plain: string) =>
    awkward ? `${PREFIXES[plain.charCodeAt(1) % PREFIXES.length] ?? ""}${plain}` : plain;
  return {
    ...c,
    tables: c.tables.map((t) => ({
      ...t,
      name: name(t.name),
      key: t.key.map(name),
      columns: t.columns.map((column) => ({ ...column, name: name(column.name) })),
      uniques: t.uniques.map((u) => u.map(name)),
      partialUniques: [],
      checks: [],
      rows: [],
    })),
    fks: c.fks.map((f) => ({
      ...f,
      child: name(f.child),
      parent: name(f.parent),
      columns: f.columns.map(name),
      parentColumns: f.parentColumns.map(name),
    })),
  };
}

eachVariant(({ engine }) => {
  test.for([false, true])(
    "a generated document says nothing wrong, leaves nothing out and is read whole (awkward names: %s)",
    async (awkward) => {
      const db = await openDatabase(engine);
      const ondelete = await open(db.handle);
      let judged = 0;
      for (const c of fc.sample(cases(), { numRuns: RUNS, seed: 20261122 })) {
        await db.load(dressed(db.possible(c), awkward));
        const text = await ondelete.document({ format: "markdown" });
        const { contradicted, leftOut, notJudged, counts } = await ondelete.checkDocument(text);
        expect([contradicted, leftOut, notJudged], text).toEqual([[], [], []]);
        judged += counts.judged;
      }
      await db.close();
      expect(judged).toBeGreaterThan(RUNS * 5);
    },
  );

  test("a cell that is changed in a generated document is found, and so is a row that is taken out", async () => {
    const db = await openDatabase(engine);
    const ondelete = await open(db.handle);
    let [changed, taken] = [0, 0];
    for (const c of fc.sample(cases(), { numRuns: RUNS, seed: 20261123 })) {
      await db.load(dressed(db.possible(c), false));
      const text = await ondelete.document({ format: "markdown" });
      const rows = text.split("\n").filter((line) => line.startsWith("| **t"));
      const row = rows.find((line) => line.includes("| DELETED"));
      if (!row) continue;
      const other = await ondelete.checkDocument(
        text.replace(row, row.replace(/\| DELETED[^|]*/, "| z=NULL ")),
      );
      expect(other.contradicted.map((d) => d.statement.split(":")[1])).toContain(" z=NULL");
      changed++;
      const { without, child } = withoutFirstDeleted(text);
      const shorter = await ondelete.checkDocument(without);
      taken += shorter.leftOut.some((o) => o.object.startsWith(`${child} | `)) ? 1 : 0;
    }
    await db.close();
    expect(changed).toBeGreaterThan(10);
    expect(taken).toBe(changed);
  });
});

/** The document without the lines about the first child that a deletion takes along, in the list of that deletion. */
function withoutFirstDeleted(text: string): { readonly without: string; readonly child: string } {
  const [start, end] = [text.indexOf("### Deleting from"), text.indexOf("## Delete behaviour matrix")];
  const sections = text.slice(start, end).split(/^(?=### )/m);
  const at = sections.findIndex((section) => section.includes("| DELETED |"));
  const child = /\| (t\d) \| DELETED \|/.exec(sections[at] ?? "")?.[1] ?? "";
  const lines = (sections[at] ?? "").split("\n").filter((line) => !line.startsWith(`| ${child} |`));
  const left = [...sections.slice(0, at), lines.join("\n"), ...sections.slice(at + 1)];
  return { without: text.slice(0, start) + left.join("") + text.slice(end), child };
}

eachVariant((variant, fresh) => {
  const made: readonly (readonly [string, readonly string[], Config])[] = [
    ["relations of the application", genaiFactory.ddl, genaiFactory.config],
    ["composite, polymorphic and awkward ones", AWKWARD, AWKWARD_CONFIG],
    ["soft deletes", SOFT_DDL, SOFT_CONFIG],
    ...(hasNamespaces(variant) ? ([["several schemas", SCHEMAS_DDL, {}]] as const) : []),
  ];

  test.for(made)("a generated document checks clean: %s", async ([, ddl, config]) => {
    const db = await fresh();
    await db.exec(ddl);
    const ondelete = await open(db.handle, config);
    const text = await ondelete.document({ format: "markdown" });
    const { contradicted, leftOut, notJudged, uncovered } = await ondelete.checkDocument(text);
    expect([contradicted, leftOut, notJudged, uncovered], text).toEqual([[], [], [], []]);
    if (ddl === SOFT_DDL) expect(text).toContain("| **k** | - | - |");
  });
});
