import { type Catalog, type CorpusTable, keyOf, type Row } from "./catalog.ts";
import type { CorpusEngine, Reader } from "./corpus-engine.ts";

/** What is different in one table: keys of rows that are gone or new, and rows that were changed, with their new values. */
export interface TableChange {
  readonly gone: readonly string[];
  readonly come: readonly string[];
  /** By key: the new values of the columns that changed. */
  readonly changed: Readonly<Record<string, Row>>;
}

/** By table; tables that are as they were are left out. */
export type Changes = Readonly<Record<string, TableChange>>;

type Rows = ReadonlyMap<string, Row>;

/** All rows of a database as they were, to compare with what is there later. */
export class Reference {
  readonly rows: ReadonlyMap<string, Rows>;
  readonly #engine: CorpusEngine;
  readonly #tables: readonly CorpusTable[];
  readonly #checksums: readonly string[];

  private constructor(
    engine: CorpusEngine,
    tables: readonly CorpusTable[],
    read: { readonly rows: ReadonlyMap<string, Rows>; readonly checksums: readonly string[] },
  ) {
    this.#engine = engine;
    this.#tables = tables;
    this.rows = read.rows;
    this.#checksums = read.checksums;
  }

  static async take(engine: CorpusEngine, catalog: Catalog, db: Reader): Promise<Reference> {
    const rows = new Map<string, Rows>();
    for (const table of catalog.tables) rows.set(table.name, await readRows(engine, table, db));
    return new Reference(engine, catalog.tables, {
      rows,
      checksums: await engine.checksums(db, catalog.tables),
    });
  }

  /** How many rows there were. */
  get size(): number {
    return [...this.rows.values()].reduce((n, rows) => n + rows.size, 0);
  }

  /** What changed since. Rows of a table are read again only where its checksum is another. */
  async changes(db: Reader): Promise<Changes> {
    const now = await this.#engine.checksums(db, this.#tables);
    const out: Record<string, TableChange> = {};
    for (const [i, table] of this.#tables.entries()) {
      if (now[i] === this.#checksums[i]) continue;
      const before = this.rows.get(table.name) ?? new Map<string, Row>();
      out[table.name] = difference(before, await readRows(this.#engine, table, db));
    }
    return out;
  }
}

async function readRows(engine: CorpusEngine, table: CorpusTable, db: Reader): Promise<Rows> {
  const rows = await db.rows(`select * from ${engine.quote(table.name)}`);
  return new Map(rows.map((row) => [keyOf(table, row), row]));
}

function difference(before: Rows, after: Rows): TableChange {
  const changed: Record<string, Row> = {};
  for (const [key, row] of before) {
    const now = after.get(key);
    if (!now) continue;
    const other = Object.keys(row).filter((column) => row[column] !== now[column]);
    if (other.length > 0) changed[key] = Object.fromEntries(other.map((c) => [c, now[c] ?? null]));
  }
  return {
    gone: [...before.keys()].filter((key) => !after.has(key)).sort(),
    come: [...after.keys()].filter((key) => !before.has(key)).sort(),
    changed: Object.fromEntries(Object.entries(changed).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The changes without columns that a trigger fills with the time, and so otherwise each time. */
export function withoutClocks(changes: Changes, clocks: readonly string[]): Changes {
  const bare = (row: Row) => Object.fromEntries(Object.entries(row).filter(([c]) => !clocks.includes(c)));
  return Object.fromEntries(
    Object.entries(changes).map(([table, change]) => {
      const changed = Object.entries(change.changed).map(([key, row]) => [key, bare(row)] as const);
      return [table, { ...change, changed: Object.fromEntries(changed) }];
    }),
  );
}
