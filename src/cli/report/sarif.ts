import type { Finding, Findings, RuleInfo } from "../../index.ts";
import type { Report } from "./report.ts";
import { titled } from "./titled.ts";

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export const sarif: Report = (found, { rules, version }) => {
  const places = new Map(rules.map((rule, index) => [rule.id, index]));
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ondelete", version, rules: rules.map(descriptor) } },
        invocations: [invocation(found)],
        results: found.findings.map((f) => result(f, places.get(f.rule) ?? -1)),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
  return JSON.stringify(log, null, 2);
};

const LEVELS = { error: "error", warning: "warning", info: "note" } as const;

const descriptor = ({ id, title, severity, docs, confidence }: RuleInfo) => ({
  id,
  name: id.replace(/(^|-)(\w)/g, (_, _dash, letter: string) => letter.toUpperCase()),
  shortDescription: { text: `${title}.` },
  help: { text: `See ${docs}.`, markdown: `See \`${docs}\`.` },
  defaultConfiguration: { level: LEVELS[severity] },
  properties: { confidence },
});

/** A rule that could not run makes the whole run unsuccessful. */
function invocation({ summary }: Findings) {
  const failed = summary.skipped.filter((s) => s.because === "failed");
  return {
    executionSuccessful: failed.length === 0,
    toolExecutionNotifications: failed.map(({ rule, reason }) => ({
      level: "error",
      message: { text: reason },
      associatedRule: { id: rule },
    })),
  };
}

function result(finding: Finding, ruleIndex: number) {
  const { rule, object, severity, message, fix, fingerprint, standing, location, evidence } = finding;
  const advice = fix ? ` ${fix.description}${fix.sql ? ` ${fix.sql}` : ""}` : "";
  return {
    ruleId: rule,
    ruleIndex,
    // What nobody confirmed is for a person to look at, and has no level then.
    ...(standing === "unconfirmed"
      ? { kind: "review", level: "none" }
      : { kind: "fail", level: LEVELS[severity] }),
    message: { text: `${titled(object, message)}${advice}` },
    locations: [
      {
        ...(location ? { physicalLocation: physical(location) } : {}),
        logicalLocations: [{ fullyQualifiedName: object, kind: "resource" }],
      },
    ],
    partialFingerprints: { "ondelete/v1": fingerprint },
    ...(standing === "known" ? { baselineState: "unchanged" } : {}),
    properties: { evidence },
  };
}

const physical = ({ file, line, column }: NonNullable<Finding["location"]>) => ({
  artifactLocation: { uri: encodeURI(file) },
  region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) },
});
