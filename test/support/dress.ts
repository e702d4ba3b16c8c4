/** How a story's plain names are written in the database: the same story must hold under any names. */
export interface Dress {
  readonly title: string;
  /** The namespace of the story's tables on engines that have them; null for the default one. */
  readonly namespace: string | null;
  readonly name: (plain: string) => string;
}

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const plain: Dress = { title: "plain names", namespace: null, name: (name) => name };

const KEYWORDS = ["select", "Order", "group", "where", "from", "user", "table", "Primary"];

const awkward: Dress = {
  title: "awkward names in a namespace of their own",
  namespace: 'Größe "x" y',
  name: (name) => `${KEYWORDS[name.charCodeAt(0) % KEYWORDS.length]} "${name}" it's é`,
};

const ALIASES = ["c", "p", "t", "d", "u", "s", "r", "k", "m", "o", "n", "a", "g", "h", "gone", "key", "rows"];
const COLUMNS = ["depth", "image", "ordinal", "key", "n", "found", "entry_0", "key_0", "u0"];

/** Names that ondelete's own statements use for aliases and columns of theirs. */
function aliases(): Dress {
  const given = new Map<string, string>();
  const name = (word: string): string => {
    const pool = word.length > 1 ? COLUMNS : ALIASES;
    const known = given.get(word);
    if (known !== undefined) return known;
    const taken = new Set(given.values());
    const next = pool.find((alias) => !taken.has(alias)) ?? `${word}_`;
    given.set(word, next);
    return next;
  };
  return { title: "names that are aliases in ondelete's own statements", namespace: null, name };
}

export const dresses: readonly (() => Dress)[] = [() => plain, () => awkward, aliases];
