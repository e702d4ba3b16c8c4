import { Command } from "commander";
import { OnDeleteError } from "../index.ts";
import { attemptsCommand } from "./commands/attempts.ts";
import { checkCommand } from "./commands/check.ts";
import { deleteCommand } from "./commands/delete.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { documentCommand } from "./commands/document.ts";
import { initCommand } from "./commands/init.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { orphansCommand } from "./commands/orphans.ts";
import { planCommand } from "./commands/plan.ts";
import { purgeCommand } from "./commands/purge.ts";
import { restoreCommand } from "./commands/restore.ts";
import { resumeCommand } from "./commands/resume.ts";
import { statusCommand } from "./commands/status.ts";
import { cancelCommand, pauseCommand } from "./commands/stop.ts";
import { verifyCommand } from "./commands/verify.ts";
import { reportError } from "./report-error.ts";
import { version } from "./version.ts";

const COMMANDS = [
  initCommand,
  inspectCommand,
  checkCommand,
  documentCommand,
  planCommand,
  deleteCommand,
  restoreCommand,
  purgeCommand,
  statusCommand,
  pauseCommand,
  resumeCommand,
  cancelCommand,
  verifyCommand,
  orphansCommand,
  attemptsCommand,
  doctorCommand,
  demoCommand,
];

/**
 * Runs the command line. Prints what there is to print and sets `process.exitCode`; never throws.
 *
 * @param argv the words after the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  // Holds until a verb says otherwise: should the process end early for want of work, that is no success.
  process.exitCode = 4;
  const root = program();
  try {
    await root.parseAsync([...argv], { from: "user" });
  } catch (error) {
    const verb = root.commands.find((command) => command.name() === argv[0])?.name();
    process.exitCode = reportError(error, argv.includes("--json"), verb);
    // What was interrupted may leave a connection open that would keep the process alive.
    if (error instanceof OnDeleteError && error.code === "interrupted") process.exit();
  }
}

function program(): Command {
  const root = new Command("ondelete")
    .description(
      "Tells what a delete will do before it runs, does exactly that, and takes it back if it was wrong.",
    )
    .version(version())
    .showSuggestionAfterError();
  for (const command of COMMANDS) root.addCommand(command());
  // Errors are ours to print; commander would print some of them itself and end the process.
  for (const command of [root, ...root.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {}, writeErr: () => {} });
  }
  return root;
}
