/** One line of SHOW GRANTS about tables. */
export interface GrantLine {
  /** Whether it takes rights away: a partial revoke of MySQL. */
  readonly revokes: boolean;
  /** In upper case, e.g. `SELECT`, `ALL PRIVILEGES`; those on some columns only are left out. */
  readonly rights: ReadonlySet<string>;
  /** The columns on which there is a right only on some, by right; names in lower case, as they are compared. */
  readonly onColumns: ReadonlyMap<string, readonly string[]>;
  readonly on:
    | { readonly kind: "server" }
    | { readonly kind: "database"; readonly pattern: string }
    | { readonly kind: "table"; readonly namespace: string; readonly name: string };
  readonly to: "account" | "role or public";
  readonly grantee: string;
}

interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

const TOKENS = /`((?:[^`]|``)*)`|"((?:[^"]|"")*)"|'((?:[^']|'')*)'|[(),.*@]|[^\s(),.*@`"']+/g;

function tokensOf(line: string): readonly Token[] {
  return [...line.matchAll(TOKENS)].map(([text, back, double, single]) => {
    if (back !== undefined) return { text: back.replaceAll("``", "`"), quoted: true };
    if (double !== undefined) return { text: double.replaceAll('""', '"'), quoted: true };
    if (single !== undefined) return { text: single.replaceAll("''", "'"), quoted: true };
    return { text, quoted: false };
  });
}

const isWord = (token: Token | undefined, ...words: readonly string[]): boolean =>
  token !== undefined && !token.quoted && words.includes(token.text.toUpperCase());

/**
 * Reads a line, quoted in any of the ways that `sql_mode` and `sql_quote_show_create` bring about. Null for a line about
 * something else than tables: a role, a proxy user, a routine.
 * @see https://mariadb.com/kb/en/show-grants/
 */
export function parseGrant(line: string): GrantLine | null {
  const tokens = tokensOf(line);
  const at = tokens.findIndex((token) => isWord(token, "ON"));
  if (at < 0 || !isWord(tokens[0], "GRANT", "REVOKE")) return null;
  const object = tokens.slice(isWord(tokens[at + 1], "TABLE") ? at + 2 : at + 1);
  const [first, dot, second] = object;
  const [to, grantee, mark, host] = object.slice(3);
  if (!first || !second || !grantee || !isWord(dot, ".") || !isWord(to, "TO", "FROM")) return null;
  return {
    revokes: isWord(tokens[0], "REVOKE"),
    ...rightsIn(tokens.slice(1, at)),
    on: objectOf(first, second),
    to: isWord(mark, "@") ? "account" : "role or public",
    grantee: isWord(mark, "@") ? `${grantee.text}@${host?.text}` : grantee.text,
  };
}

function objectOf(first: Token, second: Token): GrantLine["on"] {
  if (isWord(first, "*")) return { kind: "server" };
  if (isWord(second, "*")) return { kind: "database", pattern: first.text };
  return { kind: "table", namespace: first.text, name: second.text };
}

function rightsIn(tokens: readonly Token[]): Pick<GrantLine, "rights" | "onColumns"> {
  const rights = new Set<string>();
  const onColumns = new Map<string, readonly string[]>();
  let words: string[] = [];
  let columns: string[] | null = null;
  let inside = false;
  const end = () => {
    const right = words.join(" ").toUpperCase();
    if (columns) onColumns.set(right, columns);
    else rights.add(right);
    words = [];
    columns = null;
  };
  for (const token of tokens) {
    if (isWord(token, "(")) [inside, columns] = [true, []];
    else if (isWord(token, ")")) inside = false;
    else if (isWord(token, ",") && !inside) end();
    else if (isWord(token, ",")) continue;
    else if (inside) columns?.push(token.text.toLowerCase());
    else words.push(token.text);
  }
  end();
  return { rights, onColumns };
}
