import type { Row } from "../engine.ts";
import { parseGrant } from "./show-grants.ts";

/** A grant on the databases that a pattern means. */
interface DatabaseGrant {
  readonly pattern: string;
  readonly rights: ReadonlySet<string>;
}

/** What the connected account and its active roles may do. */
export interface Rights {
  onServer(right: string): boolean;
  /** Whether there is any right on the whole database: one alone shows all of its tables. */
  onDatabase(namespace: string): boolean;
  /** Whether there is the right on the whole table; one on some columns only counts as none. */
  onTable(table: { readonly namespace: string; readonly name: string }, right: string): boolean;
  /** The columns of a table on which alone there is the right, names in lower case. */
  columnsOf(table: { readonly namespace: string; readonly name: string }, right: string): readonly string[];
  /** Of the account's own grants on databases the one that alone counts for this database; null where there is none. */
  decidingGrant(namespace: string): DatabaseGrant | null;
}

/**
 * Reads the rows of SHOW GRANTS: the account's rights, those of PUBLIC, and those of active roles and the roles they
 * hold. A table's rights that were granted to the same user at another host count for the server and are not shown.
 * @see https://mariadb.com/kb/en/show-grants/
 */
export function readRights(rows: readonly Row[]): Rights {
  const lines = rows.flatMap((row) => parseGrant(Object.values(row)[0] ?? "") ?? []);
  const granted = lines.filter((line) => !line.revokes);
  const byGrantee = [...Map.groupBy(granted, (line) => line.grantee).values()].map((own) => ({
    toAccount: own[0]?.to === "account",
    databases: own.flatMap(({ on, rights }) =>
      on.kind === "database" ? { pattern: on.pattern, rights } : [],
    ),
  }));
  const decidingOf = (databases: readonly DatabaseGrant[], namespace: string) =>
    databases.find(({ pattern }) => matches(pattern, namespace));
  const onServer = (right: string) =>
    granted.some(({ on, rights }) => on.kind === "server" && holds(rights, right));
  const isRevoked = (namespace: string, right: string) =>
    lines.some(
      ({ revokes, on, rights }) =>
        revokes && on.kind === "database" && on.pattern === namespace && holds(rights, right),
    );
  const anyOnDatabase: Rights["onDatabase"] = (namespace) =>
    granted.some(({ on, rights }) => on.kind === "server" && isAny(rights)) ||
    byGrantee.some(({ databases }) => isAny(decidingOf(databases, namespace)?.rights));
  const onDatabase = (namespace: string, right: string) =>
    (onServer(right) && !isRevoked(namespace, right)) ||
    byGrantee.some(({ databases }) => holds(decidingOf(databases, namespace)?.rights, right));
  const onTable: Rights["onTable"] = ({ namespace, name }, right) =>
    onDatabase(namespace, right) ||
    granted.some(
      ({ on, rights }) =>
        on.kind === "table" && on.namespace === namespace && on.name === name && holds(rights, right),
    );
  const account = byGrantee.find(({ toAccount }) => toAccount)?.databases ?? [];
  return {
    onServer,
    onDatabase: anyOnDatabase,
    onTable,
    columnsOf: ({ namespace, name }, right) =>
      granted.flatMap(({ on, onColumns }) =>
        on.kind === "table" && on.namespace === namespace && on.name === name
          ? (onColumns.get(right) ?? [])
          : [],
      ),
    decidingGrant: (namespace) => decidingOf(account, namespace) ?? null,
  };
}

/** USAGE is the word for no right at all. */
const isAny = (rights: ReadonlySet<string> | undefined): boolean =>
  [...(rights ?? [])].some((right) => right !== "USAGE");

const holds = (rights: ReadonlySet<string> | undefined, right: string): boolean =>
  rights !== undefined && (rights.has(right) || rights.has("ALL PRIVILEGES"));

/**
 * Whether a database is meant by the name in a grant, in which `_` and `%` stand for others unless escaped. Of several
 * grants that mean it the server takes the most specific alone, which SHOW GRANTS prints first (measured on 10.11).
 * @see https://mariadb.com/kb/en/grant/#database-privileges
 */
function matches(pattern: string, namespace: string): boolean {
  const source = pattern.replace(/\\?[\s\S]/gu, (part) => {
    if (part === "%") return ".*";
    if (part === "_") return ".";
    const letter = part.length > 1 && part.startsWith("\\") ? part.slice(1) : part;
    return letter.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
  });
  return new RegExp(`^${source}$`, "su").test(namespace);
}

/** A database's name in a grant, standing for itself alone. */
export const exactPattern = (namespace: string): string => namespace.replace(/[_%\\]/g, "\\$&");
