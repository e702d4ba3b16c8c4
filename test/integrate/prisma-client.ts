import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { PrismaClient as MysqlClient } from "./prisma/mysql/client/client.ts";
import { PrismaClient } from "./prisma/postgresql/client/client.ts";

/**
 * A client on a test's database. The clients are made by `prisma generate` of Prisma 7.10, whose package is not
 * installed here because it fetches a binary.
 */
export function prismaOn({ engine }: Variant, { url }: TestDatabase): PrismaClient {
  if (engine === "postgres") return new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
  const adapter = new PrismaMariaDb(url.replace(/^mysql/, "mariadb"));
  return new MysqlClient({ adapter }) as object as PrismaClient;
}

export const PRISMA_DRIVERS = {
  engines: ["postgres", "mariadb"],
  because: "Prisma's adapters for it open a database that nothing else can share",
} as const;
