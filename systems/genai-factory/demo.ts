// The story of the GenAI factory: node systems/genai-factory/demo.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "ondelete";
import { ondelete, say } from "../support/story.ts";
import { connect, type Factory } from "./database.ts";
import { matrixConfig } from "./ondelete.config.ts";
import { insert, sampleRows } from "./sample-data.ts";
import { Project } from "./schema.ts";
import { rename } from "./services/labels.ts";
import { remove } from "./services/removal.ts";

const here = import.meta.dirname;
const url = `pglite:${mkdtempSync(join(tmpdir(), "genai-factory-"))}`;
const CHURN = "prj-000001";

function fail(text: string): never {
  console.error(text);
  process.exit(1);
}

/** Runs a command of ondelete, and returns what it printed. */
const run = (words: readonly string[], expected = 0): string =>
  ondelete(words, { config: join(here, "ondelete.config.ts"), env: { GENAI_DATABASE: url }, expected });

/** Work of the application. A PGlite serves one process at a time, so that it is closed again. */
async function asApplication<T>(work: (factory: Factory) => Promise<T>): Promise<T> {
  const factory = connect(url);
  try {
    return await work(factory);
  } finally {
    await factory.close();
  }
}

async function counts({ em }: Factory): Promise<string> {
  const tables = ["project", "workflow", "schedule", "run", "session", "deployment", "project_labels"];
  const lines = tables.map(async (table) => {
    const [row] = await em.getConnection().execute(`select count(*) as n from "${table}"`);
    return `${table} ${row?.n}`;
  });
  return (await Promise.all(lines)).join(", ");
}

async function refused({ em }: Factory): Promise<string> {
  try {
    await em.getConnection().execute(`delete from project where uid = '${CHURN}'`);
  } catch (error) {
    return (error as Error).message;
  }
  return fail("The project is gone: nothing refused.");
}

async function labelsAfterRenaming({ em }: Factory): Promise<string> {
  await rename(em, [Project, CHURN], "retention");
  const labels = await em.getConnection().execute("select * from project_labels where parent = 'retention'");
  if (labels.length === 0) fail("The labels were left behind.");
  await rename(em, [Project, CHURN], "churn");
  return labels.map(({ parent, name, value }) => `${parent}: ${name}=${value}`).join(", ");
}

const begin = await asApplication(async (factory) => {
  await factory.schema.create();
  await insert(factory.em, sampleRows(3));
  const text = await (await open(factory, matrixConfig)).document({ format: "markdown" });
  return {
    counts: await counts(factory),
    matrix: text.split("## Delete behaviour matrix")[1]?.split("`DELETED`:")[0]?.trim(),
    refused: await refused(factory),
    labels: await labelsAfterRenaming(factory),
  };
});

say("THE DOCUMENT: its diagram, its summary and its matrix, compared with what its own tables come to.");
run(["document", "--check", "claims.md"], 1);
say("The matrix as it is; `(application)` is what MikroORM does and a bare DELETE does not:\n");
console.log(begin.matrix);

say("THE DATABASE ALONE refuses to delete a project, and carries labels along when one is renamed:");
console.log(`delete from project: ${begin.refused}`);
console.log(`labels of churn, renamed: ${begin.labels}`);

say("ONDELETE plans what the application would do, does it, and takes it back:");
run(["plan", "project", CHURN]);
const outcome = run(["delete", "project", CHURN, "--yes", "--reason", "the pilot ended"]);
run(["restore", /ondelete restore (\S+)/.exec(outcome)?.[1] ?? "", "--yes"]);
const [restored, left] = await asApplication(async (factory) => {
  const before = await counts(factory);
  await remove(factory.em, Project, CHURN);
  return [before, await counts(factory)];
});
console.log(`\n${restored}`);
if (restored !== begin.counts) fail(`Before the delete it was ${begin.counts}.`);

say("THE APPLICATION deletes the same project by MikroORM; runs, sessions and a deployment of others stay:");
console.log(left);
if (!left?.startsWith("project 2, workflow 4, schedule 4, run 18, session 12, deployment 4,"))
  fail("That is not what the matrix says.");

say("PROOF by experiment, relation by relation and cell by cell:");
run(["verify"]);
run(["check"]);
