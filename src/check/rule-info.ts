import type { RuleInfo } from "../model/finding.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

export const docsOf = (rule: string): string => `docs/rules/${rule}.md`;

const infoOf = ({ id, severity, confidence, title, options = {} }: Rule): RuleInfo => ({
  id,
  severity,
  confidence,
  title,
  docs: docsOf(id),
  options,
});

/** The rules of `check`, in the order of their pages. */
export const ruleInfos: readonly RuleInfo[] = rules.map(infoOf);
