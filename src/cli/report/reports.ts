import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";
import { sarif } from "./sarif.ts";

/** Formats other than a screen and JSON. */
export const reports = { sarif, github, gitlab, junit, markdown } as const satisfies Readonly<
  Record<string, Report>
>;

export type ReportFormat = keyof typeof reports;
