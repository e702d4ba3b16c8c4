import { analysis } from "./analysis.ts";
import { references } from "./references.ts";
import { tree } from "./tree.ts";
import { wide } from "./wide.ts";
import type { Workload } from "./workload.ts";

/** The cases of the benchmark by name; those that end in `small` only show that everything runs. */
export const workloads: Readonly<Record<string, () => Workload>> = {
  A1k: () => analysis("A1k", { deleted: 1_000, total: 500_000 }),
  A10k: () => analysis("A10k", { deleted: 10_000, total: 500_000 }),
  A100k: () => analysis("A100k", { deleted: 100_000, total: 1_000_000 }),
  A1M: () => analysis("A1M", { deleted: 1_000_000, total: 5_000_000 }),
  B: () => references("B", 100_000),
  C: () => tree("C", 100_000),
  schema: () => wide("schema"),
  Asmall: () => analysis("Asmall", { deleted: 1_000, total: 10_000 }),
  Bsmall: () => references("Bsmall", 3_000),
  Csmall: () => tree("Csmall", 2_000),
};
