import type { Policy } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import type { Observed, Proof, Verification } from "../model/verification.ts";
import { declaredEffect } from "./expected.ts";
import type { Found, Ground } from "./experiment.ts";
import { viaOf } from "./scenario.ts";
import type { Task } from "./tasks.ts";

/** An experiment on one of its paths. */
export interface Facts {
  readonly task: Task;
  readonly relation: Relation;
  readonly path: Proof["path"];
  readonly ground: Omit<Ground, "engine">;
  readonly policy: Pick<Policy, "tables">;
}

function base(facts: Facts): Omit<Proof, "observed" | "verdict" | "expected"> & {
  readonly declared: Observed;
} {
  const { task, relation, path, ground } = facts;
  const { scenario } = task;
  const child = ground.tables.get(relation.child as TableId);
  const known = child && (relation.origin === "declared" || path === "ondelete" || relation.enforced);
  return {
    parent: scenario.parent,
    child: relation.child,
    relation: relation.id,
    via: viaOf(scenario),
    goesToo: scenario.goesToo,
    path,
    declared: isHeld(facts) ? "blocks" : known ? declaredEffect(relation, child) : "kept",
  };
}

/** Whether the policy keeps ondelete from deleting rows of a table on the way. */
function isHeld({ task: { scenario }, relation, path, policy }: Facts): boolean {
  const way = scenario.reach.get(scenario.relation.parent)?.path.map((r) => r.child) ?? [];
  const last = relation.onDelete === "cascade" ? [relation.child] : [];
  return (
    path === "ondelete" &&
    [scenario.parent, ...way, ...last].some((id) => {
      const { protected: isProtected, legalHold } = policy.tables[id] ?? {};
      return isProtected === true || legalHold === true;
    })
  );
}

export function unprovable(facts: Facts, reason: string): Proof {
  const { declared, ...cell } = base(facts);
  const expected = cell.goesToo ? "deleted" : declared;
  return { ...cell, expected, observed: null, verdict: "unprovable", reason };
}

/** What was seen beside what was to be expected. */
export function judged(facts: Facts, found: Found): Proof {
  const { declared, ...cell } = base(facts);
  const outcome = facts.path === "native" ? found.native : found.ondelete;
  const expected = cell.goesToo ? togetherExpected(facts, found) : declared;
  const { observed = null, reason = null } = outcome ?? {};
  if (observed === null) return unprovable(facts, reason ?? "it was not tried");
  if (observed === expected) return { ...cell, expected, observed, verdict: "proven" };
  if (found.entangled !== null && observed !== "order-dependent") return unprovable(facts, found.entangled);
  const because = reason ?? (facts.relation.enforced ? "" : "the database does not enforce the constraint");
  return { ...cell, expected, observed, verdict: "contradicted", ...(because ? { reason: because } : {}) };
}

/** Of a row that goes anyway what the schema makes certain; where order decides, what the cascades promise. */
function togetherExpected({ path }: Facts, { plan }: Found): Observed {
  if (path === "ondelete") return plan?.verdict === "blocked" ? "blocks" : "deleted";
  return plan?.nativeVerdict === "refused" ? "blocks" : "deleted";
}

export const sortKey = (p: Proof): string =>
  JSON.stringify([p.parent, p.child, p.relation, p.via.length, p.via, p.goesToo, p.path]);

export const summaryOf = (cells: readonly Proof[]): Verification["summary"] => {
  const count = (verdict: Proof["verdict"]) => cells.filter((c) => c.verdict === verdict).length;
  return {
    proven: count("proven"),
    contradicted: count("contradicted"),
    unprovable: count("unprovable"),
  };
};
