import { setTimeout } from "node:timers/promises";
import { Command } from "commander";
import { OnDeleteError, type OperationsDocument } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderOperation, renderOperations } from "../render/operations.ts";
import { sum } from "../render/outcome.ts";
import { count } from "../render/words.ts";
import { type Run, runVerb } from "../run-verb.ts";

interface StatusOptions extends CommonOptions {
  readonly follow?: boolean;
}

const EXAMPLE = `ondelete status
ondelete status 20261121-085825-arkyj --json
ondelete status 20261121-085825-arkyj --follow`;

export function statusCommand(): Command {
  const command = new Command("status")
    .description("the operations that the journal holds, newest last")
    .argument("[operation]", "one of them")
    .option("--follow", "with one: waits until it is not running any more, and says how far it has come");
  return withCommonOptions(command, EXAMPLE).action(
    async (operation: string | undefined, options: StatusOptions) => {
      if (options.follow && operation === undefined)
        throw new OnDeleteError("usage", "--follow follows one operation, and none is named.", {
          hint: "`ondelete status` lists them.",
        });
      process.exitCode = await runVerb(options, "reads", async (run) => {
        const { db, terminal } = run;
        const operations = await (options.follow && operation !== undefined
          ? followed(run, operation)
          : db.status(operation));
        const [only] = operation === undefined ? [] : operations.operations;
        terminal.result(operations, () =>
          only ? renderOperation(only, terminal) : renderOperations(operations, terminal),
        );
        return 0;
      });
    },
  );
}

const EVERY_MS = 1_000;

/** Until the operation ends, or is left by its process. */
async function followed({ db, terminal, signal }: Run, operation: string): Promise<OperationsDocument> {
  for (let last = -1; ; ) {
    const found = await db.status(operation);
    const [only] = found.operations;
    if (only?.state !== "running" || only.lease?.over) return found;
    const rows = sum(only.deleted);
    if (rows !== last)
      terminal.note(`running: ${count(rows)} rows deleted in ${count(only.batches)} batches`);
    last = rows;
    await setTimeout(EVERY_MS, undefined, { signal });
  }
}
