import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "ondelete";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBefore } from "../before/create.ts";
import before from "../before/ondelete.config.ts";
import { DOCUMENT } from "./document-text.ts";
import { stage } from "./stage.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coverage-before-"));
  createBefore(join(folder, "before.sqlite"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PARENT = "jobs(parent_job_id) -> jobs(id)";
const REQUEST = "jobs(test_generation_request_id) -> test_generation_requests(id)";
const REPOSITORY = "test_generation_requests(repository_id) -> repositories(id)";

test("the three references that have no foreign key are found by names and rows alone", async () => {
  const ondelete = await open(`sqlite:${join(folder, "before.sqlite")}`);
  const { findings } = await ondelete.check({ data: true });
  expect(findings.map((f) => [f.rule, f.confidence, f.object])).toEqual([
    ["orphan-rows", "inferred", PARENT],
    ["orphan-rows", "inferred", REQUEST],
    ["orphan-rows", "inferred", REPOSITORY],
    // The others have too many orphans for a key to be proposed: 8 of 9 and 8 of 10 rows find their parents.
    ["fk-implicit", "inferred", PARENT],
  ]);
  const relations = (await ondelete.orphans()).relations.filter((r) => r.rows > 0);
  expect(relations.map((r) => [r.id, r.origin, r.rows])).toEqual([
    [PARENT, "inferred", 1],
    [REQUEST, "inferred", 1],
    [REPOSITORY, "inferred", 2],
  ]);
  await ondelete.close();
});

test("once the configuration names them, check reports what the page lists: orphans, VARCHAR(500) for VARCHAR(36), and the missing index", async () => {
  const ondelete = await open(`sqlite:${join(folder, "before.sqlite")}`, before);
  const { findings } = await ondelete.check({ data: true });
  expect(findings.map((f) => [f.severity, f.rule, f.object])).toEqual([
    ["error", "orphan-rows", PARENT],
    ["error", "cascade-path-unindexed", REQUEST],
    ["error", "orphan-rows", REQUEST],
    ["error", "orphan-rows", REPOSITORY],
    ["warning", "cascade-vs-set-null", REQUEST],
    ["info", "fk-type-mismatch", REPOSITORY],
  ]);
  expect(findings.find((f) => f.rule === "fk-type-mismatch")?.evidence).toEqual({
    column: "repository_id",
    type: "varchar(500)",
    referenced: "id",
    referencedType: "varchar(36)",
  });
  await ondelete.close();
});

test("orphans reports each row whose reference finds no row, the one that holds a URL included", async () => {
  const ondelete = await open(`sqlite:${join(folder, "before.sqlite")}`, before);
  const relations = (await ondelete.orphans()).relations.filter((r) => r.rows > 0);
  expect(relations.map((r) => [r.id, r.rows, r.sample.map((key) => key.id)])).toEqual([
    [PARENT, 1, ["job-41"]],
    [REQUEST, 1, ["job-42"]],
    [REPOSITORY, 2, ["request-10", "request-9"]],
  ]);
  await ondelete.close();
});

test.skipIf(DOCUMENT === null)(
  "document --check finds that the diagram leaves test_generation_requests out altogether, and nothing that is wrong",
  async () => {
    const { ondelete } = await stage();
    const checked = await ondelete.database.checkDocument(DOCUMENT ?? "");
    expect(checked.counts).toEqual({ judged: 8, right: 8, contradicted: 0, leftOut: 2, notJudged: 0 });
    expect(checked.leftOut.map((o) => o.relations)).toEqual([[REQUEST], [REPOSITORY]]);
    // True as well: jobs of other repositories lose their references to rows that go.
    expect(checked.remarks.map((r) => [r.line, r.statement])).toEqual([
      [226, "Jobs are deleted when their repository is deleted (CASCADE)"],
    ]);
  },
);

test("the target state has no orphans, and check has no error and no warning", async () => {
  const { ondelete } = await stage();
  const { findings, summary } = await ondelete.database.check({ data: true });
  expect(findings.filter((f) => f.severity !== "info").map((f) => [f.rule, f.object])).toEqual([]);
  expect(findings.map((f) => f.rule)).toEqual([
    "db-cascade-skips-hooks",
    "db-cascade-skips-hooks",
    "cascade-vs-set-null",
    "db-cascade-skips-hooks",
  ]);
  expect(summary.errors).toBe(0);
  expect((await ondelete.database.orphans()).relations.filter((r) => r.rows > 0)).toEqual([]);
});

test("verify proves every relation on SQLite", async () => {
  const { ondelete } = await stage();
  const { summary } = await ondelete.database.verify();
  expect(summary).toEqual({ proven: 18, contradicted: 0, unprovable: 0 });
});
