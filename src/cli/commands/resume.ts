import { Command } from "commander";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { exitOf } from "../delete-rows.ts";
import { renderOutcome } from "../render/outcome.ts";
import { runVerb } from "../run-verb.ts";

const EXAMPLE = "ondelete resume 20261121-085825-arkyj";

export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("goes on with a delete in batches that was paused, failed or left by its process")
    .argument("<operation>", "the id that delete printed; `ondelete status` lists them");
  return withCommonOptions(command, EXAMPLE).action(async (operation: string, options: CommonOptions) => {
    process.exitCode = await runVerb(options, "writes", async ({ db, terminal, signal }) => {
      const outcome = await terminal.follow(db.resume(operation, { signal }));
      terminal.result(outcome, () => renderOutcome(outcome, terminal));
      return exitOf(outcome);
    });
  });
}
