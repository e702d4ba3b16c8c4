import { batchesArchived, batchesWithout } from "./batched.ts";
import { collect } from "./collect.ts";
import { drizzleLoop } from "./drizzle.ts";
import { native } from "./native.ts";
import {
  deleteAndRestore,
  deleteWithDigest,
  deleteWithout,
  inspect,
  planCounts,
  planKeys,
} from "./ondelete.ts";
import { sequelizeHooks } from "./sequelize.ts";
import type { Side } from "./side.ts";
import { softDelete, softUpdates } from "./soft.ts";
import { typeormRemove } from "./typeorm.ts";

export const sides: Readonly<Record<string, Side>> = {
  native,
  planCounts,
  planKeys,
  deleteWithout,
  deleteWithDigest,
  deleteAndRestore,
  batchesWithout,
  batchesArchived,
  softUpdates,
  softDelete,
  inspect,
  collect,
  drizzleLoop,
  typeormRemove,
  sequelizeHooks,
};

const OURS = ["planCounts", "planKeys", "deleteWithout", "deleteWithDigest", "deleteAndRestore"];
const BATCHED = ["batchesWithout", "batchesArchived"];
const SOFT = ["softUpdates", "softDelete"];
const THEIRS = ["collect", "drizzleLoop", "typeormRemove", "sequelizeHooks"];

/** The sides of a case, the native one first. What others do is slow, and is done where that is bearable. */
export function sidesOf(name: string): readonly string[] {
  if (name === "schema") return ["native", "inspect", "planCounts"];
  const compared = name === "Asmall" || name === "A10k" || name === "A100k";
  return ["native", ...OURS, ...BATCHED, ...(name === "A100k" ? SOFT : []), ...(compared ? THEIRS : [])];
}

/** Sides that only read, and so can share a copy. */
export const READING: readonly string[] = ["planCounts", "planKeys", "inspect", "collect"];
