import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as engine from "@prisma/schema-engine-wasm/schema_engine_bg";

// biome-ignore lint/suspicious/noExplicitAny: Prisma's engine, of which a single method is used
type Any = any;

let started = false;

/** Node imports WebAssembly modules only with a flag. */
async function start(): Promise<void> {
  if (started) return;
  started = true;
  const entry = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm");
  const bytes = await readFile(entry.replace(/\.js$/, "_bg.wasm"));
  const { instance } = await (globalThis as Any).WebAssembly.instantiate(bytes, {
    "./schema_engine_bg.js": engine,
  });
  engine.__wbg_set_wasm(instance.exports as Any);
  (instance.exports as Any).__wbindgen_start();
}

/** No query is needed to write the SQL for an empty database. */
function adapter(provider: string): Any {
  const nothing = { columnTypes: [], columnNames: [], rows: [] };
  const connection = {
    provider,
    adapterName: "none",
    queryRaw: async () => nothing,
    executeRaw: async () => 0,
    executeScript: async () => {},
    dispose: async () => {},
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: false }),
  };
  const connect = async () => connection;
  return bindMigrationAwareSqlAdapterFactory({
    provider,
    adapterName: "none",
    connect,
    connectToShadowDb: connect,
  } as Any);
}

const ADAPTERS: Readonly<Record<string, string>> = {
  postgresql: "postgres",
  mysql: "mysql",
  sqlite: "sqlite",
};

/**
 * The SQL that `prisma migrate diff --from-empty --to-schema` writes for the schema files of a folder. Prisma's engine
 * without a binary has no MySQL; what stands beside that schema is written by hand in the form of Prisma's migrations.
 */
export async function prismaSql(folder: string, provider: string): Promise<string> {
  if (provider === "mysql") return readFile(join(folder, "migration.sql"), "utf8");
  await start();
  const names = (await readdir(folder)).filter((name) => name.endsWith(".prisma")).toSorted();
  const files = await Promise.all(
    names.map(async (path) => ({ path, content: await readFile(join(folder, path), "utf8") })),
  );
  const made = await engine.SchemaEngine.new(
    { datamodels: files.map(({ path, content }) => [path, content]) } as Any,
    () => {},
    adapter(ADAPTERS[provider] ?? provider),
  );
  const { stdout } = await made.diff({
    from: { tag: "empty" },
    to: { tag: "schemaDatamodel", files, configDir: "." },
    script: true,
    exitCode: null,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  } as Any);
  return stdout ?? "";
}
