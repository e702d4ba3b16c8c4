import { collide, entriesOf, keyOfEntry, sameEntry } from "../dialect/collisions.ts";
import { withComputed } from "../dialect/computed.ts";
import { references } from "../dialect/edge.ts";
import { isLive } from "../dialect/marker.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { type ArchivePart, storedColumns } from "../journal/archive.ts";
import { keepsApart, mayCollide, mentions, withGenerated } from "../model/guards.ts";
import type { Marker } from "../model/marker.ts";
import { tableOf } from "../model/model.ts";
import type { Conflict } from "../model/operation.ts";
import type { Key } from "../model/plan.ts";
import { markerOf } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Index, type Table } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** A conflict, and what has to be known to do something about it. */
export interface ConflictFound {
  readonly conflict: Conflict;
  readonly part: ArchivePart;
  /** Yields the keys of the part's rows that are concerned; null where that is all of them. */
  readonly rows: Sql | null;
  /** The index whose value is taken. */
  readonly index?: Index;
  /** The relation whose parent is gone. */
  readonly relation?: Relation;
}

/** Everything that keeps the archived rows from being put back as they were; nothing is written to find out. */
export async function conflictsOf(task: RestoreTask): Promise<readonly ConflictFound[]> {
  const misfits = schemaChanges(task);
  // A table that no longer fits cannot be compared with its archive.
  const fits = (part: ArchivePart) =>
    task.rows.has(part.part) && !misfits.some((c) => c.part.table === part.table);
  const deleted = task.parts.filter((p) => p.kind === "deleted" && fits(p));
  const before = task.parts.filter((p) => p.kind === "before" && fits(p));
  const out: ConflictFound[] = [...misfits];
  for (const part of deleted)
    out.push(
      ...(await keysTaken(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
      ...(await parentsLeftOut(task, part)),
    );
  for (const part of before)
    out.push(
      ...(await rowsGone(task, part)),
      ...(await edited(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
      ...(await parentsHidden(task, part)),
    );
  return out;
}

function schemaChanges(task: RestoreTask): readonly ConflictFound[] {
  return task.parts
    .filter((p) => p.kind !== "after")
    .flatMap((part) => {
      const table = task.model.tables.find((t) => t.id === part.table);
      const conflict = (object: string | null, message: string): ConflictFound => ({
        conflict: {
          kind: "schema-changed",
          table: part.table,
          rows: part.rows,
          sample: [],
          object,
          message,
        },
        part,
        rows: null,
      });
      if (!table) return [conflict(null, `Table ${part.table} does not exist any more.`)];
      const stored = storedColumns(table).map((c) => c.name);
      const lost = part.columns
        .filter((c) => !stored.includes(c))
        .map((c) => conflict(c, `Column ${c} of ${part.table} does not exist any more.`));
      if (part.kind === "before") return lost;
      const required = storedColumns(table).filter(
        (c) => !part.columns.includes(c.name) && !c.nullable && c.default === null && c.identity === null,
      );
      return [
        ...lost,
        ...required.map((c) =>
          conflict(
            c.name,
            `Column ${c.name} of ${part.table} was added since, is NOT NULL and has no default.`,
          ),
        ),
      ];
    });
}

function keysTaken(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "key-taken",
    object: part.key.join(","),
    message: `Rows of ${part.table} with the same key exist again.`,
  });
}

/** Unique values of rows that come back, or get a reference back, that another row holds now. */
async function uniqueTaken(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
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
async function checksViolated(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
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

async function parentsGone(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const out: ConflictFound[] = [];
  for (const relation of task.model.relations.filter((r) => concerns(r, part) && isKnown(task, r, part))) {
    const parent = tableOf(task.model, relation.parent);
    const refs = references(task.engine.syntax, task.model, relation, { child: "d", parent: "p" });
    const complete = allOf(relation.columns.map((c) => sql`${id("d", c)} is not null`));
    const live = sql`not exists (select 1 from ${task.engine.syntax.rows(parent)} as p where ${refs})`;
    // Archived rows are in no partition until they are back.
    const returns = references(
      task.engine.syntax,
      task.model,
      { ...relation, parentPartition: null },
      { child: "d", parent: "p" },
    );
    const returning = task.parts
      .filter(
        (p) =>
          p.kind !== "after" &&
          p.table === relation.parent &&
          task.rows.has(p.part) &&
          holds(p, relation.parentColumns),
      )
      .map((p) => sql`not exists (select 1 from ${rowsOf(task, p).from} as p where ${returns})`);
    const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${allOf([complete, live, ...returning])}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that archived rows of ${part.table} reference are gone.`,
        relation,
      })),
    );
  }
  return out;
}

/**
 * Rows whose parent stays in the archive: by a relation that no constraint watches over, a parent that was not there
 * before is no conflict.
 */
async function parentsLeftOut(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const { followed } = withPolicy(task.model, task.policy);
  const out: ConflictFound[] = [];
  for (const relation of followed.filter(
    (r) => !r.enforced && r.child === part.table && isKnown(task, r, part),
  )) {
    const { syntax } = task.engine;
    const refs = references(syntax, task.model, relation, { child: "d", parent: "p" });
    const left = [...task.archived].filter(
      ([number, set]) => set.table.id === relation.parent && set !== task.rows.get(number),
    );
    const among = (from: Sql) => sql`exists (select 1 from ${from} as p where ${refs})`;
    if (left.length === 0) continue;
    const was = anyOf(left.map(([, set]) => among(set.from)));
    const returns = task.parts.filter(
      (p) => p.kind === "deleted" && p.table === relation.parent && task.rows.has(p.part),
    );
    const there = [
      syntax.rows(tableOf(task.model, relation.parent)),
      ...returns.map((p) => rowsOf(task, p).from),
    ];
    const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${was} and ${allOf(there.map((from) => sql`not ${among(from)}`))}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that archived rows of ${part.table} reference stay in the archive.`,
        relation,
      })),
    );
  }
  return out;
}

/** Rows that would be live again below a parent that was deleted softly after them. */
async function parentsHidden(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const own = markerOf(table, task.policy);
  if (part.relation !== null || !own || !part.written.includes(own.column)) return [];
  const { followed } = withPolicy(task.model, task.policy);
  const out: ConflictFound[] = [];
  for (const relation of followed.filter((r) => r.child === table.id && r.onDelete === "cascade")) {
    const parent = tableOf(task.model, relation.parent);
    const marker = markerOf(parent, task.policy);
    if (!marker) continue;
    const refs = references(task.engine.syntax, task.model, relation, { child: "t", parent: "p" });
    const back = task.parts
      .filter(
        (p) => p.kind === "before" && p.relation === null && p.table === parent.id && task.rows.has(p.part),
      )
      .map(
        (p) => sql`not exists (select 1 from ${rowsOf(task, p).from} as b where ${sameKey("b", "p", p.key)})`,
      );
    const hidden = sql`not (${isLive("p", parent, marker)})`;
    const from = sql`${rowsOf(task, part).from} as d join ${task.engine.syntax.rows(table)} as t on ${sameKey("t", "d", part.key)} join ${task.engine.syntax.rows(parent)} as p on ${refs}`;
    const select = sql`select ${keysAs("t", part)} from ${from} where ${allOf([hidden, ...later(table, parent, { own, marker }), ...back])}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that rows of ${part.table} reference were deleted softly since.`,
      })),
    );
  }
  return out;
}

/** A parent that was hidden before its child was is none of this restore's business; only times tell. */
function later(
  table: Table,
  parent: Table,
  { own, marker }: { readonly own: Marker; readonly marker: Marker },
): readonly Sql[] {
  const sameType = columnOf(table, own.column).type === columnOf(parent, marker.column).type;
  if (own.kind === "boolean" || own.kind !== marker.kind || !sameType) return [];
  return [sql`${id("p", marker.column)} >= ${id("t", own.column)}`];
}

/** Generated columns are not archived; what is computed from the restored rows, the engine checks itself. */
function isKnown(task: RestoreTask, relation: Relation, part: ArchivePart): boolean {
  const parents = task.parts.filter((p) => p.kind === "deleted" && p.table === relation.parent);
  return holds(part, relation.columns) && parents.every((p) => holds(p, relation.parentColumns));
}

const holds = (part: ArchivePart, columns: readonly string[]): boolean =>
  columns.every((c) => part.columns.includes(c));

function concerns(relation: Relation, part: ArchivePart): boolean {
  if (!relation.enforced || relation.child !== part.table) return false;
  return part.kind === "deleted" || relation.id === part.relation;
}

function rowsGone(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where not exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "row-gone",
    object: part.relation,
    message: `Rows of ${part.table} that lost their reference were deleted since.`,
  });
}

/** Rows that hold neither what the operation wrote nor what they held before it. */
function edited(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const { syntax } = task.engine;
  const table = tableOf(task.model, part.table);
  const same = (alias: string) => allOf(part.written.map((c) => syntax.same(id("t", c), id(alias, c))));
  // A row may have been reached twice by one relation; it holds what one of the two wrote.
  const after = task.parts.filter(
    (p) =>
      p.kind === "after" &&
      p.table === part.table &&
      p.relation === part.relation &&
      String(p.written) === String(part.written),
  );
  const written = anyOf(
    after.map(
      (p) =>
        sql`exists (select 1 from ${rowsOf(task, p).from} as a where ${sameKey("a", "t", part.key)} and ${same("a")})`,
    ),
  );
  const select = sql`select ${keysAs("t", part)} from ${rowsOf(task, part).from} as d join ${syntax.rows(table)} as t on ${sameKey("t", "d", part.key)} where not (${same("d")}) and not ${written}`;
  return found(task, part, select, {
    kind: "edited",
    object: part.relation,
    message: `Rows of ${part.table} were given another value of ${part.written.join(", ")} since.`,
  });
}

async function found(
  task: RestoreTask,
  part: ArchivePart,
  select: Sql,
  {
    index,
    relation,
    ...conflict
  }: Pick<Conflict, "kind" | "object" | "message"> & Pick<ConflictFound, "index" | "relation">,
): Promise<readonly ConflictFound[]> {
  const { tx, syntax } = task.place;
  const [counted] = await tx.rows(sql`select count(*) as n from (${select}) as counted`);
  const rows = Number(counted?.n);
  if (rows === 0) return [];
  const table = tableOf(task.model, part.table);
  const texts = part.key.map((c, i) => sql`${syntax.text(id("k", c), columnOf(table, c))} as ${id(`k${i}`)}`);
  const sampled = await tx.rows(
    sql`select ${list(texts)} from (${select}) as k order by ${list(part.key.map((c) => id("k", c)))} limit 5`,
  );
  const sample = sampled.map(
    (row): Key => Object.fromEntries(part.key.map((c, i) => [c, row[`k${i}`] ?? ""])),
  );
  return [
    {
      conflict: { ...conflict, table: part.table, rows, sample },
      part,
      rows: select,
      ...(index ? { index } : {}),
      ...(relation ? { relation } : {}),
    },
  ];
}

const keysAs = (alias: string, part: ArchivePart): Sql => list(part.key.map((c) => id(alias, c)));

/** Whether the index keeps apart what differs in the key, and nothing else. */
const isKey = (index: Index, key: readonly string[]): boolean =>
  index.operators === undefined &&
  index.predicate === null &&
  index.columns.length === key.length &&
  key.every((c) => index.columns.includes(c));
