import type { Outcome, Plan, RestorePlan } from "../../index.ts";
import { columns } from "../render/columns.ts";
import { renderOutcome, sum } from "../render/outcome.ts";
import { renderPlan } from "../render/plan.ts";
import { renderRestore } from "../render/restore.ts";
import { count, some } from "../render/words.ts";
import type { Terminal } from "../terminal.ts";
import type { Check, Sums } from "./checksums.ts";
import { PROJECT, type Teller } from "./run-demo.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** Lines get hard to read beyond this, however wide the screen is. */
const WIDEST = 96;

export interface Made {
  readonly file: string;
  readonly rows: number;
}

/** The beginning: what the database is about. */
export function opening({ file, rows }: Made, screen: Screen): string {
  return [
    heading("1. A database to try it on", screen),
    paragraph(
      `An analysis pipeline: users own projects, and a project has analysis runs, generated configurations, builds and deployments. It was made just now, in a SQLite file of its own: ${count(rows)} rows, invented, the same ones every time.`,
      screen,
    ),
    screen.colors.cyan(file),
  ].join("\n");
}

/** Tells the steps on the way. */
export function teller(say: (text: string) => void, screen: Screen, file: string): Teller {
  return {
    planned: (plan) => say(planned(plan, screen, file)),
    deleted: (outcome, checks, before) => say(deleted(outcome, { checks, before }, screen)),
    restored: (restore, checks) => say(restored(restore, checks, screen)),
  };
}

function planned(plan: Plan, screen: Screen, file: string): string {
  return [
    heading(`2. What would deleting the project ${PROJECT} take with it?`, screen),
    paragraph("ondelete follows the foreign keys and counts, inside the database. Nothing is changed yet. This is the plan, each table under the one that leads to it:", screen),
    "",
    renderPlan(plan, screen, ["--url", `sqlite:${file}`]),
  ].join("\n");
}

function deleted(outcome: Outcome, { checks, before }: { readonly checks: readonly Check[]; readonly before: Sums }, screen: Screen): string {
  if (outcome.state !== "done") return renderOutcome(outcome, screen);
  const rows = checks.map(({ table, found, ...check }) => {
    const was = before[table]?.rows ?? 0;
    return [table, count(was), count(was - found.rows), count(found.rows), ...proof({ table, found, ...check }, screen)];
  });
  return [
    heading("3. The delete", screen),
    paragraph(
      `${some(sum(outcome.deleted), "row")} deleted in ${outcome.seconds.toFixed(2)} s, in one transaction, after a look under locks that the plan still held. A copy of each row is in an archive in the same database.`,
      screen,
    ),
    "",
    heading("4. Did anything else change?", screen),
    paragraph(
      "Another connection read all rows before and after. Left out of the first checksum: the rows of the project, picked by hand-written SQL and not by ondelete.",
      screen,
    ),
    "",
    table(["table", "before", "deleted", "left", "without it", "now"], rows, screen),
    conclusion(checks, "Nothing else changed: every other row of every table is what it was.", screen),
  ].join("\n");
}
