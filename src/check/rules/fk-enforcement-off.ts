import type { Relation } from "../../model/relation.ts";
import type { Found, Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** A constraint that is there and does nothing leaves orphans, and the catalog says nothing of it (E13, E24). */
export const fkEnforcementOff: Rule = {
  id: "fk-enforcement-off",
  severity: "error",
  confidence: "certain",
  title: "Foreign keys that are declared and not enforced now",
  find(facts) {
    const { relations } = facts.declared;
    const bySession = relations.filter((r) => r.unenforced === "session");
    return [
      ...(bySession.length > 0 ? [offInSession(bySession)] : []),
      ...relations
        .filter((r) => r.unenforced === "disabled" || r.unenforced === "missing")
        .map((r) => withoutTriggers(r)),
      ...relations.filter((r) => r.unguarded).map((r) => unguarded(r)),
    ];
  },
};

function offInSession(relations: readonly Relation[]): Found {
  return {
    object: "database",
    table: null,
    message: `This session enforces none of the ${relations.length} foreign keys: a DELETE cascades nowhere, is refused nowhere, and leaves orphans behind.`,
    evidence: { relations: relations.length },
    fix: {
      description:
        "Switch enforcement on for every connection: PRAGMA foreign_keys = ON (SQLite, outside of a transaction), SET foreign_key_checks = 1 (MariaDB), SET session_replication_role = origin (PostgreSQL).",
      sql: null,
    },
  };
}

function withoutTriggers(relation: Relation): Found {
  const { id, child, parent, onDelete, unenforced } = relation;
  const missing = unenforced === "missing";
  return {
    object: id,
    table: child,
    columns: relation.columns,
    message: `The triggers by which the engine enforces ${id} are ${missing ? "missing" : "disabled"}: a delete from ${parent} does not ${onDelete === "cascade" ? "cascade" : "look"} here and leaves orphans, and the catalog goes on listing the constraint.`,
    evidence: { state: unenforced ?? null, onDelete },
    fix: {
      description: missing
        ? "Drop the constraint and add it again, after looking for orphans."
        : `Enable all triggers of ${parent} and ${child}, then look for orphans.`,
      sql: null,
    },
  };
}

function unguarded(relation: Relation): Found {
  const tables = relation.unguarded ?? [];
  return {
    object: relation.id,
    part: "unguarded",
    table: relation.child,
    columns: relation.columns,
    message: `Triggers by which the engine enforces ${relation.id} are disabled or missing on ${listed(tables)}: rows without a parent can come in there, or stay when it goes.`,
    evidence: { tables },
    fix: {
      description: `Enable all triggers of ${listed(tables)}; where some are missing, drop the constraint and add it again. Then look for orphans.`,
      sql: null,
    },
  };
}
