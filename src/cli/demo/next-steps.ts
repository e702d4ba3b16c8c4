import type { DatabaseSync } from "node:sqlite";
import { shellWord } from "../render/words.ts";
import { heading, type Screen } from "./paragraph.ts";
import { PROJECT } from "./run-demo.ts";

/** How the command line is called where the demonstration was. */
export function programWords({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): string {
  if (script === "demo" || script === "ondelete") return "npm run --silent ondelete --";
  return script === "npx" ? "npx ondelete" : "ondelete";
}

interface Place {
  readonly file: string;
  readonly reader: DatabaseSync;
  /** How the command line is called. */
  readonly program: string;
}

/** What to try on the database, as lines that a shell takes. */
export function nextSteps({ file, reader, program }: Place, { colors }: Screen): string {
  const { owner, config_file } = reader.prepare(EXAMPLES).get(PROJECT) ?? {};
  const steps = [
    [`a user who owns projects cannot go: see what is in the way`, `plan users ${owner}`],
    [`why would this file go?`, `plan projects ${PROJECT} --why config_files ${config_file}`],
    [`all failed analyses, of every project`, `plan analysis_runs --where "status = 'failed'"`],
    [`do it yourself; it asks first, and says how to take it back`, `delete projects ${PROJECT}`],
  ];
  return [
    heading("5. Try it yourself", { colors, width: null }),
    "The database stays where it is until you remove the file.",
    colors.cyan(`export ONDELETE_URL=${shellWord(`sqlite:${file}`)}`),
    ...steps.flatMap(([what, words]) => [colors.dim(`# ${what}`), colors.cyan(`${program} ${words}`)]),
  ].join("\n");
}

const EXAMPLES = `
select p.user_id as owner, min(f.id) as config_file
from projects p join config_sets s on s.project_id = p.id join config_files f on f.config_set_id = s.id
where p.id = ? group by p.user_id`;
