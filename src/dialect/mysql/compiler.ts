import { MysqlQueryCompiler } from "own-kysely";
import { compile, type Sql, type Statement } from "../sql.ts";

/** Writes parameters into the statement, for people to read and run. */
class PrintingCompiler extends MysqlQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    this.append(literal(parameter));
  }
}

function literal(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  if (typeof value === "string") return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  return String(value);
}

export const compileStatement = (fragment: Sql): Statement => compile(fragment, new MysqlQueryCompiler());

export const printStatement = (fragment: Sql): string => compile(fragment, new PrintingCompiler()).text;
