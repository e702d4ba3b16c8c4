import { expect, test } from "vitest";
import { type CheckOptions, type Config, type Findings, open } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";
import { familyOf } from "./fixture.ts";

const SELF = "nodes(up) -> nodes(id)";
const NODES =
  "create table nodes (id integer primary key, up integer, foreign key (up) references nodes (id));";

const IGNORED = (variant: Variant, comment: string, columnComment: string): string =>
  ({
    sqlite:
      `create table nodes (id integer primary key,\n up integer references nodes (id) -- ${columnComment}\n) -- ${comment}\n;`
        // SQLite keeps what stands before the last parenthesis.
        .replace(`\n) -- ${comment}`, `\n -- ${comment}\n)`),
    postgres: `${NODES} comment on table nodes is '${comment}'; comment on column nodes.up is '${columnComment}';`,
    mariadb: `create table nodes (id integer primary key, up integer comment '${columnComment}', foreign key (up) references nodes (id)) comment '${comment}';`,
  })[familyOf(variant)];

async function checked(
  stage: TestDatabase,
  config: Config = {},
  options: CheckOptions = {},
): Promise<Findings> {
  const db = await open(stage.handle, config);
  try {
    return await db.check({ rules: ["self-reference-blocks"], ...options });
  } finally {
    await db.close();
  }
}

eachVariant((variant, fresh: Fresh) => {
  test("a document says what was found, of which rule, with a fingerprint that does not change", async () => {
    const stage = await fresh();
    await stage.exec(NODES);
    const found = await checked(stage);
    expect(found).toMatchObject({ ondelete: "1", kind: "findings", engine: { name: variant.name } });
    expect(found.findings).toEqual([
      {
        rule: "self-reference-blocks",
        severity: "warning",
        confidence: "certain",
        object: SELF,
        table: "nodes",
        message: `${SELF} is ${variant.engine === "mariadb" ? "RESTRICT" : "NO ACTION"}: a row of nodes that has others below it cannot be deleted, so that a tree has to be taken down leaf by leaf.`,
        evidence: { onDelete: variant.engine === "mariadb" ? "restrict" : "no action", primaryKey: false },
        fix: {
          description:
            "Make it CASCADE where a row owns those below it, SET NULL where they go on without it, or say in the configuration that ondelete cascades.",
          sql: null,
        },
        fingerprint: "9368ccbc7408a6c3",
        docs: "docs/rules/self-reference-blocks.md",
        standing: "open",
      },
    ]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  test("a comment on a table or a column that gives a reason is heeded, any other is not", async () => {
    const reason = "ondelete-ignore self-reference-blocks -- it is a tree";
    const cases = [
      [reason, "nothing", 0, 1],
      ["nothing", `The node above. @${reason}`, 0, 1],
      ["ondelete-ignore fk-duplicate -- another rule", "ondelete-ignore self-reference-blocks", 1, 0],
    ] as const;
    for (const [onTable, onColumn, found, ignored] of cases) {
      const stage = await fresh();
      await stage.exec(IGNORED(variant, onTable, onColumn));
      const { findings, summary } = await checked(stage);
      expect([findings.length, summary.ignored]).toEqual([found, ignored]);
    }
  });

  test("the baseline knows what was found before; what is new counts, and what is gone is told", async () => {
    const stage = await fresh();
    await stage.exec(NODES);
    const gone = { fingerprint: "0", rule: "self-reference-blocks", object: "gone" };
    const elsewhere = { fingerprint: "1", rule: "fk-duplicate", object: "of a rule that did not run" };
    const before = (await checked(stage)).findings.map(({ fingerprint, rule, object }) => ({
      fingerprint,
      rule,
      object,
    }));
    await stage.exec(
      "create table more (id integer primary key, up integer, foreign key (up) references more (id))",
    );
    const { findings, summary } = await checked(stage, {}, { baseline: [...before, gone, elsewhere] });
    expect(findings.map((f) => [f.object, f.standing])).toEqual([
      ["more(up) -> more(id)", "open"],
      [SELF, "known"],
    ]);
    expect([summary.known, summary.stale]).toEqual([1, [gone]]);
  });
});
