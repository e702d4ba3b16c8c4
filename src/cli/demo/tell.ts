import type { Outcome, Plan, RestorePlan } from "../../index.ts";
import { renderOutcome, sum } from "../render/outcome.ts";
import { renderPlan } from "../render/plan.ts";
import { renderRestore } from "../render/restore.ts";
import { count, some } from "../render/words.ts";
import { checkTable } from "./check-table.ts";
import type { Check, Sums } from "./checksums.ts";
import { heading, paragraph, type Screen } from "./paragraph.ts";
import { type Checks, PROJECT, type Teller } from "./run-demo.ts";

/** What is about to be shown, before the first step takes its time. */
export const introduction = (screen: Screen): string =>
  paragraph(
    "ondelete tells what a delete will do before it runs, does exactly that, and takes it back. Here it does so for one project, and every row is checked.",
    screen,
  );

/** The end where a check failed; the step that did says where. */
export const notProven = (screen: Screen): string =>
  paragraph(
    "\nThere is a difference. Unless something else wrote to the file meanwhile, this is a bug in ondelete: please report it with the lines above.",
    screen,
  );

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
  const text = `Users own projects. By its foreign keys a project that goes takes its analysis runs, configurations, builds and deployments along. ${count(rows)} invented rows, always the same, in a new SQLite file:`;
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
  const text = `${some(sum(outcome.deleted), "row")} deleted in ${outcome.seconds.toFixed(2)} s, in one transaction; a copy of each is kept in an archive in the same file. Then all rows were read again over another connection. A table is the same where the SHA-256 checksum of all rows that are not the project's is what it was:`;
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
  const text = `${some(sum(restore.inserts), "row")} put back from the archive. All rows were read once more. Now a table is the same where the checksum of all its rows is what it was before the delete:`;
  const rows = checks.map((check) => ({ check, counts: [check.expected.rows, check.found.rows] }));
  return [
    title,
    paragraph(text, screen),
    "",
    checkTable({ heads: ["before", "after"], rows, good: "Every row is identical." }, screen),
  ].join("\n");
}
