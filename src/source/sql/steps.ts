import type { MigratedRelation, MigrationStep } from "../../model/migration.ts";
import type { TableId } from "../../model/table.ts";
import { type SourceEngine, tableIdIn, withId } from "../source.ts";
import type { Draft, DraftForeignKey, DraftTable } from "./draft.ts";
import type { Statement, TableName } from "./statements.ts";

interface Around {
  /** The tables before the statement. */
  readonly before: readonly DraftTable[];
  /** With the tables after it. */
  readonly draft: Draft;
  readonly engine: SourceEngine;
}

/** What a statement does: what its text says, and what it made of the tables. */
export function stepsOf(statement: Statement, around: Around): readonly MigrationStep[] {
  const said = fromText(statement, around);
  return around.before === around.draft.tables ? said : [...said, ...fromTables(statement, around)];
}

const id = ({ namespace, name }: TableName, engine: SourceEngine): TableId =>
  tableIdIn(engine, name, namespace);

/** A name in any way of quoting, with its namespace. */
const NAME = String.raw`(?:only\s+)?((?:[\w$]+|"[^"]+"|\`[^\`]+\`|\[[^\]]+\])(?:\.(?:[\w$]+|"[^"]+"|\`[^\`]+\`|\[[^\]]+\]))?)`;

const VALIDATE = new RegExp(
  String.raw`^alter\s+table\s+(?:if\s+exists\s+)?${NAME}\s[\s\S]*\bvalidate\s+constraint\b`,
  "i",
);
const TRUNCATE = new RegExp(String.raw`^truncate\s+(?:table\s+)?${NAME}`, "i");
const DELETE = new RegExp(String.raw`^delete\s+from\s+${NAME}`, "i");
const ENFORCEMENT_OFF =
  /^(?:pragma\s+foreign_keys\s*=\s*(?:off|0|false|no)\b|set\s+(?:session\s+)?@?@?foreign_key_checks\s*=\s*(?:0|off)\b)/i;

/** PostgreSQL's setting in its three spellings, and MariaDB's, which a statement can have of its own; 0 is no limit on PostgreSQL. */
const LOCK_TIMEOUT =
  /^set\s+(?:(?:session|local)\s+)?lock_timeout\s*(?:=|to)\s*(?!'?0+\s*(?:ms|s|min)?'?\s*$)\S|^select\s+(?:pg_catalog\.)?set_config\s*\(\s*'lock_timeout'\s*,\s*'(?!0+\s*(?:ms|s|min)?')|^set\s+(?:session\s+|statement\s+)?(?:@@(?:session\.)?)?lock_wait_timeout\s*=|^alter\s+(?:online\s+|ignore\s+)*table\s+(?:if\s+exists\s+)?\S+\s+(?:wait\s+\d+|nowait)\b/i;

function fromText({ text, lexicon }: Statement, { engine }: Around): readonly MigrationStep[] {
  const table = (written: string) => tableIdOf(written, { ...engine, lexicon });
  const validated = VALIDATE.exec(text)?.[1];
  if (validated) return [{ kind: "constraint-validated", table: table(validated) }];
  if (ENFORCEMENT_OFF.test(text)) return [{ kind: "enforcement-off" }];
  if (LOCK_TIMEOUT.test(text)) return [{ kind: "lock-timeout-set" }];
  const truncated = TRUNCATE.exec(text)?.[1];
  if (truncated)
    return [{ kind: "rows-removed", table: table(truncated), cascade: /\bcascade\s*$/i.test(text) }];
  const emptied = DELETE.exec(text)?.[1];
  return emptied ? [{ kind: "rows-removed", table: table(emptied), cascade: false }] : [];
}

function tableIdOf(written: string, engine: SourceEngine): TableId {
  const parts = (written.match(/"[^"]+"|`[^`]+`|\[[^\]]+\]|[\w$]+/g) ?? []).map((part) =>
    /^[\w$]+$/.test(part) ? engine.lexicon.unquoted(part) : part.slice(1, -1),
  );
  return tableIdIn(engine, parts.at(-1) ?? written, parts.length > 1 ? parts[0] : null);
}

function fromTables(statement: Statement, { before, draft, engine }: Around): readonly MigrationStep[] {
  const after = draft.tables;
  const gone = before.filter((table) => !draft.find(table.name));
  const come = after.filter((table) => !before.some((old) => draft.isSame(old.name, table.name)));
  const renamed = gone.length === 1 && come.length === 1 && /^(?:alter|rename)\b/i.test(statement.text);
  const lost = renamed ? [] : gone;
  return [
    ...(renamed && gone[0] && come[0]
      ? [{ kind: "table-renamed", table: id(gone[0].name, engine), to: id(come[0].name, engine) } as const]
      : [
          ...come.map(({ name }) => ({ kind: "table-created", table: id(name, engine) }) as const),
          ...gone.map(({ name }) => ({ kind: "table-dropped", table: id(name, engine) }) as const),
        ]),
    ...(renamed
      ? []
      : changes(statement, { before: before.filter((t) => !lost.includes(t)), draft, engine })),
  ];
}

/** Foreign keys and columns that come and go with a statement; those of a table that goes go with it. */
function changes(statement: Statement, { before, draft, engine }: Around): readonly MigrationStep[] {
  const notValid = /\bnot\s+valid\b/i.test(statement.text);
  return draft.tables.flatMap((table): readonly MigrationStep[] => {
    const old = before.find((one) => draft.isSame(one.name, table.name));
    const added = table.foreignKeys.filter((key) => !old?.foreignKeys.some((one) => isOne(one, key)));
    const dropped = (old?.foreignKeys ?? []).filter(
      (key) => !table.foreignKeys.some((one) => isOne(one, key)),
    );
    const isNew = (column: string) =>
      old !== undefined && !old.columns.some((c) => draft.sameColumn(c.name, column));
    const columns = (old?.columns ?? []).filter(
      (c) => !table.columns.some((now) => draft.sameColumn(now.name, c.name)),
    );
    const isRename = columns.length === 1 && table.columns.length === old?.columns.length;
    return [
      ...dropped.map(
        (key) =>
          ({ kind: "foreign-key-dropped", relation: relationOf(table, key, { draft, engine }) }) as const,
      ),
      ...added.map(
        (key) =>
          ({
            kind: "foreign-key-added",
            relation: relationOf(table, key, { draft, engine }),
            notValid,
            columnIsEmpty: key.columns.every(isNew) && !/\bdefault\b/i.test(statement.text),
          }) as const,
      ),
      ...(isRename
        ? []
        : columns.map(
            ({ name }) => ({ kind: "column-dropped", table: id(table.name, engine), column: name }) as const,
          )),
    ];
  });
}

/** The same constraint, whatever names of its columns or its table have become. */
const isOne = (a: DraftForeignKey, b: DraftForeignKey): boolean =>
  a.name === b.name &&
  a.location === b.location &&
  a.onDelete === b.onDelete &&
  a.columns.length === b.columns.length;

function relationOf(
  table: DraftTable,
  key: DraftForeignKey,
  { draft, engine }: Pick<Around, "draft" | "engine">,
): MigratedRelation {
  const parent = draft.find(key.parent);
  const primary = parent?.keys.find(({ kind }) => kind === "primary")?.columns ?? [];
  return withId({
    child: id(table.name, engine),
    columns: key.columns,
    parent: id(parent?.name ?? key.parent, engine),
    parentColumns: key.parentColumns ?? primary,
    onDelete: key.onDelete,
  });
}
