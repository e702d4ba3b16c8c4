import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const GENERATOR = /generator client \{[^}]*\}/;
const CLIENT = `generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["prismaSchemaFolder", "multiSchema", "views"]
}`;

/** A schema of Prisma 7 as one of Prisma 6: the other generator, addresses in the datasource, no conditions of indexes. */
export const asPrisma6 = (text: string): string =>
  text
    .replace(GENERATOR, CLIENT)
    .replace(/\/\/ Prisma 7.*\n(?=datasource)/, "")
    .replace(
      /(?<=datasource db \{\n)/,
      '  url       = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n',
    )
    .replace(/.*\bwhere:.*\n/g, "");

/** The schema files of a folder as Prisma 6 has them, with the migration that it makes below the same folder. */
export async function writePrisma6(from: string, to: string): Promise<void> {
  await mkdir(join(to, "migrations", "1_init"), { recursive: true });
  for (const name of await readdir(from)) {
    if (!name.endsWith(".prisma")) continue;
    await writeFile(join(to, name), asPrisma6(await readFile(join(from, name), "utf8")));
  }
  await writeFile(join(to, "migrations", "1_init", "migration.sql"), await prisma6Sql(from));
}

/**
 * What `prisma migrate diff --from-empty` of Prisma 6.19 writes for these files, made by its own engine; that has no
 * MySQL, for which the SQL of Prisma 7 is written by hand in a form that both have.
 */
export const prisma6Sql = (folder: string): Promise<string> =>
  readFile(join(folder, folder.endsWith("mysql") ? "migration.sql" : "prisma-6.sql"), "utf8");
