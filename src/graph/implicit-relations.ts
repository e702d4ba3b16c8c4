import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { Column, Table, TableId } from "../model/table.ts";
import { singular, wordsOf } from "../std/name-words.ts";

/** A column that is named like a reference. */
export interface ImplicitRelation {
  readonly child: TableId;
  readonly column: string;
  readonly parent: TableId;
  readonly parentColumn: string;
  /**
   * How the name tells: the table's own (`project_id`), with a part before it (`parent_job_id`), or of somebody who did
   * something (`created_by`).
   */
  readonly named: "table" | "role" | "actor";
}

export interface ImplicitTask {
  readonly model: Pick<Model, "tables">;
  /** Relations that are known: their columns are not guessed about. */
  readonly known: readonly Pick<Relation, "child" | "columns" | "parent" | "parentColumns">[];
  /** Columns of one family hold the same kind of values. */
  readonly familyOf: (column: Column) => string;
}

/** What comes before or behind the name of a table in that of a column. */
const AFFIXES = ["id", "uid", "uuid", "guid", "key", "ref", "fk", "no", "code"];
/** Words of columns whose values belong to another system. */
const FOREIGN = new Set([
  ..."external ext xid remote legacy stripe github gitlab google facebook twitter apple azure aws oauth paypal".split(
    " ",
  ),
  ..."request trace span correlation session tax vat".split(" "),
]);
/** Tables of people, who do things. */
const ACTORS = new Set(["user", "account", "person", "member", "employee", "staff"]);

/**
 * The columns of a schema that are named like a reference to a table with one key column of the same kind, and that no
 * relation covers; sorted by table and column. Only a guess: rows have to confirm it.
 */
export function implicitRelations(task: ImplicitTask): readonly ImplicitRelation[] {
  const tables = task.model.tables.filter((t) => t.kind !== "partition");
  const parents = tables.flatMap((table) => {
    const [key, ...more] = table.primaryKey;
    const column = table.columns.find((c) => c.name === key);
    if (!column || more.length > 0) return [];
    return [{ table, column, stem: stemOf(table.name).join(" "), family: task.familyOf(column) }];
  });
  const affixes = new Set([...AFFIXES, ...learned(task)]);
  const search = { ...task, parents, affixes };
  const covered = Map.groupBy(task.known, (r) => r.child);
  return tables.flatMap((table) => {
    const known = new Set((covered.get(table.id) ?? []).flatMap((r) => r.columns));
    return table.columns
      .filter((column) => !known.has(column.name) && !isForeign(search, table, column))
      .flatMap((column) => referenced(search, table, column));
  });
}

/** The words of a table's name with the last one in the singular. */
function stemOf(table: string): readonly string[] {
  const words = wordsOf(table);
  return words.map((word, i) => (i === words.length - 1 ? singular(word) : word));
}

interface Parent {
  readonly table: Table;
  readonly column: Column;
  /** The words of its name, the last one in the singular. */
  readonly stem: string;
  readonly family: string;
}

interface Search extends ImplicitTask {
  readonly parents: readonly Parent[];
  readonly affixes: ReadonlySet<string>;
}

/** Affixes that the constraints of this schema use: `fk_` of `fk_customer`, `_ref` of `customer_ref`. */
function learned({ model, known }: ImplicitTask): readonly string[] {
  const names = new Map(model.tables.map((t) => [t.id, stemOf(t.name)]));
  return known.flatMap(({ columns, parent }) => {
    const words = wordsOf(columns[0] ?? "");
    const stem = names.get(parent) ?? [];
    if (columns.length !== 1 || words.length !== stem.length + 1) return [];
    if (stem.every((word, i) => word === words[i])) return words.slice(-1);
    return stem.every((word, i) => word === words[i + 1]) ? words.slice(0, 1) : [];
  });
}

function isForeign({ parents, affixes }: Search, table: Table, { name }: Column): boolean {
  const words = wordsOf(name);
  // A word alone may be another system's (`session_id`); the whole name of a table, of several words, is not.
  const whole = withoutAffix(words, affixes) ?? [];
  const isTable = whole.length > 1 && parents.some((p) => p.stem === whole.join(" "));
  const stem = words.slice(0, -1).join(" ");
  const types = [`${stem} type`, `${stem} kind`, `${stem} class`];
  return (
    (!isTable && words.some((word) => FOREIGN.has(word))) ||
    // A column beside it says which table is meant.
    table.columns.some((c) => types.includes(wordsOf(c.name).join(" ")))
  );
}

function referenced(search: Search, table: Table, column: Column): readonly ImplicitRelation[] {
  const family = search.familyOf(column);
  const fitting = search.parents.filter(
    (p) => p.family === family && p.table.namespace === table.namespace && p.column !== column,
  );
  const words = wordsOf(column.name);
  const found = (parents: readonly Parent[], named: ImplicitRelation["named"]) => {
    const [parent, ...others] = parents;
    if (!parent || others.length > 0) return [];
    return [
      {
        child: table.id,
        column: column.name,
        parent: parent.table.id,
        parentColumn: parent.column.name,
        named,
      },
    ];
  };
  if (words.at(-1) === "by" && words.length > 1)
    return found(
      fitting.filter((p) => ACTORS.has(p.stem)),
      "actor",
    );
  const stem = withoutAffix(words, search.affixes);
  if (stem === null) return [];
  if (stem.join(" ") === "parent")
    return found(
      fitting.filter((p) => p.table === table),
      "role",
    );
  const text = stem.join(" ");
  const named = fitting.filter((p) => p.stem === text);
  if (named.length > 0) return found(named, "table");
  const ending = fitting.filter((p) => text.endsWith(` ${p.stem}`));
  const longest = Math.max(...ending.map((p) => p.stem.length));
  return found(
    ending.filter((p) => p.stem.length === longest),
    "role",
  );
}

/** The words of a column without what says that it is a reference; null where nothing says so. */
function withoutAffix(words: readonly string[], affixes: ReadonlySet<string>): readonly string[] | null {
  if (words.length < 2) return null;
  if (affixes.has(words.at(-1) ?? "")) return words.slice(0, -1);
  return affixes.has(words[0] ?? "") ? words.slice(1) : null;
}
