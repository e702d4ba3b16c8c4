import { open } from "ondelete";
import { expect, test } from "vitest";
import { seed, skipReason } from "../../../test/document/seeds.ts";
import { addOrphans } from "../sample-data.ts";
import { stage } from "./stage.ts";

const DOCUMENT = "000_1001829765d01f6f.txt";

test("`ondelete verify` proves every relation, in both states", async () => {
  for (const state of ["after", "before"] as const) {
    const { ondelete } = await stage(state);
    const { summary } = await ondelete.verify();
    expect([summary.contradicted, summary.unprovable]).toEqual([0, 0]);
    expect(summary.proven).toBeGreaterThan(0);
  }
});

test("`ondelete check` has no finding on the state with constraints", async () => {
  const { ondelete } = await stage();
  expect((await ondelete.check({ data: true })).findings).toEqual([]);
});

test("the relations of the state without constraints are inferred from names and rows, and so are the orphans", async () => {
  const { database } = await stage("before");
  addOrphans(database);
  const bare = await open(database);
  expect((await bare.inferRelations()).map((i) => i.relation.id)).toEqual([
    "analysis_activity_logs(analysis_run_id) -> analysis_runs(id)",
    "analysis_runs(project_id) -> projects(id)",
    "build_runs(project_id) -> projects(id)",
    "config_activity_logs(config_set_id) -> config_sets(id)",
    "config_files(config_set_id) -> config_sets(id)",
    "config_optimizations(config_set_id) -> config_sets(id)",
    "config_sets(project_id) -> projects(id)",
    "deployments(project_id) -> projects(id)",
    "projects(user_id) -> users(id)",
  ]);
  const { relations } = await bare.orphans();
  expect(relations.filter((r) => r.rows > 0).map((r) => [r.id, r.rows])).toEqual([
    ["analysis_activity_logs(analysis_run_id) -> analysis_runs(id)", 2],
    ["analysis_runs(project_id) -> projects(id)", 1],
    ["config_files(config_set_id) -> config_sets(id)", 1],
  ]);
});

test("`ondelete check` tells of the state without constraints that nine relations are nowhere declared, and of the orphans", async () => {
  const { database } = await stage("before");
  addOrphans(database);
  const { findings } = await (await open(database)).check({ data: true });
  const told = Map.groupBy(findings, (f) => f.rule);
  expect([...told].map(([rule, list]) => [rule, list.length])).toEqual([
    ["orphan-rows", 3],
    ["fk-implicit", 9],
  ]);
});

test.skipIf(skipReason !== null)(
  "the document says that foreign keys are defined and that none is: one of the two is wrong in each state",
  async () => {
    const said: unknown[] = [];
    for (const state of ["after", "before"] as const) {
      const { ondelete } = await stage(state);
      const { contradicted, leftOut, counts } = await ondelete.checkDocument(seed(DOCUMENT));
      said.push(contradicted.map((c) => [c.line, c.statement, c.message]));
      expect([leftOut, counts.right, counts.notJudged]).toEqual([[], 22, 0]);
    }
    expect(said).toEqual([
      [
        [
          73,
          "The schema has implicit relationships (columns named *Id) but no explicit foreign key constraints.",
          "9 relations are declared by constraints",
        ],
      ],
      [[55, "Foreign key relationships defined in schema", "9 relations have no constraint"]],
    ]);
  },
);
