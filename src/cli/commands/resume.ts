import { Command } from "commander";
import {
  type BoundsOptions,
  boundsOf,
  type CommonOptions,
  lateOption,
  withBounds,
  withCommonOptions,
} from "../common-options.ts";
import { exitOf } from "../delete-rows.ts";
import { renderOutcome } from "../render/outcome.ts";
import { runVerb } from "../run-verb.ts";

interface ResumeCommandOptions extends CommonOptions, BoundsOptions {
  readonly late?: "include" | "stop";
}

const EXAMPLE = "ondelete resume 20261121-085825-arkyj";

export function resumeCommand(): Command {
  const command = new Command("resume")
    .description("goes on with a delete in batches that was paused, failed or left by its process")
    .argument("<operation>", "the id that delete printed; `ondelete status` lists them")
    .addOption(lateOption());
  withBounds(command);
  return withCommonOptions(command, EXAMPLE).action(
    async (operation: string, options: ResumeCommandOptions) => {
      process.exitCode = await runVerb(options, "writes", async ({ db, terminal, signal }) => {
        const late = options.late ? { late: options.late } : {};
        const outcome = await terminal.follow(
          db.resume(operation, { signal, ...late, ...boundsOf(options) }),
        );
        terminal.result(outcome, () => renderOutcome(outcome, terminal));
        return exitOf(outcome);
      });
    },
  );
}
