import { MysqlQueryCompiler } from "own-kysely";
import type { Model } from "../../model/model.ts";
import type { CatalogScope, Grants, Transaction } from "../engine.ts";
import { compile, id, join, raw, type Sql, sql } from "../sql.ts";
import { readSession } from "./catalog.ts";
import { journalNames } from "./journal-names.ts";
import { exactPattern, type Rights, readRights } from "./rights.ts";

/** On the whole database: what foreign keys do is not shown otherwise. REFERENCES lets nothing be changed. */
const READING = ["SELECT", "REFERENCES"];

/** INSERT for a restore. MariaDB shows triggers to who has one of the three, MySQL only to who may make them. */
const OPERATING = ["INSERT", "UPDATE", "DELETE"];

const MIGRATING = ["ALTER", "CREATE", "DROP", "INDEX", "TRIGGER"];

/**
 * The GRANT statements that let the connected account read, operate and migrate the tables of a model.
 * @see https://mariadb.com/kb/en/grant/
 */
export async function grants(
  tx: Transaction,
  model: Model,
  journal: CatalogScope["journal"],
): Promise<Grants> {
  const { namespace, account } = await readSession(tx);
  const rights = readRights(await tx.rows(raw("show grants")));
  const to = accountName(account);
  const namespaces = [...new Set([namespace, ...model.tables.map((t) => t.namespace)])].sort();
  const onEach = (names: readonly string[], onConnected: readonly string[] = []): readonly Sql[] =>
    namespaces.map((each) => {
      const wanted = each === namespace ? [...names, ...onConnected] : names;
      const { pattern, keep } = databaseGrant(rights, each);
      return sql`grant ${words([...wanted, ...keep])} on ${id(pattern)}.* to ${to}`;
    });
  // Keys of planned rows are kept in temporary tables where the relations form a cycle.
  const reading = onEach(READING, ["CREATE TEMPORARY TABLES"]);
  const own = journalNames(journal).map((name) => sql`grant create on ${id(namespace, name)} to ${to}`);
  const operating = [...reading, ...onEach(OPERATING), ...own];
  const migrating = [...operating, ...onEach(MIGRATING)];
  const print = (statements: readonly Sql[]) =>
    statements.map((s) => compile(s, new MysqlQueryCompiler()).text);
  return { reading: print(reading), operating: print(operating), migrating: print(migrating) };
}

/** `user@host` as a name; a user may hold the sign, a host does not. */
function accountName(account: string): Sql {
  const at = account.lastIndexOf("@");
  return sql`${id(account.slice(0, at))}@${id(account.slice(at + 1))}`;
}

const words = (rights: readonly string[]): Sql =>
  join(
    [...new Set(rights)].map((right) => raw(right.toLowerCase())),
    ", ",
  );

/**
 * The name to grant on, and the rights to repeat: of several names that mean a database only the most specific counts,
 * so that a grant on a new one would take away what the account had by another.
 */
function databaseGrant(
  rights: Rights,
  namespace: string,
): { readonly pattern: string; readonly keep: readonly string[] } {
  const exact = exactPattern(namespace);
  const held = rights.decidingGrant(namespace);
  if (held?.pattern === namespace) return { pattern: namespace, keep: [] };
  return { pattern: exact, keep: held && held.pattern !== exact ? [...held.rights] : [] };
}
