import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { open } from "../../src/index.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { build, INT, PK, type Schema } from "../support/story.ts";
import type { CrashEngine } from "./crash-engine.ts";

export interface FilesJob {
  readonly verb: "delete" | "restore";
  /** The operation to be taken back; empty for a delete. */
  readonly operation: string;
}

/** Before or after which call of the store a process is killed. */
export interface FilesPoint {
  readonly n: number;
  readonly way: "before" | "after";
}

/** So many files go with the folder that is deleted; each is checked, or looked for, and then moved. */
export const FILES = 13;
const OTHERS = 2;

const pathOf = (i: number): string => (i % 2 === 0 ? `${i}.txt` : `deep/er/${i}.txt`);

const PATHS = Array.from({ length: FILES + OTHERS }, (_, i) => pathOf(i));

const SCHEMA: Schema = {
  tables: { folder: { id: PK }, upload: { id: PK, folder: INT, path: "varchar(50)" } },
  fks: ["upload(folder) -> folder(id) on delete cascade"],
  rows: { folder: [[1], [2]], upload: PATHS.map((path, i) => [i, i < FILES ? 1 : 2, path]) },
};

/** A database whose rows have files, and what brings it from one state into the other. */
export interface FilesRound {
  readonly on: CrashEngine;
  readonly db: TestDatabase;
  readonly root: string;
}

export async function startFilesRound(on: CrashEngine, variant: Variant): Promise<FilesRound> {
  const db = await variant.create();
  await build(db, variant, SCHEMA, plain);
  const root = mkdtempSync(join(tmpdir(), "ondelete-files-"));
  mkdirSync(join(root, "deep", "er"), { recursive: true });
  for (const path of PATHS) writeFileSync(join(root, path), path);
  return { on, db, root };
}

/** Brings rows and files to where the verb starts. */
export async function readyForFiles(round: FilesRound, verb: FilesJob["verb"]): Promise<FilesJob> {
  const { db, root } = round;
  const ondelete = await open(db.handle, configOf(root));
  const { operations } = await ondelete.status();
  const done = operations.find((o) => o.state === "done")?.operation;
  if (verb === "delete") {
    if (done !== undefined) await ondelete.restore(done);
    return { verb, operation: "" };
  }
  if (done !== undefined) return { verb, operation: done };
  const outcome = await ondelete.delete({ table: "folder", select: { kind: "key", values: ["1"] } });
  return { verb, operation: outcome.operation ?? "" };
}

const configOf = (root: string) => ({ tables: { upload: { files: { column: "path", root } } } });

const CHILD = join(import.meta.dirname, "files-child.ts");

/** Runs the job in a process that is killed at the point; how many calls it made where it was not. */
export function killAt({ db, root }: FilesRound, job: FilesJob, point: FilesPoint): number | "killed" {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [CHILD, db.url, root, JSON.stringify(job), JSON.stringify(point)],
    { encoding: "utf8" },
  );
  if (signal === "SIGKILL") return "killed";
  if (status !== 0) throw new Error(`the child ended with ${status}: ${stderr}`);
  return Number(stdout);
}

/**
 * Delivers what is left, once, and compares: each row that is there has its file in its place, each that is not has it
 * set aside, and every file is there once, with what it held.
 * @returns whether the rows are deleted
 */
export async function agreeAfterwards(round: FilesRound): Promise<boolean> {
  const { on, db, root } = round;
  await on.leftBehind(db);
  const delivery = await (await open(db.handle, configOf(root))).deliver();
  if (delivery.pending !== 0 || delivery.missing !== 0) throw new Error(JSON.stringify(delivery));
  const rows = await db.rows("select path from upload order by id");
  const there = new Set(rows.map((row) => row.path));
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const found = files.map((e) => {
    const inside = join(e.parentPath, e.name).slice(root.length + 1);
    const aside = inside.startsWith(".ondelete/");
    const path = aside ? inside.split("/").slice(2).join("/") : inside;
    if (readFileSync(join(root, inside), "utf8") !== path) throw new Error(`${inside} holds something else`);
    return `${path} ${aside ? "aside" : "in place"}`;
  });
  const expected = PATHS.map((path) => `${path} ${there.has(path) ? "in place" : "aside"}`);
  if (!isDeepStrictEqual(found.sort(), expected.sort()))
    throw new Error(`rows and files disagree: ${JSON.stringify({ found, expected })}`);
  if (there.size !== PATHS.length && there.size !== OTHERS) throw new Error(`${there.size} rows are left`);
  return there.size === OTHERS;
}
