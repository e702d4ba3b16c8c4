import { join } from "node:path";
import { type Config, defineConfig } from "ondelete";
import { mikroorm } from "ondelete/mikroorm";
import { connect } from "./database.ts";

const url = process.env.GENAI_DATABASE ?? "pglite:genai-factory";

type Relation = NonNullable<Config["relations"]>[number];

/** What MikroORM deletes with the parent. The constraint refuses, so that the policy has to say it. */
const removed = (relation: Pick<Relation, "child" | "columns" | "parent" | "parentColumns">): Relation => ({
  ...relation,
  onDelete: "cascade",
  enforcedBy: "application",
});

const IN_PROJECT = ["data_source", "dataset", "model", "prompt", "document", "workflow", "deployment"];
const LABELLED = ["user", "project", ...IN_PROJECT, "session", "schedule", "run"];

/** What the constraints themselves do (workflow → schedule, every SET NULL) is read from the database. */
const config = defineConfig({
  url,
  source: mikroorm(connect(url)),
  relations: [
    ...IN_PROJECT.map((child) =>
      removed({ child, columns: ["project_id"], parent: "project", parentColumns: ["uid"] }),
    ),
    ...LABELLED.map((parent) =>
      removed({ child: `${parent}_labels`, columns: ["parent"], parent, parentColumns: ["name"] }),
    ),
  ],
  checks: {
    documents: [join(import.meta.dirname, "DATABASE.md")],
    // A deployment goes with its own project; one of another project, which only runs a workflow of this one, stays.
    rules: { "cascade-vs-set-null": "info" },
  },
});

export default config;

/** The tables of the document's delete behaviour matrix, in its order. */
export const matrixConfig: Config = {
  ...config,
  include: [
    ...["user", "project", "data_source", "dataset", "model", "prompt", "document", "workflow"],
    ...["session", "deployment", "schedule", "run"],
  ],
};
