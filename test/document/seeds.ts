import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = process.env.ONDELETE_SEEDS ?? join(import.meta.dirname, "../../../shared/seeds");

/** Why the teams' documents cannot be read here, null where they can. */
export const skipReason: string | null = existsSync(FOLDER)
  ? null
  : `there is no ${FOLDER}; ONDELETE_SEEDS names the folder of the documents`;

export const seed = (file: string): string => readFileSync(join(FOLDER, file), "utf8");
