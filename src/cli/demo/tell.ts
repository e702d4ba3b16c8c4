import type { Outcome, Plan, RestorePlan } from "../../index.ts";
import { renderOutcome, sum } from "../render/outcome.ts";
import { renderPlan } from "../render/plan.ts";
import { renderRestore } from "../render/restore.ts";
import { count, some } from "../render/words.ts";
import { checkTable } from "./check-table.ts";
import type { Check, Sums } from "./checksums.ts";
import { heading, paragraph, type Screen } from "./paragraph.ts";
import { type Checks, PROJECT, type Teller } from "./run-demo.ts";

/** Prints each step of the demonstration when it is done. */
export function teller(say: (text: string) => void, file: string, screen: Screen): Teller {
  return {
    made: (rows) => say(made(rows, file, screen)),
    planned: (plan, checks) => say(planned(plan, { checks, file }, screen)),
    deleted: (outcome, checks, before) => say(deleted(outcome, { checks, before }, screen)),
    restored: (restore, checks) => say(restored(restore, checks, screen)),
  };
}

function made(rows: number, file: string, screen: Screen): string {
  const text = `Users own projects; projects have analysis runs, generated configurations, builds and deployments. By its foreign keys a project takes all of that along when it goes. ${count(rows)} invented rows, the same ones every time, in a SQLite file made just now:`;
  return [
    heading("1. A database to try it on", screen),
    paragraph(text, screen),
    screen.colors.cyan(file),
  ].join("\n");
}

interface Planned {
  readonly checks: Checks["planned"];
  readonly file: string;
}

function planned(plan: Plan, { checks, file }: Planned, screen: Screen): string {
  const wrong = checks.filter((check) => !check.same);
  const counts = wrong
    .map((w) => `${w.table}: ${count(w.found)} planned, ${count(w.expected)} counted`)
    .join("; ");
  const { green, red } = screen.colors;
  return [
    heading(`2. What would go with the project ${PROJECT}?`, screen),
    paragraph(
      "ondelete follows the foreign keys and counts, inside the database; nothing is changed yet. This is the plan, each table below the one that leads to it:",
      screen,
    ),
    "",
    renderPlan(plan, screen, ["--url", `sqlite:${file}`]),
    "",
    wrong.length === 0
      ? paragraph(green("✓ Hand-written SQL, one query a table, counts the same rows."), screen)
      : paragraph(red(`✗ Hand-written SQL counts other rows. ${counts}.`), screen),
  ].join("\n");
}

interface Deleted {
  readonly checks: readonly Check[];
  readonly before: Sums;
}

function deleted(outcome: Outcome, { checks, before }: Deleted, screen: Screen): string {
  const title = heading("3. The delete: did anything else change?", screen);
  if (outcome.state !== "done") return [title, renderOutcome(outcome, screen)].join("\n");
  const text = `${some(sum(outcome.deleted), "row")} deleted in ${outcome.seconds.toFixed(2)} s, in one transaction; a copy of each is kept in an archive in the same file. Then all rows were read again over another connection. The checksums are of the rows that are not the project's, before the delete and now:`;
  const rows = checks.map((check) => {
    const was = before[check.table]?.rows ?? 0;
    return { check, counts: [was, was - check.found.rows, check.found.rows] };
  });
  return [
    title,
    paragraph(text, screen),
    "",
    checkTable({ heads: ["before", "deleted", "left"], rows, good: "Nothing else changed." }, screen),
  ].join("\n");
}

function restored(restore: RestorePlan, checks: readonly Check[], screen: Screen): string {
  const title = heading("4. The restore: is every row back as it was?", screen);
  if (restore.state !== "done") return [title, renderRestore(restore, screen)].join("\n");
  const text = `${some(sum(restore.inserts), "row")} put back from the archive. All rows were read once more; the checksums are of every row, before the delete and now:`;
  const rows = checks.map((check) => ({ check, counts: [check.expected.rows, check.found.rows] }));
  return [
    title,
    paragraph(text, screen),
    "",
    checkTable({ heads: ["before", "now"], rows, good: "Every row is identical." }, screen),
  ].join("\n");
}
