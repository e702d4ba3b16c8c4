import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { OnDeleteError } from "../error.ts";
import type { Config, FilesConfig } from "./config.ts";
import { faultPlace, type Loading } from "./fault-place.ts";
import { parseConfig } from "./parse-config.ts";

const FILES = ["ts", "js", "mjs", "json"].map((extension) => `ondelete.config.${extension}`);

export interface LoadedConfig {
  readonly config: Config;
  /** The file's name, null where there is none and the defaults hold. */
  readonly file: string | null;
}

/**
 * Loads the configuration of a folder: the named file, else the one `ondelete.config.*` in it, else none.
 *
 * @throws OnDeleteError `config-invalid` where the file is missing, cannot be run, or says something unknown
 */
export async function loadConfig(cwd: string, named?: string): Promise<LoadedConfig> {
  const found = FILES.filter((name) => existsSync(join(cwd, name)));
  if (named === undefined && found.length > 1) {
    throw new OnDeleteError("config-invalid", `There are several configurations here: ${found.join(", ")}.`, {
      hint: "Keep one of them, or say which with --config FILE.",
    });
  }
  const name = named ?? found[0];
  if (name === undefined) return { config: {}, file: null };
  const path = resolve(cwd, name);
  if (!existsSync(path)) {
    throw new OnDeleteError("config-invalid", `The configuration ${name} does not exist.`, {
      hint: "Check the path after --config; `ondelete init` writes a first configuration.",
    });
  }
  const config = parseConfig(await read(path), basename(path));
  return { config: fromFolder(config, dirname(path)), file: basename(path) };
}

/** Paths that are written in it are relative to the configuration's own folder, wherever it is run from. */
function fromFolder(config: Config, folder: string): Config {
  return withSources(withRoots(config, folder), folder);
}

/** Relative to where it is run from again, as findings are to name them. */
function withSources(config: Config, folder: string): Config {
  if (!config.source) return config;
  const path = (written: string) => relative("", resolve(folder, written)) || ".";
  const source = [config.source].flat().map((entry) => {
    if ("read" in entry) return entry;
    const { prisma, sql } = entry;
    return prisma === undefined ? { sql: [sql ?? []].flat().map(path) } : { prisma: path(prisma) };
  });
  return { ...config, source };
}

function withRoots(config: Config, folder: string): Config {
  if (!config.tables) return config;
  const rooted = (files: FilesConfig): FilesConfig =>
    files.root === undefined ? files : { ...files, root: resolve(folder, files.root) };
  const tables = Object.entries(config.tables).map(([id, table]) => [
    id,
    table.files ? { ...table, files: [table.files].flat().map(rooted) } : table,
  ]);
  return { ...config, tables: Object.fromEntries(tables) };
}

async function read(path: string): Promise<unknown> {
  const loading: Loading = { modules: new Set(), unresolved: [] };
  try {
    if (extname(path) === ".json") return JSON.parse(readFileSync(path, "utf8"));
    return await evaluate(path, loading);
  } catch (cause) {
    if (cause instanceof OnDeleteError) throw cause;
    throw new OnDeleteError(
      "config-invalid",
      `The configuration ${basename(path)} cannot be read: ${faultPlace(cause, loading)}${cause}`,
      { cause },
    );
  }
}

/** @param loading gets what it imports */
async function evaluate(path: string, loading: Loading): Promise<unknown> {
  if (/\.[cm]?ts$/.test(path) && !process.features.typescript) {
    throw new OnDeleteError("config-invalid", `Node ${process.versions.node} cannot run ${basename(path)}.`, {
      hint: "TypeScript needs Node 22.18 or newer. Update Node, or write the configuration as .mjs or .json.",
    });
  }
  const { href } = pathToFileURL(path);
  const format = moduleFormat(path);
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const own = specifier === "ondelete" ? OWN_INDEX : context.parentURL === href && OWN_SOURCES[specifier];
      if (own) return { url: own, shortCircuit: true };
      const found = resolved(
        () => next(specifier, context),
        { specifier, from: context.parentURL ?? "" },
        loading,
      );
      return found.url === href && format !== null ? { ...found, format } : found;
    },
  });
  try {
    const module = (await import(href)) as { readonly default?: unknown };
    if (module.default === undefined)
      throw new Error("it has no default export; write `export default { … }`");
    return module.default;
  } finally {
    hooks.deregister();
  }
}

function resolved<T extends { readonly url: string }>(
  next: () => T,
  asked: Loading["unresolved"][number],
  { modules, unresolved }: Loading,
): T {
  try {
    const found = next();
    modules.add(found.url);
    return found;
  } catch (error) {
    unresolved.push(asked);
    throw error;
  }
}

const own = (module: string) => new URL(`../${module}${extname(import.meta.url)}`, import.meta.url).href;

/** `import … from "ondelete"` in a configuration means the ondelete that reads it, also where npx brought it. */
const OWN_INDEX = own("index");

/** Of the modules for ORMs it means the source alone, which needs no ORM beside it; what it imports itself is its own affair. */
const OWN_SOURCES: Readonly<Record<string, string>> = Object.fromEntries(
  ["drizzle", "mikroorm", "prisma", "typeorm"].map((orm) => [`ondelete/${orm}`, own(`source/${orm}/${orm}`)]),
);

/**
 * What Node would find out itself, with a warning to the user, where package.json does not say it.
 *
 * @see https://nodejs.org/api/module.html#final-formats-of-load
 */
function moduleFormat(path: string): string | null {
  if (!/^\s*export\s+default\b/m.test(readFileSync(path, "utf8"))) return null;
  return path.endsWith("ts") ? "module-typescript" : "module";
}
