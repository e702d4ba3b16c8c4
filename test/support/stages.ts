import { afterAll, describe } from "vitest";
import { type TestDatabase, type Variant, variants } from "./databases.ts";

/** Gives an empty database; the one it gave before is emptied or dropped. */
export type Fresh = () => Promise<TestDatabase>;

/** Runs a suite for each engine variant, or those of one engine; the reason names what keeps the others out. */
export function eachVariant(
  suite: (variant: Variant, fresh: Fresh) => void,
  only: { readonly engines: readonly Variant["engine"][]; readonly because: string } | null = null,
): void {
  for (const variant of variants) {
    const excluded = only && !only.engines.includes(variant.engine) ? only.because : variant.skip;
    describe.skipIf(excluded !== null)(
      excluded === null ? variant.name : `${variant.name} (left out: ${excluded})`,
      () => {
        let db: TestDatabase | undefined;
        const fresh = async () => {
          if (db && variant.engine === "postgres") await emptySchemas(db);
          else if (db && variant.engine === "mariadb") await emptyTables(db);
          else {
            await db?.drop();
            db = await variant.create();
          }
          return db;
        };
        suite(variant, fresh);
        afterAll(() => db?.drop());
      },
    );
  }
}

async function emptySchemas(db: TestDatabase): Promise<void> {
  const schemas = await db.rows(
    "select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
  );
  const publications = await db.rows("select quote_ident(pubname) as name from pg_publication");
  await db.exec(
    [
      ...publications.map(({ name }) => `drop publication ${name}`),
      ...schemas.map(({ name }) => `drop schema ${name} cascade`),
      "create schema public",
    ].join(";"),
  );
}

/** Under one name, because the database is the namespace of its tables. Triggers go with their tables. */
async function emptyTables(db: TestDatabase): Promise<void> {
  const named =
    await db.rows(`select concat(case table_type when 'VIEW' then 'view' when 'SEQUENCE' then 'sequence' else 'table' end,
      ' "', replace(table_name, '"', '""'), '"') as name from information_schema.tables where table_schema = database()
    union all select concat(lower(routine_type), ' "', routine_name, '"') from information_schema.routines where routine_schema = database()`);
  const drops = named.map(({ name }) => `drop ${name}`);
  await db.exec(["set foreign_key_checks = 0", ...drops, "set foreign_key_checks = 1"].join(";"));
}
