import { collide, entriesOf, keyOfEntry, sameEntry } from "../dialect/collisions.ts";
import { withComputed } from "../dialect/computed.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { keepsApart, mayCollide, mentions, withGenerated } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import type { Index, Table } from "../model/table.ts";
import { type ConflictFound, found } from "./found.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** Unique values of rows that come back, or get a reference back, that another row holds now. */
export async function uniqueTaken(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const concerned = (i: Index) =>
    part.kind === "deleted"
      ? keepsApart(i) && !isKey(i, table.primaryKey)
      : written(part, table).some((w) => mayCollide(i, w));
  const out: ConflictFound[] = [];
  for (const index of table.indexes.filter(
    (i) => concerned(i) && !isUnknown(part, table, [...i.entries, i.predicate ?? ""]),
  )) {
    const { key } = part;
    const mine = entriesOf({ table, index, key }, comingBack(task, part, table));
    const theirs = entriesOf({ table, index, key }, staying(task, part, table));
    const other = sql`${collide(task.engine.syntax, index, "m", "o")} and not (${sameEntry(key, "m", "o")})`;
    const select = sql`select ${keyOfEntry(key, "m")} from (${mine}) as m where exists (select 1 from (${theirs}) as o where ${other})`;
    out.push(
      ...(await found(task, part, select, {
        kind: "unique-taken",
        object: index.name,
        message: `Other rows of ${part.table} hold values that are unique in ${index.name}.`,
        index,
      })),
    );
  }
  return out;
}

/** The columns that a part writes, with generated ones that follow. */
const written = (part: ArchivePart, table: Table) =>
  withGenerated(
    table,
    part.written.map((name) => ({ name, toNull: false })),
  );

/** Rows that a CHECK would refuse: one that was made since, or one that old rows were never asked about. */
export async function checksViolated(
  task: RestoreTask,
  part: ArchivePart,
): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const { name } = table;
  const concerned = table.checks.filter(
    (c) =>
      c.enforced &&
      !isUnknown(part, table, [c.expression]) &&
      (part.kind === "deleted" ||
        c.unvalidated ||
        written(part, table).some((w) => mentions(c.expression, w.name))),
  );
  const out: ConflictFound[] = [];
  for (const check of concerned) {
    const keys = list(part.key.map((c) => id(name, c)));
    const condition = task.engine.syntax.isFalse(sql`(${raw(check.expression)})`);
    const select = sql`select ${keys} from (${comingBack(task, part, table)}) as ${id(name)} where ${condition}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "schema-changed",
        object: check.name,
        message: `Rows of ${part.table} violate CHECK ${check.name ?? ""} (${check.expression}), so that they cannot be written again.`,
      })),
    );
  }
  return out;
}

/** Whether SQL mentions a column whose value is not known before: one that was added since and gets its default. */
function isUnknown(part: ArchivePart, table: Table, texts: readonly string[]): boolean {
  if (part.kind !== "deleted") return false;
  const added = table.columns.filter((c) => c.generated === null && !part.columns.includes(c.name));
  const unknown = withGenerated(
    table,
    added.map(({ name }) => ({ name, toNull: false })),
  );
  return unknown.some(({ name }) => texts.some((text) => mentions(text, name)));
}

/** The rows of a part as they will be, with what is computed from them. */
function comingBack(task: RestoreTask, part: ArchivePart, table: Table): Sql {
  const archived = rowsOf(task, part);
  const value = (name: string): Sql => {
    if (part.kind !== "deleted") return id(part.written.includes(name) ? "a" : "t", name);
    return part.columns.includes(name) ? id("a", name) : raw("null");
  };
  const columns = list(table.columns.map(({ name }) => sql`${value(name)} as ${id(name)}`));
  const rows =
    part.kind === "deleted"
      ? sql`select ${columns} from ${archived.from} as a`
      : sql`select ${columns} from ${task.engine.syntax.rows(table)} as t join ${archived.from} as a on ${sameKey("t", "a", part.key)}`;
  return withComputed(table, part.written, rows);
}

/** The table's rows that keep the values they have: not those that get a reference back. */
function staying(task: RestoreTask, part: ArchivePart, table: Table): Sql {
  const relinked = task.parts
    .filter((p) => p.kind === "before" && p.table === part.table)
    .map(
      (p) => sql`not exists (select 1 from ${rowsOf(task, p).from} as b where ${sameKey("b", "t", p.key)})`,
    );
  return sql`select t.* from ${task.engine.syntax.rows(table)} as t where ${allOf(relinked)}`;
}

/** Whether the index keeps apart what differs in the key, and nothing else. */
const isKey = (index: Index, key: readonly string[]): boolean =>
  index.operators === undefined &&
  index.predicate === null &&
  index.columns.length === key.length &&
  key.every((c) => index.columns.includes(c));
