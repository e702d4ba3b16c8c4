import type { TokenCursor } from "../../token-cursor.ts";
import type { DeclaredCheck, DeclaredColumn, DeclaredForeignKey, DeclaredKey } from "./declared.ts";

/** A table that is being read. */
export interface Draft {
  readonly cursor: TokenCursor;
  readonly columns: DeclaredColumn[];
  readonly checks: DeclaredCheck[];
  readonly foreignKeys: DeclaredForeignKey[];
  readonly keys: DeclaredKey[];
}

/** `CONSTRAINT name`, of which SQLite allows several in a row and none to follow; the last name counts. */
export function constraintName(cursor: TokenCursor): string | null {
  let name: string | null = null;
  while (cursor.takes("constraint")) name = cursor.name();
  return name;
}

/** `ON CONFLICT …` in lower case; null where it is not there. */
export function conflictClause(cursor: TokenCursor): string | null {
  return cursor.takes("on", "conflict") ? cursor.next().value.toLowerCase() : null;
}

/** What follows the referencing columns of a foreign key, from REFERENCES on. */
export function foreignKey(
  cursor: TokenCursor,
  name: string | null,
  columns: readonly string[],
): DeclaredForeignKey {
  cursor.expect("references");
  const parent = cursor.name();
  const parentColumns = cursor.seesSign("(") ? cursor.names() : [];
  let onDelete = "no action";
  let onUpdate = "no action";
  let match: string | null = null;
  for (;;) {
    if (cursor.takes("on", "delete")) onDelete = action(cursor);
    else if (cursor.takes("on", "update")) onUpdate = action(cursor);
    else if (cursor.takes("on", "insert")) action(cursor);
    else if (cursor.takes("match")) match = cursor.name().toLowerCase();
    else break;
  }
  const deferral = seesDeferral(cursor) ? takeDeferral(cursor) : IMMEDIATE;
  return { name, columns, parent, parentColumns, onDelete, onUpdate, match, ...deferral };
}

function action(cursor: TokenCursor): string {
  const first = cursor.next().value.toLowerCase();
  return first === "set" || first === "no" ? `${first} ${cursor.next().value.toLowerCase()}` : first;
}

type Deferral = Pick<DeclaredForeignKey, "deferrable" | "initiallyDeferred">;

const IMMEDIATE: Deferral = { deferrable: false, initiallyDeferred: false };

export function seesDeferral(cursor: TokenCursor): boolean {
  return cursor.sees("deferrable") || cursor.sees("not", "deferrable");
}

/** NOT DEFERRABLE INITIALLY DEFERRED is immediate: https://www.sqlite.org/foreignkeys.html section 4.2 */
export function takeDeferral(cursor: TokenCursor): Deferral {
  const deferrable = !cursor.takes("not");
  cursor.expect("deferrable");
  const deferred = cursor.takes("initially", "deferred");
  if (!deferred) cursor.takes("initially", "immediate");
  return { deferrable, initiallyDeferred: deferrable && deferred };
}
