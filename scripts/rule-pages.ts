// Writes what the pages of docs/rules say of the rules themselves; See CONTRIBUTING.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ruleInfos } from "../src/check/rule-info.ts";
import type { RuleInfo } from "../src/model/finding.ts";

const FOLDER = join(import.meta.dirname, "../docs/rules");
const START = "<!-- from the rule: npm run rules -->";
const END = "<!-- end -->";

const CONFIDENCE = {
  certain: "certain: the catalog says so",
  data: "by rows that were looked at",
  inferred: "a guess by names, which does not count until the configuration confirms it",
} as const;

/** What the page of a rule says at its top. */
export function head({ id, title, severity, confidence, options }: RuleInfo): string {
  const named = Object.entries(options);
  const rows = named.map(([name, o]) => [`\`${name}\``, o.meaning, o.unlessGiven.toLocaleString("en-US")]);
  const example = named[0] ? `{ level: "${severity}", ${named[0][0]}: ${named[0][1].unlessGiven} }` : '"off"';
  return [
    `${title}.`,
    `**${severity}** unless told otherwise; ${CONFIDENCE[confidence]}.`,
    `\`\`\`ts\nchecks: { rules: { "${id}": ${example} } }\n\`\`\``,
    ...(rows.length > 0 ? [table([["option", "means", "unless given"], ...rows])] : []),
  ].join("\n\n");
}

/** The page with its top as the rule says it now. */
export function withHead(page: string, rule: RuleInfo): string {
  const [before, after] = [page.indexOf(START), page.indexOf(END)];
  if (before < 0 || after < before)
    throw new Error(`${rule.docs} has no place for what the rule says of itself`);
  return `${page.slice(0, before)}${START}\n\n${head(rule)}\n\n${page.slice(after)}`;
}

/** The list of all rules. */
export function index(rules: readonly RuleInfo[]): string {
  const rows = rules.map(({ id, severity, confidence, title }) => [
    `[${id}](${id}.md)`,
    severity,
    confidence,
    title,
  ]);
  const intro =
    "What `ondelete check` looks for; see [Check](../check.md). This list is written by `npm run rules`.";
  return `# Rules\n\n${intro}\n\n${table([["rule", "severity", "confidence", "finds"], ...rows])}\n`;
}

/** Cells padded as Biome pads them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((c, i) => c.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((n) => "-".repeat(n))), ...body.map(line)].join("\n");
}

if (import.meta.main) {
  const write = (name: string, text: string) => writeFileSync(join(FOLDER, name), text);
  for (const rule of ruleInfos) {
    const name = `${rule.id}.md`;
    const fresh = `# ${rule.id}\n\n${START}\n${END}\n`;
    const page = existsSync(join(FOLDER, name)) ? readFileSync(join(FOLDER, name), "utf8") : fresh;
    write(name, withHead(page, rule));
  }
  write("README.md", index(ruleInfos));
}
