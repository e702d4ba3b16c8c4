import type { Token } from "./tokens.ts";

/** Reads the tokens of SQL text from left to right. */
export class TokenCursor {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #failure: (at: number) => Error;
  #at = 0;

  /** @param failure what is thrown where another token was expected, given the position in the source */
  constructor(source: string, tokens: readonly Token[], failure: (at: number) => Error) {
    this.#source = source;
    this.#tokens = tokens;
    this.#failure = failure;
  }

  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  next(): Token {
    const token = this.peek();
    if (!token) throw this.unexpected();
    this.#at++;
    return token;
  }

  /** Whether the next tokens are these keywords. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, i) => {
      const token = this.peek(i);
      return token?.kind === "word" && token.value.toLowerCase() === word;
    });
  }

  /** Takes these keywords where they come next, all or none. */
  takes(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#at += words.length;
    return true;
  }

  expect(word: string): void {
    if (!this.takes(word)) throw this.unexpected();
  }

  seesSign(sign: string): boolean {
    const token = this.peek();
    return token?.kind === "sign" && token.value === sign;
  }

  takesSign(sign: string): boolean {
    if (!this.seesSign(sign)) return false;
    this.#at++;
    return true;
  }

  expectSign(sign: string): void {
    if (!this.takesSign(sign)) throw this.unexpected();
  }

  /** A name in any way of quoting, or without quotes. */
  name(): string {
    const token = this.next();
    if (token.kind === "word" || token.kind === "name" || token.kind === "string") return token.value;
    this.#at--;
    throw this.unexpected();
  }

  /** `( a, b )` as names. */
  names(): readonly string[] {
    this.expectSign("(");
    const names = [this.name()];
    while (this.takesSign(",")) names.push(this.name());
    this.expectSign(")");
    return names;
  }

  /** What stands between balanced parentheses, as written, from its first token to its last. */
  parenthesised(): string {
    this.expectSign("(");
    const text = this.until(() => this.seesSign(")"));
    this.expectSign(")");
    return text;
  }

  /** The text up to a place outside all parentheses where `stop` holds or the tokens end; without comments around it. */
  until(stop: () => boolean): string {
    const first = this.peek();
    let last: Token | undefined;
    let depth = 0;
    while (this.peek() && !(depth === 0 && stop())) {
      last = this.next();
      if (last.kind === "sign" && last.value === "(") depth++;
      if (last.kind === "sign" && last.value === ")") depth--;
    }
    return first && last ? this.#source.slice(first.start, last.end) : "";
  }

  unexpected(): Error {
    return this.#failure(this.peek()?.start ?? this.#source.length);
  }
}
