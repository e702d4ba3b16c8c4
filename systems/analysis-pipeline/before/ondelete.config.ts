import { defineConfig } from "ondelete";
import { documented } from "./relations.ts";

/** The state without constraints: what the document's diagram draws is said here. */
export default defineConfig({
  url: `sqlite:${process.env.PIPELINE_DATABASE ?? "pipeline-before.sqlite"}`,
  relations: documented,
});
