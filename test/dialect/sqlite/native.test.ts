import { describe, expect, test } from "vitest";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import { memory, modelOf } from "./open.ts";

const R = "create table r (id integer primary key)";
const cascade = (name: string, parent: string) =>
  `create table ${name} (id integer primary key, up int references ${parent} on delete cascade)`;
const inner = (parent: string, rest: string) =>
  `create table b (id integer primary key, up int references ${parent} on delete cascade, a int references a on delete ${rest})`;

/** Tables in order of creation, rows, and the delete. */
interface Case {
  readonly tables: (inner: string) => readonly string[];
  readonly rows: readonly string[];
  readonly remove: string;
}

const diamond = ["insert into r values (1)", "insert into a values (1, 1)", "insert into b values (1, 1, 1)"];
const uneven = [
  "insert into r values (1)",
  "insert into a values (1, 1)",
  "insert into x values (1, 1)",
  "insert into b values (1, 1, 1)",
];
const tree = (rest: string) => [
  `create table a (id integer primary key, a int references a on delete ${rest})`,
];

const CASES: Readonly<Record<string, Case>> = {
  "a diamond, the restricted side made first": {
    tables: (rest) => [R, cascade("a", "r"), inner("r", rest)],
    rows: diamond,
    remove: "delete from r",
  },
  "a diamond, the restricted side made last": {
    tables: (rest) => [R, inner("r", rest), cascade("a", "r")],
    rows: diamond,
    remove: "delete from r",
  },
  "an uneven diamond, the restricted side made first": {
    tables: (rest) => [R, cascade("a", "r"), cascade("x", "r"), inner("x", rest)],
    rows: uneven,
    remove: "delete from r",
  },
  "an uneven diamond, the restricted side made last": {
    tables: (rest) => [R, cascade("x", "r"), cascade("a", "r"), inner("x", rest)],
    rows: uneven,
    remove: "delete from r",
  },
  "a row that references itself": {
    tables: tree,
    rows: ["insert into a values (1, 1)"],
    remove: "delete from a where id = 1",
  },
  "two roots, the parent's key smaller": {
    tables: tree,
    rows: ["insert into a values (1, null), (2, 1)"],
    remove: "delete from a",
  },
  "two roots, the child's key smaller": {
    tables: tree,
    rows: ["insert into a values (2, null), (1, 2)"],
    remove: "delete from a",
  },
};

/** What SQLite does about the case with this clause on the inner edge. */
function outcome(name: string, clause: string): "applies" | "refused" {
  const { tables, rows, remove } = CASES[name] as Case;
  const database = memory(...tables(clause), ...rows);
  try {
    database.exec(remove);
    return "applies";
  } catch (error) {
    expect((error as Error).message).toBe("FOREIGN KEY constraint failed");
    return "refused";
  }
}

async function verdict(name: string, clause: string, rows: { readonly selfReferences: number }) {
  const database = memory(...(CASES[name] as Case).tables(clause));
  const relation = (await modelOf(database)).relations.find((r) => r.columns[0] === "a");
  const engine = await sqliteEngine(database);
  return relation && engine.innerVerdict({ relation, byDifference: new Map([[0, 1]]), ...rows });
}

describe.each(Object.keys(CASES))("%s", (name) => {
  test.each(["no action", "no action deferrable initially deferred"])("applies with %s", async (clause) => {
    expect(outcome(name, clause)).toBe("applies");
    expect(await verdict(name, clause, { selfReferences: 0 })).toBe("applies");
  });
});

test.each(["restrict", "restrict deferrable initially deferred"])(
  "%s depends on the order, but for rows that reference themselves",
  async (clause) => {
    const outcomes = Object.fromEntries(Object.keys(CASES).map((name) => [name, outcome(name, clause)]));
    expect(outcomes).toEqual({
      "a diamond, the restricted side made first": "applies",
      "a diamond, the restricted side made last": "refused",
      "an uneven diamond, the restricted side made first": "applies",
      "an uneven diamond, the restricted side made last": "refused",
      "a row that references itself": "applies",
      "two roots, the parent's key smaller": "refused",
      "two roots, the child's key smaller": "applies",
    });
    expect(await verdict("a diamond, the restricted side made first", clause, { selfReferences: 0 })).toBe(
      "order-dependent",
    );
    expect(await verdict("a diamond, the restricted side made last", clause, { selfReferences: 0 })).toBe(
      "order-dependent",
    );
    expect(await verdict("a row that references itself", clause, { selfReferences: 1 })).toBe("applies");
  },
);
