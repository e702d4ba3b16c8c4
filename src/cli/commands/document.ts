import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { DOCUMENT_FORMATS, type DocumentCheck, type DocumentFormat, OnDeleteError } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { writeOut } from "../plan-file.ts";
import { renderDocumentCheck } from "../render/document-check.ts";
import { type Run, runVerb } from "../run-verb.ts";
import { whyUnread } from "../why-unread.ts";

interface DocumentCommandOptions extends CommonOptions {
  readonly format?: DocumentFormat;
  readonly out?: string;
  readonly check?: readonly string[];
}

const EXAMPLE = `ondelete document --out docs/database.md
ondelete document --format html --out database.html
ondelete document --check docs/DATABASE.md`;

export function documentCommand(): Command {
  const command = new Command("document")
    .description("tables, relations, what deletes do and the delete matrix, as a document")
    .option("--out <file>", "write it to a file")
    .addOption(new Option("--format <format>", "markdown unless told otherwise").choices(DOCUMENT_FORMATS))
    .option("--check <file...>", "compare documents that people wrote with the database");
  return withCommonOptions(command, EXAMPLE).action(async (options: DocumentCommandOptions) => {
    refuseContradiction(options);
    process.exitCode = await runVerb(options, "reads", (run) =>
      options.check ? check(run, options.check) : write(run, options),
    );
  });
}

function refuseContradiction({ check: files, out, format }: DocumentCommandOptions): void {
  if (files === undefined || (out === undefined && format === undefined)) return;
  throw new OnDeleteError("usage", "--check compares documents and writes none.", {
    hint: "Leave out --out and --format; --json prints the result as JSON.",
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

async function check({ db, terminal }: Run, files: readonly string[]): Promise<number> {
  const checks: (DocumentCheck & { readonly file: string })[] = [];
  for (const file of files) checks.push({ ...(await db.checkDocument(contentOf(file))), file });
  const [only] = checks;
  const document =
    only && checks.length === 1
      ? only
      : { ondelete: "1", kind: "document-checks", engine: db.engine, documents: checks };
  terminal.result(document, () => checks.map((c) => renderDocumentCheck(c, terminal)).join("\n\n"));
  return checks.some((c) => c.contradicted.length + c.leftOut.length > 0) ? 1 : 0;
}

/** @throws OnDeleteError `usage` where the file cannot be read */
function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new OnDeleteError("usage", `The document ${file} cannot be read: ${whyUnread(cause)}.`, { cause });
  }
}
