const ESCAPED: Readonly<Record<string, string>> = { "0": "\0", n: "\n", r: "\r", Z: "\x1a" };

/** Text in which a letter after a backslash stands for itself or a control character. */
export const unescaped = (text: string): string =>
  text.replace(/\\([\s\S])/g, (_, letter: string) => ESCAPED[letter] ?? letter);

/**
 * An expression of the catalog as SQL. MySQL prints the whole of it escaped once more (`_utf8mb4\'x\'`). Quotes within
 * texts, which both write `\'`, are doubled, so that whoever looks for names in it knows where a text ends.
 * @see https://github.com/rails/rails/pull/42429
 */
export function expressionOf(printed: string, mariadb: boolean): string {
  const text = mariadb ? printed : unescaped(printed);
  return text.replace(/`(?:[^`]|``)*`|'(?:[^'\\]|''|\\[\s\S])*'/g, (token) =>
    token.startsWith("`") ? token : token.replace(/\\[\s\S]/g, (pair) => (pair === "\\'" ? "''" : pair)),
  );
}
