import type { CompiledQuery } from "own-kysely";
import type { KyselyLike } from "../dialect/kysely-like.ts";

/** What is used of a Prisma client, or of the one that an interactive transaction has. @see https://www.prisma.io/docs/orm/reference/prisma-client-reference */
export interface PrismaLike {
  $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>;
  $executeRawUnsafe(text: string, ...values: unknown[]): Promise<number>;
  /** Of a transaction's client only where Prisma can nest them. */
  readonly $transaction?: <T>(work: (tx: PrismaLike) => Promise<T>, options: object) => Promise<T>;
  /** `postgresql`, `mysql`, …, as the schema's data source says. */
  readonly _activeProvider?: string;
  /** `7.10.0`, … */
  readonly _clientVersion?: string;
}

/** What Prisma 7 keeps of the transaction that a client belongs to. */
const SCOPE = Symbol.for("prisma.client.transaction.scope_context");

type Scoped = PrismaLike & { readonly [SCOPE]?: unknown };

/** What a driver adapter of Prisma's puts on an error of the server. */
interface AdapterError {
  readonly originalCode?: string;
  readonly originalMessage?: string;
}

/** Prisma's own limits are for requests; what is locked for how long is ondelete's to say. */
const LIMITS = { maxWait: 60_000, timeout: 2_147_483_647 };

/** A Prisma client, spoken to as a Kysely that has no plugins. */
export function prismaAsKysely(prisma: PrismaLike): KyselyLike {
  const isTransaction = !prisma.$transaction || (prisma as Scoped)[SCOPE] !== undefined;
  const own: KyselyLike = {
    isTransaction,
    withoutPlugins: () => own,
    executeQuery: (query) => sent(prisma, query),
    connection: () => ({
      execute: async (work) => {
        if (!prisma.$transaction) return work(own);
        return prisma.$transaction(async (tx) => {
          // A connection of one's own is to be had with a transaction only, which is ended before there is anything in it.
          await tx.$executeRawUnsafe("commit");
          return work({ ...prismaAsKysely(tx), isTransaction: false });
        }, LIMITS);
      },
    }),
  };
  return own;
}

async function sent(prisma: PrismaLike, { sql, parameters }: CompiledQuery) {
  try {
    if (changes(sql)) {
      const changed = await prisma.$executeRawUnsafe(sql, ...parameters);
      return { rows: [], numAffectedRows: BigInt(changed) };
    }
    const rows = (await prisma.$queryRawUnsafe(sql, ...parameters)) as readonly object[];
    return { rows: rows.map(withoutDecimals), numAffectedRows: BigInt(rows.length) };
  } catch (error) {
    throw ofServer(error);
  }
}

/** Whether Prisma has to be asked for the number of rows that a statement changes: it gives that, or rows. */
function changes(text: string): boolean {
  const outside = withoutParentheses(text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, "x"));
  const [verb = ""] =
    /\b(?:select|insert|update|delete|replace|show|values|explain|table)\b/i.exec(outside) ?? [];
  return !/^(?:select|show|values|explain|table)$/i.test(verb) && !/\breturning\b/i.test(outside);
}

function withoutParentheses(text: string): string {
  const inner = text.replace(/\([^()]*\)/g, " ");
  return inner === text ? text : withoutParentheses(inner);
}

function withoutDecimals(row: object): object {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value?.toFixed === "function" && typeof value === "object" ? value.toFixed() : value,
  ]);
  return Object.fromEntries(entries);
}

/** The error that the server sent, where Prisma tells it. */
function ofServer(error: unknown): unknown {
  const meta = (error as { meta?: { driverAdapterError?: { cause?: AdapterError } } }).meta;
  const { originalCode, originalMessage } = meta?.driverAdapterError?.cause ?? {};
  if (originalCode === undefined) return error;
  const number = Number(originalCode);
  return Object.assign(new Error(originalMessage, { cause: error }), {
    code: originalCode,
    ...(Number.isInteger(number) ? { errno: number } : {}),
  });
}
