import { text as askText, confirm as askYesNo, isCancel } from "@clack/prompts";
import { OnDeleteError } from "../index.ts";

/** How much a person must do to say yes. */
export type Question =
  /** Type the text: what is deleted, and how much of it. */
  | { readonly kind: "type"; readonly message: string; readonly expected: string }
  /** y or n, where n is the default. */
  | { readonly kind: "yes-no"; readonly message: string };

/** Whether a person can be asked: a terminal at both ends, and no build server that looks like one. */
export const canAsk = () => process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI;

/**
 * The only place that asks a person anything. Returns where the answer is yes; Esc, Ctrl-C, Ctrl-D and the end of the
 * input mean no.
 *
 * @throws OnDeleteError `confirmation-refused`
 */
export async function confirm(question: Question, signal: AbortSignal): Promise<void> {
  const closed = new AbortController();
  const stopWatching = whenInputEnds(() => closed.abort());
  try {
    if (await ask(question, AbortSignal.any([signal, closed.signal]))) return;
  } finally {
    stopWatching();
  }
  throw new OnDeleteError("confirmation-refused", "Not confirmed; nothing was done.");
}

/** The prompts of @clack/prompts 1.9.0 never settle when their input ends or readline closes at Ctrl-D. */
function whenInputEnds(end: () => void): () => void {
  const onKey = (_text: unknown, key?: { readonly ctrl?: boolean; readonly name?: string }) => {
    if (key?.ctrl && key.name === "d") end();
  };
  process.stdin.on("end", end).on("close", end).on("keypress", onKey);
  return () => process.stdin.off("end", end).off("close", end).off("keypress", onKey);
}

async function ask(question: Question, signal: AbortSignal): Promise<boolean> {
  const output = process.stderr.isTTY ? process.stderr : process.stdout;
  if (question.kind === "yes-no") {
    return (await askYesNo({ message: question.message, initialValue: false, signal, output })) === true;
  }
  const { message, expected } = question;
  const answer = await askText({ message: `${message} Type "${expected}" to go on:`, signal, output });
  return !isCancel(answer) && typeof answer === "string" && answer.trim() === expected;
}

/**
 * The error for a change that nobody confirmed and nobody can be asked about.
 *
 * @param what what would have been done, e.g. `delete 1,204 rows`
 */
export function confirmationRequired(
  what: string,
  hint: string,
  details: Readonly<Record<string, unknown>>,
): OnDeleteError {
  return new OnDeleteError(
    "confirmation-required",
    `Nothing was done: this would ${what}, and nobody confirmed it.`,
    {
      hint,
      details,
    },
  );
}
