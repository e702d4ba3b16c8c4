import { SqliteQueryCompiler } from "own-kysely";

export const compiler = new SqliteQueryCompiler();

/** Writes values out, so that the text can be run by hand. */
class PrintingCompiler extends SqliteQueryCompiler {
  protected override appendValue(value: unknown): void {
    this.append(literal(value));
  }
}

export const printer = new PrintingCompiler();

function literal(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  if (typeof value === "string") return textLiteral(value);
  if (typeof value === "number" && !Number.isSafeInteger(value)) return realLiteral(value);
  return String(value);
}

/** A statement ends at a NUL character, so text that has one is written as its bytes. */
function textLiteral(text: string): string {
  if (text.includes("\0")) return `cast(x'${Buffer.from(text).toString("hex")}' as text)`;
  return `'${text.replaceAll("'", "''")}'`;
}

function realLiteral(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "9e999";
  if (value === Number.NEGATIVE_INFINITY) return "-9e999";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
