import type { Diagnosis } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { plain } from "./words.ts";

/** One line for everything that was looked at, and below it what to do. */
export function renderDiagnoses(
  diagnoses: readonly Diagnosis[],
  { colors }: Pick<Terminal, "colors">,
): string {
  const marks = {
    ok: colors.green("ok     "),
    warning: colors.yellow("warning"),
    problem: colors.red("problem"),
  };
  return diagnoses
    .map(({ subject, state, message, hint }) => {
      const line = `${marks[state]}  ${colors.bold(plain(subject))}  ${plain(message)}`;
      return hint === null ? line : `${line}\n         ${colors.cyan("→")} ${plain(hint)}`;
    })
    .join("\n");
}
