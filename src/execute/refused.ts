import { OnDeleteError } from "../error.ts";
import type { Plan } from "../model/plan.ts";

/** A blocked plan. @throws `privilege-missing` where nothing but missing privileges blocks it */
export function refused(plan: Plan): Plan {
  if (plan.blockers.every((b) => b.reason === "privilege")) {
    throw new OnDeleteError("privilege-missing", plan.blockers.map((b) => b.message).join(" "), {
      hint: "Nothing was changed. Connect as a role that may, or have the rights granted.",
      details: { blockers: plan.blockers },
    });
  }
  return plan;
}
