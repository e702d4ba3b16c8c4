import { Command, Option } from "commander";
import { DOCUMENT_FORMATS, type DocumentFormat } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { writeOut } from "../plan-file.ts";
import { type Run, runVerb } from "../run-verb.ts";

interface DocumentCommandOptions extends CommonOptions {
  readonly format?: DocumentFormat;
  readonly out?: string;
}

const EXAMPLE = `ondelete document --out docs/database.md
ondelete document --format mermaid`;

export function documentCommand(): Command {
  const command = new Command("document")
    .description("tables, relations, what deletes do and the delete matrix, as a document")
    .option("--out <file>", "write it to a file")
    .addOption(new Option("--format <format>", "markdown unless told otherwise").choices(DOCUMENT_FORMATS));
  return withCommonOptions(command, EXAMPLE).action(async (options: DocumentCommandOptions) => {
    process.exitCode = await runVerb(options, "reads", (run) => write(run, options));
  });
}

async function write({ db, terminal }: Run, { out, format }: DocumentCommandOptions): Promise<number> {
  if (out !== undefined) {
    writeOut(out, await db.document({ format: format ?? (terminal.json ? "json" : "markdown") }));
    terminal.note(`The document is in ${out}.`);
    if (!terminal.json) return 0;
  }
  const text = terminal.json ? "" : await db.document({ format: format ?? "markdown" });
  terminal.result(terminal.json ? await db.document() : {}, () => text);
  return 0;
}
