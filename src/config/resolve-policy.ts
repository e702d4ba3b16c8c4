import { unreachable } from "../error.ts";
import { defaultPolicy, type Policy, type TablePolicy } from "../model/policy.ts";
import { parseAge, type Retention } from "../model/retention.ts";
import type { Config, RetentionConfig, TableConfig } from "./config.ts";

/** The policy that a configuration states, with the defaults for what it leaves out. */
export function resolvePolicy(config: Config): Policy {
  return {
    relations: (config.relations ?? []).map((entry) => ({
      ...entry,
      enforcedBy: entry.enforcedBy ?? "application",
    })),
    tables: Object.fromEntries(
      Object.entries(config.tables ?? {}).map(([id, t]) => [id, resolveTable(id, t)]),
    ),
    limits: { ...defaultPolicy.limits, ...config.limits },
    journal: resolveJournal(config.journal),
    protected: config.protected ?? defaultPolicy.protected,
  };
}

function resolveTable(id: string, { softDelete, retention, ...rest }: TableConfig): TablePolicy {
  const marker = typeof softDelete === "string" ? { column: softDelete } : softDelete;
  const retentions = [retention ?? []].flat();
  return {
    ...rest,
    ...(marker ? { softDelete: marker } : {}),
    ...(retentions.length > 0
      ? { retention: retentions.map((r) => resolveRetention(r, { name: id, column: marker?.column ?? "" })) }
      : {}),
  };
}

const resolveRetention = (
  { olderThan, ...given }: RetentionConfig,
  unlessGiven: Pick<Retention, "name" | "column">,
): Retention => ({
  mode: "hard",
  where: null,
  batchRows: 1_000,
  archive: true,
  ...unlessGiven,
  ...given,
  olderThan: parseAge(olderThan) ?? unreachable(`${olderThan} was checked`),
});

/** One name serves as the schema, and with an underscore as the prefix: `"audit"` is `audit` and `audit_`. */
function resolveJournal(journal: Config["journal"]): Policy["journal"] {
  if (typeof journal !== "string") return { ...defaultPolicy.journal, ...journal };
  const schema = journal.replace(/_+$/, "");
  return {
    schema: schema === "" ? journal : schema,
    prefix: journal.endsWith("_") ? journal : `${journal}_`,
  };
}
