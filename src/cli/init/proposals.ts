import type { Model, Table } from "../../index.ts";

/** What a model suggests that a configuration could say. Nothing of it holds until a person writes it down. */
export interface Proposals {
  /** Columns named like a reference, without a constraint; sorted by table, then column. */
  readonly relations: readonly ProposedRelation[];
  /** Columns that look like soft-delete markers. */
  readonly softDeletes: readonly { readonly table: string; readonly column: string }[];
  /** Tables that look like an audit trail, which a delete should rather not reach. */
  readonly auditTables: readonly string[];
}

export interface ProposedRelation {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
}

const SOFT_DELETE = /^(is_?)?(deleted|archived|removed|discarded|trashed)(_?(at|on|time|date))?$/i;
const AUDIT = /(^|_)(audit|audits|audit_logs?|audit_trail|history|changelog|change_log|versions)$/i;

export function proposals(model: Model): Proposals {
  return {
    relations: model.tables.flatMap((table) => implicitRelations(table, model)),
    softDeletes: model.tables.flatMap((table) =>
      table.columns.filter((c) => SOFT_DELETE.test(c.name)).map((c) => ({ table: table.id, column: c.name })),
    ),
    auditTables: model.tables.filter((t) => AUDIT.test(t.name)).map((t) => t.id),
  };
}

/** `x_id` or `xId` beside a table x, xs, xes or (y → ies) of the same namespace, whose one key column has that type. */
function implicitRelations(table: Table, model: Model): readonly ProposedRelation[] {
  const related = model.relations.filter((r) => r.child === table.id).flatMap((r) => r.columns);
  return table.columns
    .filter((column) => !related.includes(column.name))
    .flatMap((column) => {
      const stem = /^(.+?)(?:_id|Id)$/.exec(column.name)?.[1];
      const parent =
        stem && model.tables.find((t) => t.namespace === table.namespace && isNamed(t.name, stem));
      const [key, ...more] = parent ? parent.primaryKey : [];
      if (!parent || key === undefined || more.length > 0) return [];
      const sameType = parent.columns.find((c) => c.name === key)?.type === column.type;
      return sameType ? [{ child: table.id, column: column.name, parent: parent.id, parentColumn: key }] : [];
    });
}

function isNamed(table: string, stem: string): boolean {
  const name = table.toLowerCase();
  const one = stem.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, "");
  return [one, `${one}s`, `${one}es`, one.replace(/y$/, "ies")].includes(name);
}
