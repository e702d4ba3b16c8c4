import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const seeds = process.env.ONDELETE_SEEDS ?? resolve(import.meta.dirname, "../../../../shared/seeds");

const file = join(seeds, "004_5223187acb4e7eeb.txt");

/** The document, which is no part of the repository; null where it is not at hand. */
export const DOCUMENT: string | null = existsSync(file) ? readFileSync(file, "utf8") : null;
