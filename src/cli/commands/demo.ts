import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { open } from "../../index.ts";
import type { CommonOptions } from "../common-options.ts";
import { makeDatabase, openSqlite } from "../demo/make-database.ts";
import { nextSteps, programWords } from "../demo/next-steps.ts";
import { runDemo } from "../demo/run-demo.ts";
import { introduction, notProven, teller } from "../demo/tell.ts";
import { tellSystem } from "../demo/tell-system.ts";
import { openTerminal, type Terminal } from "../terminal.ts";

export function demoCommand(): Command {
  return new Command("demo")
    .description("plans, deletes and restores a project of an invented database, and proves what it says")
    .option("--system <name>", "tell the story of one of the systems in ondelete's repository instead")
    .option("--json", "print one JSON document on stdout and nothing else there")
    .option("--no-color", "no colours; NO_COLOR does the same")
    .addHelpText("after", "\nExample:\n  ondelete demo\n  ondelete demo --system analysis-pipeline")
    .action(async ({ system, ...options }: DemoOptions) => {
      process.exitCode = await (system === undefined ? demo(openTerminal(options)) : tellSystem(system));
    });
}

interface DemoOptions extends Pick<CommonOptions, "json" | "color"> {
  readonly system?: string;
}

/** Nothing here is configured: the database is its own, in a new folder that is kept. */
async function demo(terminal: Terminal): Promise<number> {
  const began = performance.now();
  const file = join(mkdtempSync(join(tmpdir(), "ondelete-demo-")), "pipeline.sqlite");
  const say = (text: string) => {
    if (!terminal.json) process.stdout.write(`${text}\n`);
  };
  say(introduction(terminal));
  await makeDatabase(file);
  const reader = await openSqlite(file, { readOnly: true });
  const db = await open(`sqlite:${file}`);
  try {
    const document = await runDemo({ db, reader, file }, teller(say, file, terminal));
    const place = { file, reader, program: programWords(process.env) };
    say(document.proven ? nextSteps(place, terminal) : notProven(terminal));
    say(`\nAll of it took ${((performance.now() - began) / 1000).toFixed(1)} s.`);
    if (terminal.json) terminal.result(document, () => "");
    return document.proven ? 0 : 1;
  } finally {
    reader.close();
    await db.close();
  }
}
