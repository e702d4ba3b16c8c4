import type { Finding } from "../../index.ts";
import type { Report } from "./report.ts";

/**
 * Annotations of a workflow on GitHub, one a line. What the baseline knows is left out.
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export const github: Report = ({ findings }) =>
  findings
    .filter((f) => f.standing !== "known")
    .map(annotation)
    .join("\n");

const LEVELS = { error: "error", warning: "warning", info: "notice" } as const;

function annotation(finding: Finding): string {
  const { location, rule, object, message, fix } = finding;
  const place = location
    ? [
        `file=${property(location.file)}`,
        `line=${location.line}`,
        ...(location.column ? [`col=${location.column}`] : []),
      ]
    : [];
  const properties = [...place, `title=${property(`${rule}: ${object}`)}`];
  const text = [message, ...(fix ? [fix.description] : []), ...(fix?.sql ? [fix.sql] : [])].join("\n");
  const level = finding.standing === "unconfirmed" ? "notice" : LEVELS[finding.severity];
  return `::${level} ${properties.join(",")}::${data(text)}`;
}

/** @see https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts (escapeData, escapeProperty) */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
