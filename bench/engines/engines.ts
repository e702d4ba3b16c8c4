import type { BenchEngine } from "./bench-engine.ts";
import { mariadbBench } from "./mariadb.ts";
import { postgresBench } from "./postgres.ts";
import { sqliteBench } from "./sqlite.ts";

const engines: readonly BenchEngine[] = [sqliteBench, postgresBench, mariadbBench];

export function engineOf(name: string): BenchEngine {
  const engine = engines.find((e) => e.name === name);
  if (!engine) throw new Error(`no engine ${name}; there are ${engines.map((e) => e.name).join(", ")}`);
  return engine;
}
