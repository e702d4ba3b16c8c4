import { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderOperation, renderOperations } from "../render/operations.ts";
import { runVerb } from "../run-verb.ts";

const EXAMPLE = `ondelete status
ondelete status 20261121-085825-arkyj --json`;

export function statusCommand(): Command {
  const command = new Command("status")
    .description("the operations that the journal holds, newest last")
    .argument("[operation]", "one of them");
  return withCommonOptions(command, EXAMPLE).action(
    async (operation: string | undefined, options: CommonOptions) => {
      process.exitCode = await runVerb(options, "reads", async ({ db, terminal }) => {
        const operations = await db.status(operation);
        const [only] = operation === undefined ? [] : operations.operations;
        terminal.result(operations, () =>
          only ? renderOperation(only, terminal) : renderOperations(operations, terminal),
        );
        return 0;
      });
    },
  );
}
