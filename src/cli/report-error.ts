import { CommanderError } from "commander";
import { OnDeleteError, redact } from "../index.ts";
import { plain } from "./render/words.ts";
import { colorsFor } from "./terminal.ts";

/** An error as a program reads it. */
interface Problem {
  readonly ondelete: "1";
  readonly kind: "problem";
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Prints an error on stderr, without passwords, and returns the exit code that goes with it.
 *
 * @param json whether a program reads it
 * @param verb the verb that was called, where there is one
 */
export function reportError(error: unknown, json: boolean, verb?: string): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { problem, exit } = describe(error instanceof CommanderError ? fromCommander(error, verb) : error);
  if (json) process.stderr.write(`${JSON.stringify(problem, redacted, 2)}\n`);
  else process.stderr.write(redact(asText(problem)));
  return exit;
}

const redacted = (_key: string, value: unknown) => (typeof value === "string" ? redact(value) : value);

function describe(known: unknown): { readonly problem: Problem; readonly exit: number } {
  if (known instanceof OnDeleteError) {
    const { code, message, hint, details, exitCode } = known;
    return { problem: { ondelete: "1", kind: "problem", code, message, hint, details }, exit: exitCode };
  }
  const stack = known instanceof Error ? (known.stack ?? known.message) : String(known);
  const message = known instanceof Error ? known.message : String(known);
  const hint = "Please report it with the lines below.";
  return {
    problem: {
      ondelete: "1",
      kind: "problem",
      code: "bug",
      message: `This is a bug in ondelete: ${message}`,
      hint,
      details: { stack },
    },
    exit: 4,
  };
}

/** Commander words its messages `error: unknown option '--x'\n(Did you mean --y?)`. */
function fromCommander(error: CommanderError, verb: string | undefined): OnDeleteError {
  const see = `See \`ondelete ${verb === undefined ? "" : `${verb} `}--help\`.`;
  if (error.code === "commander.help") return new OnDeleteError("usage", "No verb is given.", { hint: see });
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1).replace(/\.?$/, ".")}`;
  const meant = rest.map((line) => line.replace(/^\((.*)\)$/, "$1"));
  return new OnDeleteError("usage", message, { hint: [...meant, see].join(" ") });
}

function asText(problem: Problem): string {
  const colors = colorsFor(process.stderr, !process.argv.includes("--no-color"));
  const lines = [`${colors.red("error")} ${colors.dim(problem.code)}  ${printable(problem.message)}`];
  if (problem.hint !== null) lines.push(indent(printable(problem.hint)));
  const { stack, ...details } = problem.details;
  if (typeof stack === "string") lines.push("", stack);
  for (const key of ["table", "relation", "constraint", "column", "engineCode"]) {
    if (details[key] !== undefined) lines.push(indent(colors.dim(`${key}: ${plain(String(details[key]))}`)));
  }
  return `${lines.join("\n")}\n`;
}

const indent = (text: string) => text.replace(/^/gm, "  ");

/** Line by line, so that a name from the database cannot steer the terminal. */
const printable = (text: string) => text.split("\n").map(plain).join("\n");
