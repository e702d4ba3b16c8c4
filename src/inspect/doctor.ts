import type { Engine, Privilege } from "../dialect/engine.ts";
import type { Diagnosis } from "../model/diagnosis.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";

/** Looks at everything that a delete depends on before there is one. */
export async function diagnose(engine: Engine, model: Model, policy: Policy): Promise<readonly Diagnosis[]> {
  return engine.read({ scratch: false }, async (tx) => {
    const wanted = model.tables.flatMap((t): Privilege[] =>
      (["select", "delete", "update"] as const).map((right) => ({ table: t.id, right })),
    );
    const missing = await engine.missingPrivileges(tx, wanted);
    return [
      ok("connection", `Connected to ${engine.info.name} ${engine.info.version}.`),
      ok(
        "model",
        `Tables: ${model.tables.length}; relations that constraints declare: ${model.relations.length}.`,
      ),
      enforcement(model),
      keys(model),
      ...storage(model),
      journal(await engine.hasJournal(tx, policy.journal), engine, policy),
      privileges(engine, missing),
      rowSecurity(model),
    ];
  });
}

function enforcement(model: Model): Diagnosis {
  const off = model.relations.filter((r) => !r.enforced);
  if (off.length === 0) return ok("enforcement", "Every constraint is enforced on this connection.");
  return warning(
    "enforcement",
    `${off.length} of ${model.relations.length} constraints are not enforced now: ${some(off.map((r) => r.id))}.`,
    "A bare DELETE ignores them; ondelete follows what they declare. Switch enforcement on (SQLite: PRAGMA foreign_keys = ON, MariaDB: SET foreign_key_checks = 1, on every connection).",
  );
}

function keys(model: Model): Diagnosis {
  const without = model.tables.filter((t) => t.primaryKey.length === 0 && t.kind !== "partition");
  if (without.length === 0) return ok("keys", "Every table has a primary key.");
  return warning(
    "keys",
    `Tables without a primary key: ${some(without.map((t) => t.id))}.`,
    "A unique key without nullable columns stands in for it; a table without either cannot lose rows through ondelete.",
  );
}

/** Said only where there is something to say: most engines have nothing else. */
function storage(model: Model): readonly Diagnosis[] {
  const lasting = model.tables.filter((t) => t.nonTransactional).map((t) => t.id);
  if (lasting.length === 0) return [];
  return [
    warning(
      "storage",
      `Tables without transactions: ${some(lasting)}.`,
      "A delete that takes or changes their rows is refused, because it could not be taken back. Move them to InnoDB.",
    ),
  ];
}

function journal(exists: boolean, engine: Engine, policy: Policy): Diagnosis {
  const place = engine.capabilities.journalInNamespace
    ? `schema ${policy.journal.schema}`
    : `tables ${policy.journal.prefix}*`;
  if (exists) return ok("journal", `The journal is in ${place}.`);
  return ok(
    "journal",
    `There is no journal yet; the first delete on a connection of its own makes ${place}.`,
  );
}

function privileges(engine: Engine, missing: readonly Privilege[]): Diagnosis {
  if (!engine.capabilities.roles) return ok("privileges", "This engine has no roles.");
  const unread = missing.filter((m) => m.right === "select").map((m) => m.table);
  if (unread.length > 0)
    return {
      subject: "privileges",
      state: "problem",
      message: `The role may not read ${some(unread)}.`,
      hint: "Plans that reach these tables fail. Grant SELECT on them.",
    };
  const undeletable = [...new Set(missing.filter((m) => m.right !== "select").map((m) => m.table))];
  if (undeletable.length === 0) return ok("privileges", "The role may read, lock and delete in every table.");
  return warning(
    "privileges",
    `The role may not delete (DELETE and, ${engine.capabilities.locksTakeUpdate ? "to lock rows" : "to set references to null"}, UPDATE) in ${some(undeletable)}.`,
    "Plans can be made; deletes there are blocked. `ondelete doctor --grants` prints what to grant.",
  );
}

function rowSecurity(model: Model): Diagnosis {
  const hidden = model.tables.filter((t) => t.rowSecurity);
  if (hidden.length === 0) return ok("row-level security", "No policy hides rows from this role.");
  return {
    subject: "row-level security",
    state: "problem",
    message: `Policies may hide rows of ${some(hidden.map((t) => t.id))} from this role, though a cascade would take them.`,
    hint: "Plans that reach these tables stop with rows-hidden. Connect as the owner or as a role with BYPASSRLS.",
  };
}

const ok = (subject: string, message: string): Diagnosis => ({ subject, state: "ok", message, hint: null });

const warning = (subject: string, message: string, hint: string): Diagnosis => ({
  subject,
  state: "warning",
  message,
  hint,
});

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
