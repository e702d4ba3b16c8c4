import { resolve } from "node:path";
import { unreachable } from "../error.ts";
import { localDirectory } from "../files/local-directory.ts";
import type { AttemptsPolicy } from "../model/attempts.ts";
import type { FileColumn, FileStore } from "../model/file-store.ts";
import { defaultPolicy, type Policy, type TablePolicy } from "../model/policy.ts";
import { relationId } from "../model/relation.ts";
import { parseAge, type Retention } from "../model/retention.ts";
import type { AttemptsConfig, Config, FilesConfig, RetentionConfig, TableConfig } from "./config.ts";

/** The policy that a configuration states, with the defaults for what it leaves out. */
export function resolvePolicy(config: Config): Policy {
  const stores = new Map<string, FileStore>();
  const relations = config.relations ?? [];
  return {
    relations: relations.flatMap(({ external, onDelete, ...entry }) =>
      external || !onDelete
        ? []
        : [{ ...entry, onDelete, enforcedBy: entry.enforcedBy ?? ("application" as const) }],
    ),
    external: relations.flatMap(({ external, parent, parentColumns, ...r }, position) =>
      external ? [{ id: relationId({ ...r, parent, parentColumns }), parent, parentColumns, position }] : [],
    ),
    tables: Object.fromEntries(
      Object.entries(config.tables ?? {}).map(([id, t]) => [id, resolveTable(id, t, stores)]),
    ),
    hooks: config.hooks ?? {},
    keepArchives: config.archive ? parseAge(config.archive.keep) : null,
    limits: { ...defaultPolicy.limits, ...config.limits },
    journal: resolveJournal(config.journal),
    protected: config.protected ?? defaultPolicy.protected,
  };
}

function resolveTable(
  id: string,
  { softDelete, retention, files, attempts, ...rest }: TableConfig,
  stores: Map<string, FileStore>,
): TablePolicy {
  const marker = typeof softDelete === "string" ? { column: softDelete } : softDelete;
  const retentions = [retention ?? []].flat();
  return {
    ...rest,
    ...(marker ? { softDelete: marker } : {}),
    ...(attempts ? { attempts: resolveAttempts(attempts) } : {}),
    ...(files ? { files: [files].flat().map((f) => resolveFiles(f, stores)) } : {}),
    ...(retentions.length > 0
      ? { retention: retentions.map((r) => resolveRetention(r, { name: id, column: marker?.column ?? "" })) }
      : {}),
  };
}

const resolveAttempts = ({ logs, ...given }: AttemptsConfig): AttemptsPolicy => ({
  errors: [],
  retry: null,
  ...given,
  logs: logs ? ("file" in logs ? { kind: "file", column: logs.file } : { kind: "rows", ...logs }) : null,
});

/** Columns with one root have one store: a file stays while a row names it by any of them. */
function resolveFiles({ column, root, store }: FilesConfig, stores: Map<string, FileStore>): FileColumn {
  if (store) return { column, store };
  const folder = resolve(root ?? unreachable("a root or a store was checked"));
  const local = stores.get(folder) ?? localDirectory(folder);
  stores.set(folder, local);
  return { column, store: local };
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
