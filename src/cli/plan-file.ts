import { readFileSync, writeFileSync } from "node:fs";
import { OnDeleteError, type Plan } from "../index.ts";
import { whyUnread } from "./why-unread.ts";

/** Writes a plan to a file that {@link readPlan} takes back. */
export function writePlan(file: string, plan: Plan): void {
  writeOut(file, `${JSON.stringify(plan, null, 2)}\n`);
}

/** @throws OnDeleteError `usage` where the file cannot be written */
export function writeOut(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new OnDeleteError("usage", `The file ${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** @throws OnDeleteError `plan-file-invalid` where the file is missing or holds no plan */
export function readPlan(file: string): Plan {
  const invalid = (why: string, cause?: unknown) =>
    new OnDeleteError("plan-file-invalid", `The plan ${file} cannot be used: ${why}.`, {
      hint: "Make one with `ondelete plan … --out FILE`.",
      cause,
    });
  let value: Partial<Plan> | null;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid(whyUnread(cause), cause);
  }
  if (value?.kind !== "plan" || value.ondelete !== "1") throw invalid("it holds no plan of ondelete");
  if (!value.target?.table || !value.target.select || !value.digest)
    throw invalid("its target or its digest is missing");
  if (value.complete !== true) throw invalid("the plan is not complete, so its rows are not all known");
  return value as Plan;
}
