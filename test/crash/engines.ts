import { type Variant, variants } from "../support/databases.ts";
import type { CrashEngine } from "./crash-engine.ts";
import { mariadbCrash } from "./mariadb.ts";
import { postgresCrash } from "./postgres.ts";
import { sqliteCrash } from "./sqlite.ts";

export const crashEngines: readonly CrashEngine[] = [sqliteCrash, postgresCrash, mariadbCrash];

export function variantOf(on: CrashEngine): Variant {
  const variant = variants.find((v) => v.engine === on.engine);
  if (!variant) throw new Error(`tests know no engine ${on.engine}`);
  return variant;
}
