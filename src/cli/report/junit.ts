import type { Finding, SkippedRule } from "../../index.ts";
import type { Report } from "./report.ts";

/**
 * A test suite in which each rule that found nothing passes, and each finding is a test: one that fails, or one that was
 * passed over because it is known, a guess, or below what fails a check.
 * @see https://github.com/testmoapp/junitxml
 */
export const junit: Report = ({ findings, summary }, { fails }) => {
  const found = new Set(findings.map((f) => f.rule));
  const left = summary.skipped.filter((s) => s.because !== "not-asked");
  const clean = summary.ran.filter((rule) => !found.has(rule));
  const cases = [
    ...findings.map((f) => (fails(f) ? failed(f) : passedOver(f))),
    ...left.map(skipped),
    ...clean.map((rule) => `    <testcase classname="${xml(rule)}" name="nothing found"/>`),
  ];
  const failures = findings.filter(fails).length;
  const errors = summary.skipped.filter((s) => s.because === "failed").length;
  const passed = cases.length - failures - errors - clean.length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${passed}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ondelete check" ${counts}>`,
    `  <testsuite name="ondelete check" ${counts}>`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
};

const opening = ({ rule, object, location }: Finding): string => {
  const place = location ? ` file="${xml(location.file)}" line="${location.line}"` : "";
  return `    <testcase classname="${xml(rule)}" name="${xml(object)}"${place}>`;
};

function failed(finding: Finding): string {
  const { severity, message, fix } = finding;
  const text = [message, ...(fix ? [fix.description] : []), ...(fix?.sql ? [fix.sql] : [])].join("\n");
  return `${opening(finding)}<failure type="${severity}" message="${xml(message)}">${xml(text)}</failure></testcase>`;
}

function passedOver(finding: Finding): string {
  const why = {
    known: "in the baseline",
    unconfirmed: "a guess that nobody confirmed",
    open: finding.severity,
  };
  return `${opening(finding)}<skipped message="${xml(`${why[finding.standing]}: ${finding.message}`)}"/></testcase>`;
}

function skipped({ rule, because, reason }: SkippedRule): string {
  const element = because === "failed" ? "error" : "skipped";
  return `    <testcase classname="${xml(rule)}" name="not run"><${element} message="${xml(reason)}"/></testcase>`;
}

/** Text for an element or an attribute; characters that XML 1.0 has not are left out. */
const xml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll("\n", "&#10;");
