import { readFileSync } from "node:fs";
import { open } from "ondelete";
import { expect, test } from "vitest";
import { addOrphans } from "../sample-data.ts";
import { stage } from "./stage.ts";

const SEEDS = process.env.ONDELETE_SEEDS ?? "../shared/seeds";
const document = () => readFileSync(`${SEEDS}/000_1001829765d01f6f.txt`, "utf8");

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

test("`ondelete check` tells of the state without constraints that its relations are the application's", async () => {
  const { database } = await stage("before");
  const { findings } = await (await open(database)).check();
  expect([...new Set(findings.map((f) => f.rule))]).toEqual(["fk-implicit"]);
});

test("the document says of relations and deletes what the database does", async () => {
  const { ondelete } = await stage();
  const { discrepancies } = await ondelete.checkDocument(document());
  expect(discrepancies).toEqual([]);
});
