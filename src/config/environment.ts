import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { OnDeleteError } from "../error.ts";

/** Where the address of the database may be written, in the order in which it is looked for. */
export interface UrlSources {
  /** What `--url` says. */
  readonly flag?: string | undefined;
  /** The variables of the process; a `.env` file in `cwd` adds those that are not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** `url` of the configuration. */
  readonly config?: string | undefined;
}

/**
 * The address of the database: `--url`, else ONDELETE_URL, else DATABASE_URL, else the configuration. A `.env` is read
 * without touching the variables of the process.
 *
 * @throws OnDeleteError `usage` where none of the four is set
 */
export function databaseUrl(sources: UrlSources): string {
  if (sources.flag) return sources.flag;
  const file = dotEnv(sources.cwd);
  const variable = (name: string) => sources.env[name] || file[name];
  const url = variable("ONDELETE_URL") || variable("DATABASE_URL") || sources.config;
  if (url) return url;
  throw new OnDeleteError("usage", "No database is named.", {
    hint: "Give --url, or set ONDELETE_URL or DATABASE_URL (a .env file is read), or write `url` in ondelete.config.ts.",
  });
}

function dotEnv(cwd: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(join(cwd, ".env"), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return {};
    const why = (cause as Error).message;
    throw new OnDeleteError("config-invalid", `The file .env cannot be read: ${why}`, { cause });
  }
}
