import { Command } from "commander";
import type { Database, OperationsDocument } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderOperation } from "../render/operations.ts";
import { runVerb } from "../run-verb.ts";

type Stop = (db: Database, operation: string) => Promise<OperationsDocument>;

const stopCommand = (name: "pause" | "cancel", description: string, stop: Stop): Command => {
  const command = new Command(name)
    .description(description)
    .argument("<operation>", "its id; `ondelete status` lists them");
  const example = `ondelete ${name} 20261121-085825-arkyj`;
  return withCommonOptions(command, example).action(async (operation: string, options: CommonOptions) => {
    process.exitCode = await runVerb(options, "writes", async ({ db, terminal }) => {
      const stopped = await stop(db, operation);
      const [only] = stopped.operations;
      terminal.result(stopped, () => (only ? renderOperation(only, terminal) : ""));
      return 0;
    });
  });
};

export const pauseCommand = (): Command =>
  stopCommand("pause", "stops a delete in batches, which can go on later", (db, operation) =>
    db.pause(operation),
  );

export const cancelCommand = (): Command =>
  stopCommand(
    "cancel",
    "ends a delete in batches where it is; what is gone can be restored",
    (db, operation) => db.cancel(operation),
  );
