import { describe, expect, test } from "vitest";
import { type DocumentCheck, open } from "../../src/index.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";
import { seed, skipReason } from "./seeds.ts";
import {
  analysisPipeline,
  containerPlatform,
  coverageJobs,
  genaiFactory,
  type System,
  saasKit,
} from "./systems.ts";

if (skipReason !== null) console.log(`documents of the teams: SKIPPED, because ${skipReason}`);

async function checked({ file, ddl, config }: System, fresh: Fresh): Promise<DocumentCheck> {
  const db = await fresh();
  await db.exec(ddl);
  return (await open(db.handle, config)).checkDocument(seed(file));
}

const wrong = ({ contradicted }: DocumentCheck) => contradicted.map((d) => [d.line, d.statement, d.message]);
const missing = ({ leftOut }: DocumentCheck) => leftOut.map((o) => [o.line, o.object]);
const unclear = ({ notJudged }: DocumentCheck) => notJudged.map((n) => [n.line, n.reason]);

describe.skipIf(skipReason !== null)(
  "documents of five teams against databases made from their rules",
  () => {
    eachVariant((_, fresh) => {
      test("genai-factory: the wrong cells of its matrix, its diagram, and what its lists leave out", async () => {
        const check = await checked(genaiFactory, fresh);
        expect(wrong(check)).toEqual([
          [57, "Model → Workflow SET NULL", "workflow does not reference model"],
          [
            274,
            "| Run | workflow_id → NULL |",
            "deleting from workflow: run workflow_id=NULL, schedule_id=NULL",
          ],
          [303, "Session | Project: -", "deleting from project: session workflow_id=NULL (application)"],
          [
            306,
            "Run | Project: DELETED*",
            "deleting from project: run workflow_id=NULL, schedule_id=NULL (application)",
          ],
          [
            306,
            "Run | Workflow: workflow_id=NULL",
            "deleting from workflow: run workflow_id=NULL, schedule_id=NULL",
          ],
        ]);
        expect(missing(check)).toEqual([
          [260, "run | project"],
          [260, "schedule | project"],
          [260, "session | project"],
        ]);
        expect(check.counts).toEqual({ judged: 129, right: 124, contradicted: 5, leftOut: 3, notJudged: 2 });
        expect(unclear(check)).toEqual([
          [243, "no table is called parent"],
          [323, "no table is called parent entity"],
        ]);
        // Deployments of another project that run this project's workflow or model keep their rows.
        expect(check.remarks.map((r) => [r.line, r.message])).toEqual(
          [111, 268, 304].map((line) => [line, "other rows of deployment: workflow_id=NULL, model_id=NULL"]),
        );
        expect(check.uncovered).toHaveLength(12);
        expect(check.uncovered.every((t) => t.endsWith("_labels"))).toBe(true);
      });

      test("analysis-pipeline: its tree and its lists are right, and it says that keys are defined and that none is", async () => {
        const check = await checked(analysisPipeline, fresh);
        expect(wrong(check)).toEqual([
          [
            73,
            "The schema has implicit relationships (columns named *Id) but no explicit foreign key constraints.",
            "9 relations are declared by constraints",
          ],
        ]);
        expect(check.counts).toEqual({ judged: 23, right: 22, contradicted: 1, leftOut: 0, notJudged: 0 });
      });

      test("container-platform: audit logs are kept, and its tree leaves out workloads, requests and allow lists", async () => {
        const check = await checked(containerPlatform, fresh);
        expect(wrong(check).map(([line, , message]) => [line, message])).toEqual([
          [39, "audit_logs(user_id) -> users(uid) is SET NULL, not CASCADE"],
          [52, "deleting from users: audit_logs user_id=NULL"],
        ]);
        expect(wrong(check)[1]?.[1]).toBe("├─ All audit logs cleaned");
        expect(missing(check)).toEqual([
          [47, "course_workloads | users"],
          [47, "image_allow_lists | users"],
          [55, "course_workloads | groups"],
          [55, "image_allow_lists | groups"],
          [55, "image_requests | groups"],
          [63, "course_workloads | projects"],
          [63, "image_requests | projects"],
        ]);
        expect(unclear(check)).toEqual([
          [37, "no table is called Repo"],
          [61, "the line has none of the forms that can be read"],
        ]);
        expect(check.counts).toMatchObject({ judged: 44, right: 42 });
      });

      test("saas-kit: the two foreign keys are there", async () => {
        const check = await checked(saasKit, fresh);
        expect(check.counts).toEqual({ judged: 3, right: 3, contradicted: 0, leftOut: 0, notJudged: 0 });
        expect(check.uncovered).toEqual(["Account", "Session"]);
      });

      test("coverage-jobs: the relations that its tables do not know are left out", async () => {
        const check = await checked(coverageJobs, fresh);
        expect(wrong(check)).toEqual([]);
        expect(missing(check)).toEqual([
          [null, "jobs(test_generation_request_id) -> test_generation_requests(id)"],
          [null, "test_generation_requests(repository_id) -> repositories(id)"],
        ]);
        expect(check.counts).toEqual({ judged: 8, right: 8, contradicted: 0, leftOut: 2, notJudged: 0 });
      });
    });
  },
);
