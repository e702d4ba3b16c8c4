import { type Command, InvalidArgumentError, Option } from "commander";
import type { Bounds } from "../index.ts";

/** What every verb takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly url?: string;
  readonly config?: string;
  readonly schema?: readonly string[];
  readonly quiet?: boolean;
  /** False after `--no-color`. */
  readonly color: boolean;
}

/** Adds the options of every verb and the example that its help ends with. */
export function withCommonOptions(command: Command, example: string): Command {
  return command
    .option("--json", "print one JSON document on stdout and nothing else there")
    .option(
      "--url <url>",
      "the database; else ONDELETE_URL, DATABASE_URL (a .env is read), the configuration",
    )
    .option("--config <file>", "the configuration; else ondelete.config.ts, .js, .mjs or .json")
    .option("--schema <name>", "the namespace of the table, or the one to show; can be repeated", repeated)
    .option("--quiet", "no notes on stderr, errors only")
    .option("--no-color", "no colours; NO_COLOR does the same")
    .addHelpText("after", `\nExample:\n${example.replace(/^/gm, "  ")}`);
}

/** `--yes`, spelled the same for every verb that changes data. */
export const yesOption = () =>
  new Option("--yes", "do it without asking; needed wherever no person can answer");

/** What becomes of rows that nobody planned to delete; `include` unless given. */
export const lateOption = () =>
  new Option(
    "--late <what>",
    "rows that come in below rows that go, after these were planned: include (unless given) or stop",
  ).choices(["include", "stop"]);

/** What bounds a delete in batches, in one run of it. */
export interface BoundsOptions {
  readonly budgetRows?: number;
  readonly budgetTime?: number;
  readonly window?: string;
}

/** Adds what bounds a delete in batches; it is paused there. */
export const withBounds = (command: Command): Command =>
  command
    .option("--budget-rows <n>", "in batches: pause after so many rows", wholeNumber(1))
    .option("--budget-time <seconds>", "in batches: pause after so many seconds", wholeNumber(1))
    .option("--window <from-to>", "in batches: pause outside of a time of day, e.g. 22:00-06:00");

export function boundsOf({ budgetRows, budgetTime, window }: BoundsOptions): { readonly bounds?: Bounds } {
  const bounds: Bounds = {
    ...(budgetRows === undefined ? {} : { rows: budgetRows }),
    ...(budgetTime === undefined ? {} : { seconds: budgetTime }),
    ...(window === undefined ? {} : { window }),
  };
  return Object.keys(bounds).length > 0 ? { bounds } : {};
}

/** A whole number from `least` up. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} up.`);
  };
}

/** An option that can be given several times. */
export const repeated = (value: string, earlier: readonly string[] = []) => [...earlier, value];
