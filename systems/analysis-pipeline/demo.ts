// The story of the analysis pipeline: node systems/analysis-pipeline/demo.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ondelete, say } from "../support/story.ts";
import { deleteProject } from "./before/project-service.ts";
import { create } from "./database.ts";
import { addOrphans, fill } from "./sample-data.ts";

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "analysis-pipeline-"));
const SAMPLE = { seed: 7, users: 5, projects: 4 };

/** Runs a command of ondelete on one of the two states, and returns what it printed. */
function run(state: "before" | "after", words: readonly string[], expected = 0): string {
  const config = join(here, state === "before" ? "before" : ".", "ondelete.config.ts");
  return ondelete(words, { config, env: { PIPELINE_DATABASE: join(folder, `${state}.sqlite`) }, expected });
}

say("BEFORE: columns named *_id, no constraint, and the deletion code that the document prints.");
const before = create(join(folder, "before.sqlite"), "before");
console.log(`${fill(before, SAMPLE)} rows, and 4 that earlier deletions left behind.`);
addOrphans(before);
run("before", ["orphans"], 1);

say("A run that is added while the printed code deletes its project is left behind too:");
await deleteProject(before, "project-1-2", (table) => {
  if (table !== "deployments") return;
  before.exec(
    "insert into analysis_runs (id, project_id, status, version, progress, created_at) values ('late-run', 'project-1-2', 'pending', 9, 0, '2026-01-01')",
  );
});
run("before", ["orphans", "--relation", "analysis_runs(project_id) -> projects(id)"], 1);

say("The same delete by ondelete, over the relations of the configuration, in one transaction:");
run("before", ["delete", "projects", "project-1-3", "--yes"]);
before.close();

say("AFTER: the same tables with references, and foreign_keys on for every connection.");
const after = create(join(folder, "after.sqlite"));
fill(after, SAMPLE);
after.exec(
  "update config_sets set status = 'failed', error_message = 'no base image for arm64' where id = 'project-2-1-set-1'",
);
run("after", ["plan", "projects", "project-2-1"]);
run("after", ["delete", "users", "user-2", "--yes"], 1);

say("Failed attempts: listed, looked into, made again, deleted.");
run("after", ["attempts", "--table", "config_sets", "--limit", "3"]);
run("after", ["attempts", "logs", "project-2-1-set-1"]);
run("after", ["attempts", "retry", "project-2-1-set-1", "--yes"]);
run("after", ["attempts", "delete", "project-2-1-set-1", "--yes"]);

say("Deleted softly, and brought back:");
const outcome = run("after", ["delete", "projects", "project-3-1", "--soft", "--yes"]);
run("after", ["restore", /ondelete restore (\S+)/.exec(outcome)?.[1] ?? "", "--yes"]);

say("And it is proven by experiment, relation by relation:");
run("after", ["verify"]);
run("after", ["check", "--data"]);
after.close();
say(`The databases are in ${folder}.`);
