import { collide, entriesOf, keyOfEntry, sameEntry } from "../dialect/collisions.ts";
import { references } from "../dialect/edge.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { type ArchivePart, storedColumns } from "../journal/archive.ts";
import { keepsApart, mayCollide, mentions } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import type { Conflict, ConflictKind } from "../model/operation.ts";
import type { Key } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Index, type Table } from "../model/table.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** Everything that keeps the archived rows from being put back as they were; nothing is written to find out. */
export async function conflictsOf(task: RestoreTask): Promise<readonly Conflict[]> {
  const misfits = schemaChanges(task);
  // A table that no longer fits cannot be compared with its archive.
  const fits = (part: ArchivePart) =>
    task.rows.has(part.part) && !misfits.some((c) => c.table === part.table);
  const deleted = task.parts.filter((p) => p.kind === "deleted" && fits(p));
  const before = task.parts.filter((p) => p.kind === "before" && fits(p));
  const out: Conflict[] = [...misfits];
  for (const part of deleted)
    out.push(
      ...(await keysTaken(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
    );
  for (const part of before)
    out.push(
      ...(await rowsGone(task, part)),
      ...(await edited(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
    );
  return out;
}

function schemaChanges(task: RestoreTask): readonly Conflict[] {
  return task.parts
    .filter((p) => p.kind !== "after")
    .flatMap((part) => {
      const table = task.model.tables.find((t) => t.id === part.table);
      const conflict = (object: string | null, message: string): Conflict => ({
        kind: "schema-changed",
        table: part.table,
        rows: part.rows,
        sample: [],
        object,
        message,
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

function keysTaken(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "key-taken",
    object: part.key.join(","),
    message: `Rows of ${part.table} with the same key exist again.`,
  });
}

/** Unique values of rows that come back, or get a reference back, that another row holds now. */
async function uniqueTaken(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
  const table = tableOf(task.model, part.table);
  const concerned = (i: Index) =>
    part.kind === "deleted"
      ? keepsApart(i) && !isKey(i, table.primaryKey)
      : part.written.some((name) => mayCollide(i, { name, toNull: false }));
  const out: Conflict[] = [];
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
      })),
    );
  }
  return out;
}

/** Rows that a CHECK would refuse: one that was made since, or one that old rows were never asked about. */
async function checksViolated(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
  const table = tableOf(task.model, part.table);
  const { name } = table;
  const concerned = table.checks.filter(
    (c) =>
      c.enforced &&
      !isUnknown(part, table, [c.expression]) &&
      (part.kind === "deleted" || c.unvalidated || part.written.some((w) => mentions(c.expression, w))),
  );
  const out: Conflict[] = [];
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

/**
 * Whether SQL mentions a column whose value is not known before: one that is computed on the way back, or that was added
 * since and gets its default.
 */
const isUnknown = (part: ArchivePart, table: Table, texts: readonly string[]): boolean =>
  table.columns.some(
    (c) =>
      (c.generated !== null || (part.kind === "deleted" && !part.columns.includes(c.name))) &&
      texts.some((text) => mentions(text, c.name)),
  );

/** The rows of a part as they will be. */
function comingBack(task: RestoreTask, part: ArchivePart, table: Table): Sql {
  const archived = rowsOf(task, part);
  if (part.kind === "deleted")
    return sql`select ${list(part.columns.map((c) => id("a", c)))} from ${archived.from} as a`;
  const columns = table.columns.map(
    ({ name }) => sql`${id(part.written.includes(name) ? "a" : "t", name)} as ${id(name)}`,
  );
  return sql`select ${list(columns)} from ${task.engine.syntax.rows(table)} as t join ${archived.from} as a on ${sameKey("t", "a", part.key)}`;
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

async function parentsGone(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
  const out: Conflict[] = [];
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
      })),
    );
  }
  return out;
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

function rowsGone(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where not exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "row-gone",
    object: part.relation,
    message: `Rows of ${part.table} that lost their reference were deleted since.`,
  });
}

/** Rows that hold neither what the operation wrote nor what they held before it. */
function edited(task: RestoreTask, part: ArchivePart): Promise<readonly Conflict[]> {
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
  conflict: { readonly kind: ConflictKind; readonly object: string | null; readonly message: string },
): Promise<readonly Conflict[]> {
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
  return [{ ...conflict, table: part.table, rows, sample }];
}

const keysAs = (alias: string, part: ArchivePart): Sql => list(part.key.map((c) => id(alias, c)));

/** Whether the index keeps apart what differs in the key, and nothing else. */
const isKey = (index: Index, key: readonly string[]): boolean =>
  index.operators === undefined &&
  index.predicate === null &&
  index.columns.length === key.length &&
  key.every((c) => index.columns.includes(c));
