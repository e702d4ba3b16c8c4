import type { Proof, Verification } from "../../src/index.ts";

/** A proof in one line: `native users ← posts(user_id): declared deleted, seen kept`. */
function line({ path, parent, via, goesToo, expected, observed }: Proof): string {
  const steps = via.map((id) => id.replace(/ -> .*?(#.*)?$/, (_, name = "") => name));
  const seen = observed === expected ? observed : `declared ${expected}, seen ${observed ?? "nothing"}`;
  return `${path} ${[parent, ...steps].join(" ← ")}${goesToo ? ", too" : ""}: ${seen}`;
}

/** The proofs of one verdict, in order. */
export const lines = ({ cells }: Verification, verdict: Proof["verdict"]): readonly string[] =>
  cells.filter((c) => c.verdict === verdict).map(line);

/** Reasons, each once. */
export const reasons = ({ cells }: Verification): readonly string[] => [
  ...new Set(cells.flatMap((c) => c.reason ?? [])),
];
