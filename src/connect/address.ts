import { OnDeleteError } from "../error.ts";
import { redact } from "../std/redact.ts";

/** What an address points at. */
export type Address =
  | { readonly kind: "postgres"; readonly url: string }
  | { readonly kind: "mysql"; readonly url: string }
  | { readonly kind: "sqlite"; readonly file: string }
  /** Without a folder the database lives in memory. */
  | { readonly kind: "pglite"; readonly folder: string | null };

/**
 * Reads a database address: `postgres://…`, `mysql://…` or `mariadb://…`, `sqlite:path`, `file:path`, a path ending in .db, .sqlite or .sqlite3,
 * `pglite:path`, or `pglite:` for one in memory.
 *
 * @throws `usage` where it is none of them
 */
export function readAddress(text: string): Address {
  if (/^postgres(ql)?:\/\//i.test(text)) return { kind: "postgres", url: text };
  if (/^(mysql|mariadb):\/\//i.test(text)) return { kind: "mysql", url: text.replace(/^\w+/, "mysql") };
  const path = /^(?:sqlite|file):(.*)$/is.exec(text)?.[1] ?? (/\.(db|sqlite3?)$/i.test(text) ? text : null);
  if (path !== null && path !== "") return { kind: "sqlite", file: localPath(path) };
  const folder = /^pglite:(.*)$/is.exec(text)?.[1];
  if (folder !== undefined) return { kind: "pglite", folder: folder === "" ? null : localPath(folder) };
  throw new OnDeleteError("usage", `${redact(text)} is no database address.`, {
    hint: "Write postgres://user@host/database, mariadb://user@host/database, sqlite:path/to/file, a path ending in .db or .sqlite, or pglite:folder.",
  });
}

/** `//host` is no part of a file's address here; `//` before an absolute path is dropped. */
const localPath = (path: string): string => path.replace(/^\/\/(?=\/|\.)/, "");
