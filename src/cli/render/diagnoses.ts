import type { Diagnosis, Grants } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { plain } from "./words.ts";

/** One line for everything that was looked at, and with it what to do. */
export function renderDiagnoses(
  diagnoses: readonly Diagnosis[],
  { colors, width }: Pick<Terminal, "colors" | "width">,
): string {
  const marks = { ok: colors.green, warning: colors.yellow, problem: colors.red };
  const lines = diagnoses.map(({ subject, state, message, hint }) => {
    const text = hint === null ? plain(message) : `${plain(message)}\n${colors.cyan("→")} ${plain(hint)}`;
    return [marks[state](state), colors.bold(plain(subject)), text];
  });
  return columns(lines, "lll", width);
}

/** The statements by what they are for, as a script. */
export function renderGrants({ reading, operating, migrating }: Grants): string {
  if (reading.length === 0) return "This engine has no roles: there is nothing to grant.";
  const part = (title: string, statements: readonly string[]) => [
    `-- ${title}`,
    ...statements.map((s) => `${s};`),
  ];
  return [
    ...part("reading: inspect and plan", reading),
    ...part("operating: delete and restore, beside the above", operating.slice(reading.length)),
    ...part("migrating: change constraints, beside the above", migrating.slice(operating.length)),
  ].join("\n");
}
