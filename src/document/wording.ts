import { doneBy } from "../graph/delete-matrix.ts";
import type { DocumentedRelation } from "../model/documentation.ts";
import type { Cell } from "../model/matrix.ts";
import type { EngineInfo } from "../model/model.ts";
import { printable } from "../std/printable.ts";

const ENGINES: Readonly<Record<EngineInfo["name"], string>> = {
  postgres: "PostgreSQL",
  pglite: "PGlite",
  mysql: "MySQL",
  mariadb: "MariaDB",
  sqlite: "SQLite",
};

/** The engine and its major version: a patch of the server is no change of the document. */
export const engineOf = ({ name, version }: EngineInfo): string =>
  `${ENGINES[name]} ${/^\d+/.exec(version)?.[0] ?? version}`;

/** `1 table`, `2 tables`, `0 tables`. */
export const some = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

const HANDS = { database: "", application: " (application)", nobody: " (unenforced)" } as const;

/** Who does it, behind what is done; the database is not named, as in DDL. */
export const hand = (by: Cell["by"]): string => (by === null ? "" : HANDS[by]);

/** The action as DDL spells it, with who does it where that is not the database. */
export const onDelete = (r: DocumentedRelation): string => `${r.onDelete.toUpperCase()}${hand(doneBy(r))}`;

const WORD = /^[\p{L}\p{N}_.$-]+$/u;

/** A name in a tree or diagram of text: in double quotes where it is more than a word. */
export function textName(text: string): string {
  const shown = printable(text);
  return WORD.test(shown) ? shown : JSON.stringify(shown);
}
