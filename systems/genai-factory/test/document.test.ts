import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DocumentCheck, open } from "ondelete";
import { expect, test } from "vitest";
import config, { matrixConfig } from "../ondelete.config.ts";
import { eachEngine } from "./stage.ts";

const here = (name: string) => join(import.meta.dirname, "..", name);
const seeds = process.env.ONDELETE_SEEDS ?? here("../../../shared/seeds");
const found = join(seeds, "001_56ee91b7d496afa2.txt");
const DOCUMENTS = [
  ["the whole document", found],
  ["what the repository keeps of it", here("claims.md")],
] as const;

if (!existsSync(found)) console.log(`the whole document: SKIPPED, because there is no ${found}`);

const wrong = ({ contradicted }: DocumentCheck) => contradicted.map((c) => [c.statement, c.message]);

eachEngine((stage) => {
  test.for(DOCUMENTS.filter(([, file]) => existsSync(file)))(
    "a check of the document finds its wrong cells, the arrow in its diagram and what a list leaves out: %s",
    async ([, file]) => {
      const { orm } = await stage();
      const check = await (await open(orm, config)).checkDocument(readFileSync(file, "utf8"));
      expect(wrong(check)).toEqual([
        ["Model → Workflow SET NULL", "workflow does not reference model"],
        ["| Run | workflow_id → NULL |", "deleting from workflow: run workflow_id=NULL, schedule_id=NULL"],
        ["Session | Project: -", "deleting from project: session workflow_id=NULL (application)"],
        [
          "Run | Project: DELETED*",
          "deleting from project: run workflow_id=NULL, schedule_id=NULL (application)",
        ],
        [
          "Run | Workflow: workflow_id=NULL",
          "deleting from workflow: run workflow_id=NULL, schedule_id=NULL",
        ],
      ]);
      expect(check.leftOut.map((o) => o.object)).toEqual([
        "run | project",
        "schedule | project",
        "session | project",
      ]);
      // A deployment of another project that runs this one's workflow or model keeps its row.
      expect(new Set(check.remarks.map((r) => r.message))).toEqual(
        new Set(["other rows of deployment: workflow_id=NULL, model_id=NULL"]),
      );
      expect(check.uncovered).toHaveLength(12);
      expect(check.uncovered.every((table) => table.endsWith("_labels"))).toBe(true);
    },
  );

  test("the document that the tool writes is the one that is kept, and a check of it finds nothing", async () => {
    const { orm } = await stage();
    const text = await (await open(orm, matrixConfig)).document({ format: "markdown" });
    const kept = readFileSync(here("DATABASE.md"), "utf8");
    const version = /^PostgreSQL \d+|^PGlite.*?(?=: )/gmu;
    expect(text.replace(version, "")).toBe(kept.replace(version, ""));
    const { contradicted, leftOut, notJudged } = await (await open(orm, matrixConfig)).checkDocument(kept);
    expect([contradicted, leftOut, notJudged]).toEqual([[], [], []]);
  });

  test("the document that the tool writes tells the cascades of the ORM from those of the database", async () => {
    const { orm } = await stage();
    const text = await (await open(orm, matrixConfig)).document({ format: "markdown" });
    const lines = text.split("\n");
    expect(lines).toContain("| project | workflow | project_id | application |");
    expect(lines).toContain("| workflow | schedule | workflow_id | database |");
    expect(lines).toContain("| user | project | owner_id | database |");
    expect(text).toContain(
      "`workflow(project_id) -> project(uid)`: CASCADE is done by the application or by ondelete; a bare DELETE is refused, because the constraint says NO ACTION.",
    );
    expect(text).toContain("Every relation has an index that leads with its columns.");
  });

  test("ondelete check has nothing against the schema, and remarks that deployments of other projects stay", async () => {
    const { orm } = await stage();
    const { findings, summary } = await (await open(orm, config)).check();
    expect([summary.errors, summary.warnings]).toEqual([0, 0]);
    expect(findings.map((f) => [f.rule, f.severity, f.object])).toEqual([
      ["cascade-vs-set-null", "info", "deployment(model_id) -> model(uid)"],
      ["cascade-vs-set-null", "info", "deployment(workflow_id) -> workflow(uid)"],
    ]);
  });
});
