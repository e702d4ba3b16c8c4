import { defineConfig, type RelationConfig } from "ondelete";

const noted = (child: string, column: string, parent: string, onDelete: "cascade" | "set null") =>
  ({ child, columns: [column], parent, parentColumns: ["id"], onDelete }) satisfies RelationConfig;

/** The state without the three keys: what the document says in words, or by the names of columns, is said here. */
export default defineConfig({
  url: `sqlite:${process.env.COVERAGE_DATABASE ?? "coverage-before.sqlite"}`,
  relations: [
    noted("jobs", "parent_job_id", "jobs", "set null"),
    noted("test_generation_requests", "repository_id", "repositories", "cascade"),
    noted("jobs", "test_generation_request_id", "test_generation_requests", "set null"),
  ],
});
