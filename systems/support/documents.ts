import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env.ONDELETE_SEEDS ?? join(import.meta.dirname, "../../../shared/seeds");

/** Why the documents cannot be read here; null where they can. */
export const missing = existsSync(FOLDER)
  ? null
  : `there is no ${FOLDER}; ONDELETE_SEEDS names the folder of the documents`;

export const readDocument = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
