import { PostgresQueryCompiler } from "own-kysely";
import { compile, type Sql, type Statement } from "../sql.ts";
import { parameterText } from "./driver.ts";

/** Writes parameters into the statement, for people to read and run. */
class PrintingCompiler extends PostgresQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    this.append(literal(parameter));
  }
}

function literal(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  const text = parameterText(value as string | Uint8Array | null);
  if (text === null) return "null";
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return value instanceof Uint8Array ? `${quoted}::bytea` : quoted;
}

export const compileStatement = (fragment: Sql): Statement => compile(fragment, new PostgresQueryCompiler());

export const printStatement = (fragment: Sql): string => compile(fragment, new PrintingCompiler()).text;
