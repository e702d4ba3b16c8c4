import { threadId } from "node:worker_threads";
import mysql, { type Connection, type ConnectionOptions } from "mysql2/promise";
import { MysqlQueryCompiler } from "own-kysely";
import type { CatalogScope, Row, Transaction } from "../../../src/dialect/engine.ts";
import { readModel } from "../../../src/dialect/mysql/model.ts";
import { compile } from "../../../src/dialect/sql.ts";
import type { Model } from "../../../src/model/model.ts";
import type { Relation } from "../../../src/model/relation.ts";
import type { Table } from "../../../src/model/table.ts";

const URL_OF_SERVER = process.env.MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";

export const journal = { schema: "ondelete", prefix: "ondelete_" };

/** Every value as text, as the engine gives it. */
const TEXT: ConnectionOptions = {
  charset: "utf8mb4",
  multipleStatements: true,
  typeCast: (field) => field.string(),
};

export interface Session {
  readonly tx: Transaction;
  exec(script: string): Promise<void>;
  rows(query: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** A session of the server, of a database where one is named, as another user where one is. */
export async function connect(database?: string, user?: string): Promise<Session> {
  const url = new URL(URL_OF_SERVER);
  if (user !== undefined) Object.assign(url, { username: user, password: "" });
  if (database !== undefined) url.pathname = `/${encodeURIComponent(database)}`;
  const connection = await mysql.createConnection({ uri: url.href, ...TEXT });
  const rows = async (text: string, values: readonly unknown[] = []) =>
    (await connection.query(text, values as never))[0] as unknown as Row[];
  return {
    tx: transactionOver(connection),
    exec: async (script) => {
      await connection.query(script);
    },
    rows,
    close: () => connection.end(),
  };
}

function transactionOver(connection: Connection): Transaction {
  const compiler = new MysqlQueryCompiler();
  const send = async (statement: Parameters<Transaction["rows"]>[0]) => {
    const { text, values } = compile(statement, compiler);
    return (await connection.query(text, values as never))[0];
  };
  return {
    rows: async (statement) => (await send(statement)) as unknown as Row[],
    run: async (statement) => ((await send(statement)) as { affectedRows: number }).affectedRows,
    attempt: (work) => work(),
    snapshot: true,
    joined: false,
  };
}

let created = 0;

/** A name that no other test run uses, for a database or a user. */
export function freshName(what = ""): string {
  created += 1;
  return `ondelete_hcat_${process.pid}_${threadId}_${created}${what}`;
}

/** An empty database of one test, and a session in it. */
export async function createDatabase(
  name = freshName(),
): Promise<Session & { readonly name: string; drop(...others: string[]): Promise<void> }> {
  const admin = await connect();
  await admin.exec(`create database ${quote(name)}`);
  await admin.close();
  const session = await connect(name);
  return {
    ...session,
    name,
    drop: async (...others) => {
      // Databases that reference each other can be dropped in no order.
      const all = [name, ...others].map((each) => `drop database if exists ${quote(each)}`);
      await session.exec(`set foreign_key_checks = 0; ${all.join("; ")}`);
      await session.close();
    },
  };
}

export const quote = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

export const modelOf = (session: Pick<Session, "tx">, scope: Partial<CatalogScope> = {}): Promise<Model> =>
  readModel(session.tx, { journal, ...scope });

async function skipReason(): Promise<string | null> {
  try {
    await (await connect()).close();
    return null;
  } catch (error) {
    const { host } = new URL(URL_OF_SERVER);
    const reason = `no MariaDB or MySQL server at ${host}: ${(error as Error).message}`;
    if (process.env.ONDELETE_TEST_ALL === "1") throw new Error(reason, { cause: error });
    return reason;
  }
}

/** Why the tests of this folder cannot run here, null where they can. */
export const skip: string | null = await skipReason();

export const pick = <T extends object, K extends keyof T>(of: T, ...keys: K[]) =>
  Object.fromEntries(keys.map((key) => [key, of[key]]));

export function tableIn(model: Model, id: string): Table {
  const found = model.tables.find((table) => table.id === id);
  if (!found) throw new Error(`no table ${id} among ${model.tables.map((table) => table.id)}`);
  return found;
}

export function relationIn(model: Model, id: string): Relation {
  const found = model.relations.find((relation) => relation.id === id);
  if (!found) throw new Error(`no relation ${id} among ${model.relations.map((relation) => relation.id)}`);
  return found;
}
