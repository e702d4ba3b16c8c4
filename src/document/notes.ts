import type { DocumentedRelation, DocumentedTable, Note, NoteKind } from "../model/documentation.ts";
import type { Matrix } from "../model/matrix.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import type { TableId } from "../model/table.ts";

interface Facts extends Matrix {
  readonly tables: readonly DocumentedTable[];
  readonly relations: readonly DocumentedRelation[];
}

interface NoteTask {
  readonly model: Model;
  readonly policy: Policy;
  readonly shown: ReadonlySet<TableId>;
}

/** The order in which notes are told. */
const KINDS: readonly NoteKind[] = [
  "application",
  "unenforced",
  "not validated",
  "polymorphic",
  "external",
  "order-dependent",
  "trigger",
  "protected",
  "no index",
  "not shown",
];

/** What a reader of the matrix would be wrong about without being told. */
export function notesOn(task: NoteTask, facts: Facts): readonly Note[] {
  const changed = changedTables(facts);
  const notes = [
    ...facts.relations.flatMap(onRelation),
    ...onCells(facts),
    ...facts.tables.flatMap((t) => [...onTriggers(t, changed), ...onProtection(t, task.policy)]),
    ...onExternal(task),
    ...onHidden(task),
  ];
  const place = (n: Note) => KINDS.indexOf(n.kind);
  return notes.sort((a, b) => place(a) - place(b) || (a.object < b.object ? -1 : 1));
}

function onRelation(r: DocumentedRelation): readonly Note[] {
  const note = (kind: NoteKind, message: string): Note => ({ kind, object: r.id, message });
  const declared = r.constraint !== null;
  return [
    ...(r.enforcedBy === "application" ? [note("application", byApplication(r))] : []),
    ...(r.enforcedBy === "database" && !r.enforced
      ? [
          note(
            "unenforced",
            declared
              ? "The constraint is there and not enforced, so that the database itself does nothing."
              : "The policy leaves this to the database, and no constraint declares it.",
          ),
        ]
      : []),
    ...(declared && r.enforced && !r.validated
      ? [note("not validated", "Rows from before the constraint were never checked.")]
      : []),
    ...(r.when
      ? [note("polymorphic", `Holds where ${r.when.column} is ${r.when.values.join(" or ")}.`)]
      : []),
    ...(r.indexed ? [] : [note("no index", "No index leads with the referencing columns.")]),
  ];
}

function byApplication(r: DocumentedRelation): string {
  const does = r.onDelete.toUpperCase();
  if (r.constraint === null)
    return `${does} is done by the application or by ondelete; no constraint keeps a bare DELETE from leaving orphans.`;
  if (r.constraint === r.onDelete)
    return `${does} is done by the application, and by the constraint as well.`;
  const refuses = r.constraint === "no action" || r.constraint === "restrict";
  const native = refuses ? "is refused" : `does ${r.constraint.toUpperCase()}`;
  return `${does} is done by the application or by ondelete; a bare DELETE ${native}, because the constraint says ${r.constraint.toUpperCase()}.`;
}

function onCells({ cells }: Facts): readonly Note[] {
  return Object.entries(cells).flatMap(([child, row]) =>
    Object.entries(row).flatMap(([parent, cell]): readonly Note[] =>
      cell.effect.includes("order-dependent")
        ? [
            {
              kind: "order-dependent",
              object: `${child} | ${parent}`,
              message: `What a bare DELETE does depends on the order of constraints (${cell.via.join("; ")}); ondelete does not depend on it.`,
            },
          ]
        : [],
    ),
  );
}

/** The tables of which a delete may change rows that stay: by SET NULL and SET DEFAULT, by marks, and by ON UPDATE from there. */
function changedTables({ tables, relations }: Facts): ReadonlySet<TableId> {
  const sets = relations.filter((r) => r.onDelete === "set null" || r.onDelete === "set default");
  const out = new Set([...sets.map((r) => r.child), ...tables.filter((t) => t.softDelete).map((t) => t.id)]);
  const spreads = relations.filter((r) => r.onUpdate !== "no action" && r.onUpdate !== "restrict");
  // A set that grows while it is gone through ends when nothing is new.
  for (const parent of out) for (const r of spreads) if (r.parent === parent) out.add(r.child);
  return out;
}

/** Of triggers only those that a delete can set off. */
function onTriggers(table: DocumentedTable, changed: ReadonlySet<TableId>): readonly Note[] {
  return table.triggers
    .filter((t) => t.enabled)
    .filter(({ events }) => events.includes("delete") || (events.includes("update") && changed.has(table.id)))
    .map((t) => ({
      kind: "trigger",
      object: table.id,
      message: `Trigger ${t.name} runs ${t.timing} ${t.events.join(" or ")}; what it does is not foretold.`,
    }));
}

function onProtection(table: DocumentedTable, policy: Policy): readonly Note[] {
  const entry = policy.tables[table.id];
  const note = (message: string): Note => ({ kind: "protected", object: table.id, message });
  return [
    ...(entry?.protected
      ? [note("The policy protects the table: ondelete refuses what would take its rows.")]
      : []),
    ...(entry?.legalHold
      ? [note("The policy keeps rows by a legal hold: a delete that would take one is refused.")]
      : []),
  ];
}

const onExternal = ({ policy, shown }: NoteTask): readonly Note[] =>
  policy.external
    .filter((e) => shown.has(e.parent))
    .map((e) => ({
      kind: "external",
      object: e.id,
      message: "Rows outside of this database; they are not looked at, and hooks are told.",
    }));

function onHidden({ model, shown }: NoteTask): readonly Note[] {
  const hidden = model.tables.length - shown.size;
  if (hidden === 0) return [];
  return [
    {
      kind: "not shown",
      object: "configuration",
      message: `${hidden} ${hidden === 1 ? "table is" : "tables are"} left out of this document; deletes follow relations through them all the same.`,
    },
  ];
}
