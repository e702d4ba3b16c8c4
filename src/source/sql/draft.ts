import type { Lexicon } from "../../dialect/tokens.ts";
import type { SourceLocation } from "../../model/finding.ts";
import type { ReferentialAction } from "../../model/relation.ts";
import type { TableName } from "./statements.ts";

export interface DraftColumn {
  readonly name: string;
  /** The first word of its type, in lower case. */
  readonly type: string;
  readonly nullable: boolean;
  readonly location: SourceLocation;
}

/** A primary or unique key, or a unique index. */
export interface DraftKey {
  readonly kind: "primary" | "unique";
  readonly name: string | null;
  readonly columns: readonly string[];
}

export interface DraftForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly parent: TableName;
  /** Null where the primary key is meant. */
  readonly parentColumns: readonly string[] | null;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly written: boolean;
  readonly location: SourceLocation;
}

/** A table as the statements so far have made it. */
export interface DraftTable {
  readonly name: TableName;
  readonly columns: readonly DraftColumn[];
  readonly keys: readonly DraftKey[];
  readonly foreignKeys: readonly DraftForeignKey[];
  readonly location: SourceLocation;
}

/** The tables that statements make, one after another. */
export class Draft {
  readonly #lexicon: Lexicon;
  readonly #defaultNamespace: string;
  #tables: readonly DraftTable[] = [];

  constructor(lexicon: Lexicon, defaultNamespace: string) {
    this.#lexicon = lexicon;
    this.#defaultNamespace = defaultNamespace;
  }

  get tables(): readonly DraftTable[] {
    return this.#tables;
  }

  find(name: TableName): DraftTable | undefined {
    return this.#tables.find((table) => this.isSame(table.name, name));
  }

  isSame(a: TableName, b: TableName): boolean {
    const space = ({ namespace }: TableName) => this.#lexicon.same(namespace ?? this.#defaultNamespace);
    return space(a) === space(b) && this.#lexicon.same(a.name) === this.#lexicon.same(b.name);
  }

  sameColumn(a: string, b: string): boolean {
    return this.#lexicon.same(a) === this.#lexicon.same(b);
  }

  /** What is said of a table that there is already, as by IF NOT EXISTS, is passed over. */
  add(table: DraftTable): void {
    if (!this.find(table.name)) this.#tables = [...this.#tables, this.#named(table)];
  }

  drop(name: TableName): void {
    this.#tables = this.#tables.filter((table) => !this.isSame(table.name, name));
  }

  /** Drops the constraints of other tables that reference one. */
  dropReferences(name: TableName): void {
    this.#tables = this.#tables.map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.filter((key) => !this.isSame(key.parent, name)),
    }));
  }

  change(name: TableName, change: (table: DraftTable) => DraftTable): void {
    this.#tables = this.#tables.map((table) =>
      this.isSame(table.name, name) ? this.#named(change(table)) : table,
    );
  }

  /** Gives names to what has none where the engine keeps them. */
  #named(table: DraftTable): DraftTable {
    if (!this.#lexicon.keepsNames) return table;
    const foreignNames = this.#foreignNames(table);
    return {
      ...table,
      keys: table.keys.map((key) => ({ ...key, name: this.#keyName(table, key) })),
      foreignKeys: table.foreignKeys.map((key, i) => ({ ...key, name: foreignNames[i] ?? null })),
    };
  }

  /** References follow. */
  rename(name: TableName, to: TableName): void {
    this.#tables = this.#tables.map((table) => ({
      ...table,
      name: this.isSame(table.name, name) ? to : table.name,
      foreignKeys: table.foreignKeys.map((key) =>
        this.isSame(key.parent, name) ? { ...key, parent: to } : key,
      ),
    }));
  }

  renameColumn(name: TableName, from: string, to: string): void {
    const renamed = (columns: readonly string[]) => columns.map((c) => (this.sameColumn(c, from) ? to : c));
    this.#tables = this.#tables.map((table) => {
      const own = this.isSame(table.name, name);
      return {
        ...table,
        columns: table.columns.map((c) => (own && this.sameColumn(c.name, from) ? { ...c, name: to } : c)),
        keys: table.keys.map((key) => (own ? { ...key, columns: renamed(key.columns) } : key)),
        foreignKeys: table.foreignKeys.map((key) => ({
          ...key,
          columns: own ? renamed(key.columns) : key.columns,
          parentColumns:
            key.parentColumns && this.isSame(key.parent, name)
              ? renamed(key.parentColumns)
              : key.parentColumns,
        })),
      };
    });
  }

  /** Drops a constraint or an index by its name, also by one that the engine gave it. */
  dropConstraint(name: TableName, constraint: string): void {
    this.change(name, (table) => {
      const foreignNames = this.#foreignNames(table);
      const wanted = this.#lexicon.same(constraint);
      const isWanted = (own: string | null) => own !== null && this.#lexicon.same(own) === wanted;
      return {
        ...table,
        keys: table.keys.filter((key) => !isWanted(this.#keyName(table, key))),
        foreignKeys: table.foreignKeys.filter((_, i) => !isWanted(foreignNames[i] ?? null)),
      };
    });
  }

  /** Drops an index of any table by its name; a unique one was a key. */
  dropIndex(index: string): void {
    for (const { name } of this.#tables) this.dropConstraint(name, index);
  }

  renameConstraint(name: TableName, from: string, to: string): void {
    this.change(name, (table) => {
      const names = this.#foreignNames(table);
      const isOld = (own: string | null | undefined) => own != null && this.sameColumn(own, from);
      return {
        ...table,
        keys: table.keys.map((key) => (isOld(this.#keyName(table, key)) ? { ...key, name: to } : key)),
        foreignKeys: table.foreignKeys.map((key, i) => (isOld(names[i]) ? { ...key, name: to } : key)),
      };
    });
  }

  #keyName({ name }: DraftTable, key: DraftKey): string | null {
    return key.name ?? this.#lexicon.unnamed({ ...key, table: name.name, position: 0 });
  }

  #foreignNames({ name, foreignKeys }: DraftTable): readonly (string | null)[] {
    let unnamed = 0;
    return foreignKeys.map((key) => {
      if (key.name !== null) return key.name;
      unnamed += 1;
      const { columns } = key;
      return this.#lexicon.unnamed({ kind: "foreign", table: name.name, columns, position: unnamed });
    });
  }
}

/** What a table loses with a column. */
export function withoutColumn(table: DraftTable, isIt: (name: string) => boolean): DraftTable {
  return {
    ...table,
    columns: table.columns.filter((c) => !isIt(c.name)),
    keys: table.keys.filter((key) => !key.columns.some(isIt)),
    foreignKeys: table.foreignKeys.filter((key) => !key.columns.some(isIt)),
  };
}
