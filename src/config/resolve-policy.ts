import { defaultPolicy, type Policy } from "../model/policy.ts";
import type { Config } from "./config.ts";

/** The policy that a configuration states, with the defaults for what it leaves out. */
export function resolvePolicy(config: Config): Policy {
  return {
    relations: (config.relations ?? []).map((entry) => ({
      ...entry,
      enforcedBy: entry.enforcedBy ?? "application",
    })),
    tables: config.tables ?? defaultPolicy.tables,
    limits: { ...defaultPolicy.limits, ...config.limits },
    journal: resolveJournal(config.journal),
    protected: config.protected ?? defaultPolicy.protected,
  };
}

/** One name serves as the schema, and with an underscore as the prefix: `"audit"` is `audit` and `audit_`. */
function resolveJournal(journal: Config["journal"]): Policy["journal"] {
  if (typeof journal !== "string") return { ...defaultPolicy.journal, ...journal };
  const schema = journal.replace(/_+$/, "");
  return {
    schema: schema === "" ? journal : schema,
    prefix: journal.endsWith("_") ? journal : `${journal}_`,
  };
}
