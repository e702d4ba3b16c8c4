import { describe, expect, test } from "vitest";
import { raw } from "../../../src/dialect/sql.ts";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import { columnIn, memory, values } from "./open.ts";

const TYPES: readonly string[] = [
  "integer primary key",
  "int primary key",
  "real primary key",
  "numeric primary key",
  "text primary key",
  "text collate nocase primary key",
  "text collate rtrim primary key",
  "blob primary key",
  "primary key",
  "any primary key",
];
const CHILD_TYPES: readonly string[] = [
  "integer",
  "real",
  "numeric",
  "text",
  "text collate nocase",
  "blob",
  "any",
];
const LITERALS: readonly string[] = [
  "1",
  "1.0",
  "'1'",
  "'01'",
  "'1.0'",
  "'a'",
  "'A'",
  "'a '",
  "x'31'",
  "2.5",
  "'2.5'",
  "9007199254740993",
  "9007199254740992.0",
  "'9007199254740993'",
  "1e20",
  "'1.0e+20'",
  "0.1 + 0.2",
  "'0.3'",
  "'0.30000000000000004'",
];

/** Which pairs of stored values SQLite itself takes for a reference: one parent at a time, each child inserted. */
function accepted(parentType: string, childType: string): readonly string[] {
  const pairs: string[] = [];
  for (const parent of LITERALS) {
    const database = memory(
      `create table p (k ${parentType})`,
      `create table c (k ${childType} references p (k))`,
    );
    try {
      database.exec(`insert into p values (${parent})`);
    } catch {
      continue;
    }
    for (const child of LITERALS) {
      try {
        database.exec(`insert into c values (${child})`);
        pairs.push(`${child} -> ${parent}`);
      } catch (error) {
        expect((error as Error).message).toBe("FOREIGN KEY constraint failed");
      }
    }
    database.close();
  }
  return pairs;
}

async function compared(parentType: string, childType: string): Promise<readonly string[]> {
  const database = memory(`create table p (k ${parentType})`, `create table c (k ${childType})`);
  const { syntax } = await sqliteEngine(database);
  const [child, parent] = [await columnIn(database, "c", "k"), await columnIn(database, "p", "k")];
  const condition = syntax.print(syntax.references(raw("c.k"), child, raw("p.k"), parent));
  const pairs: string[] = [];
  for (const parentValue of LITERALS) {
    try {
      database.exec(`delete from p; insert into p values (${parentValue})`);
    } catch {
      continue;
    }
    for (const childValue of LITERALS) {
      database.exec(`delete from c; insert into c values (${childValue})`);
      const [row] = values(database, `select 1 from p, c where ${condition}`);
      if (row) pairs.push(`${childValue} -> ${parentValue}`);
    }
  }
  database.close();
  return pairs;
}

describe.each(TYPES)("a parent key of type '%s'", (parentType) => {
  test.each(CHILD_TYPES)(
    "is referenced by the values of a child of type '%s' that SQLite accepts",
    async (childType) => {
      const pairs = accepted(parentType, childType);
      expect(pairs.length).toBeGreaterThan(0);
      expect(await compared(parentType, childType)).toEqual(pairs);
    },
  );
});

test.each([
  ["integer primary key", "integer"],
  ["text primary key", "text"],
  ["text primary key", "integer"],
  ["text primary key", ""],
  ["blob primary key", "integer"],
  ["text collate nocase primary key", "text collate nocase"],
])(
  "an index on the child serves the comparison of a parent '%s' and a child '%s'",
  async (parentType, childType) => {
    const database = memory(
      `create table p (k ${parentType})`,
      `create table c (id integer primary key, k ${childType})`,
      "create index ck on c (k)",
    );
    const { syntax } = await sqliteEngine(database);
    const [child, parent] = [await columnIn(database, "c", "k"), await columnIn(database, "p", "k")];
    const condition = syntax.print(syntax.references(raw("c.k"), child, raw("p.k"), parent));
    const query = `select c.id from p ${syntax.print(syntax.drivenJoin)} c on ${condition}`;
    const steps = values(database, `explain query plan ${query}`).map((row) => String(row[3]));
    expect(steps).toHaveLength(2);
    expect(steps[0]).toMatch(/^SCAN p/);
    expect(steps[1]).toMatch(/^SEARCH c USING (COVERING )?INDEX ck \(k=\?\)$/);
  },
);
