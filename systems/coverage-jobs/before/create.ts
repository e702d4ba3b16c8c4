import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The database as the document lists it, with the orphans that its missing keys let in. */
export function createBefore(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(readFileSync(join(import.meta.dirname, "database.sql"), "utf8"));
  database.close();
}
