import type { Finding } from "../../index.ts";
import { LOCK_FILE } from "./lock-file.ts";
import type { Report } from "./report.ts";
import { titled } from "./titled.ts";

/**
 * A code quality report of GitLab, which wants a file for everything. What the baseline knows is left out.
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
export const gitlab: Report = ({ findings }) => {
  const issues = findings.filter((f) => f.standing !== "known").map(issue);
  return JSON.stringify(issues, null, 2);
};

const SEVERITIES = { error: "major", warning: "minor", info: "info" } as const;

const issue = ({ rule, object, message, fix, fingerprint, severity, standing, location }: Finding) => ({
  type: "issue",
  check_name: rule,
  description: `${titled(object, message)}${fix ? ` ${fix.description}` : ""}`,
  fingerprint,
  severity: standing === "unconfirmed" ? "info" : SEVERITIES[severity],
  location: { path: location?.file ?? LOCK_FILE, lines: { begin: location?.line ?? 1 } },
});
