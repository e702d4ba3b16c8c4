import { describe, expect, test } from "vitest";
import { id, raw, sql } from "../../../src/dialect/sql.ts";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import { LITERALS } from "../../support/sqlite-values.ts";
import { columnIn, memory, selectWith, tableIn, values } from "./open.ts";

const TYPES: readonly string[] = [
  "integer",
  "real",
  "numeric",
  "text",
  "blob",
  "",
  "any",
  "varchar(20) collate nocase",
];

/** Each stored value's storage class and bytes, where the sign of zero shows. */
const exact = (column: string) =>
  `typeof(${column}), quote(${column}), hex(${column}), case when typeof(${column}) = 'real' then atan2(${column}, -1) end`;

describe.each([...TYPES, "any, strict"])("a column of type '%s'", (declared) => {
  const [type = "", strict] = declared.split(", ");
  const filled = () => {
    const database = memory(`create table t (id integer primary key, v ${type})${strict ?? " "}`);
    for (const [i, literal] of LITERALS.entries()) database.exec(`insert into t values (${i}, ${literal})`);
    return database;
  };

  test("every value goes through an archive image unchanged", async () => {
    const database = filled();
    const { syntax } = await sqliteEngine(database);
    const column = await columnIn(database, "t", "v");
    const image = syntax.image([
      { value: raw("id"), column },
      { value: id("t", "v"), column },
    ]);
    const packs = syntax.pack(sql`select ${image} as image from t`, 131_072);
    const rows = syntax.unpack(sql`select images from (${packs})`, [
      await columnIn(database, "t", "id"),
      column,
    ]);
    database.exec(`create table back (id integer primary key, v ${type})${strict ?? " "}`);
    database.exec(`insert into back (id, v) ${syntax.print(rows)}`);
    const before = values(database, `select id, ${exact("v")} from t order by id`);
    expect(before).toHaveLength(LITERALS.length);
    expect(values(database, `select id, ${exact("v")} from back order by id`)).toEqual(before);
    const same = `select t.id from t join back b using (id) where t.v is b.v`;
    expect(values(database, same)).toHaveLength(LITERALS.length);
  });

  test("every value's text finds exactly the rows that are equal to it", async () => {
    const database = filled();
    const engine = await sqliteEngine(database);
    const column = await columnIn(database, "t", "v");
    const asText = engine.syntax.text(raw("v"), column);
    const printed = await selectWith(
      engine,
      sql`select id, ${asText} as v from t where v is not null order by id`,
    );
    for (const row of printed) {
      // JavaScript's strings cannot hold text that is not Unicode.
      if (row.id === String(LITERALS.indexOf("cast(x'ff41c3' as text)"))) continue;
      const condition = sql`v = ${engine.syntax.value(row.v ?? "", column)}`;
      const found = await selectWith(engine, sql`select id from t where ${condition} order by id`);
      const equal = values(
        database,
        `select b.id from t a, t b where a.id = ${row.id} and a.v = b.v order by b.id`,
      );
      expect(found.map((r) => BigInt(r.id ?? ""))).toEqual(equal.flat());
      const literal = engine.syntax.print(condition);
      expect(values(database, `select id from t where ${literal} order by id`)).toEqual(equal);
    }
  });

  test("a value that is written as text and read back is stored as it was", async () => {
    const database = filled();
    const engine = await sqliteEngine(database);
    const column = await columnIn(database, "t", "v");
    const asText = engine.syntax.text(raw("v"), column);
    const printed = await selectWith(
      engine,
      sql`select id, ${asText} as v from t where v is not null order by id`,
    );
    database.exec(`create table back (id integer primary key, v ${type})${strict ?? " "}`);
    const lost = [LITERALS.indexOf("cast(x'ff41c3' as text)"), LITERALS.indexOf("-0.0")].map(String);
    const kept = printed.filter((row) => !lost.includes(row.id ?? ""));
    await engine.write({ lockTimeoutMs: 0 }, async (tx) => {
      for (const row of kept) {
        await tx.run(sql`insert into back values (${row.id}, ${engine.syntax.value(row.v ?? "", column)})`);
      }
    });
    const query = (table: string) =>
      `select id, ${exact("v")} from ${table} where v is not null and id not in (${lost.join()}) order by id`;
    expect(values(database, query("back"))).toEqual(values(database, query("t")));
  });
});

test("the text of a value is what a person would write", async () => {
  const database = memory(
    "create table t (i integer, r real, s text, b blob, u)",
    "insert into t values (9007199254740993, 0.1, 'it''s', x'00FF', 'it')",
    "insert into t values (-1, 2, '1', x'', '1')",
    "insert into t values ('abc', 9e999, x'41', 'x''41''', 1)",
  );
  const engine = await sqliteEngine(database);
  const shown = await Promise.all(
    ["i", "r", "s", "b", "u"].map(async (name) => {
      const text = engine.syntax.text(id(name), await columnIn(database, "t", name));
      return (await selectWith(engine, sql`select ${text} as v from t order by rowid`)).map((row) => row.v);
    }),
  );
  expect(shown).toEqual([
    ["9007199254740993", "-1", "abc"],
    ["0.1", "2.0", "9.0e+999"],
    ["it's", "1", "x'41'"],
    ["x'00ff'", "x''", "'x'41'"],
    ["it", "'1", "1"],
  ]);
});

test("an image of 2,000 columns can be made and read", async () => {
  const names = Array.from({ length: 2000 }, (_, i) => `c${i}`);
  const database = memory(
    `create table t (${names.join(", ")})`,
    "insert into t (c0, c1999) values ('first', 1.5)",
  );
  const engine = await sqliteEngine(database);
  const { columns } = await tableIn(database, "t");
  const image = engine.syntax.image(columns.map((column) => ({ value: id(column.name), column })));
  const packs = engine.syntax.pack(sql`select ${image} as image from t`, 131_072);
  const rows = engine.syntax.unpack(sql`select images from (${packs})`, columns);
  expect(await selectWith(engine, sql`select c0, c1, c1999 from (${rows})`)).toEqual([
    { c0: "first", c1: null, c1999: "1.5" },
  ]);
});

test("an image is JSON that shows storage classes", async () => {
  const database = memory(
    "create table t (a, b, c, d, e)",
    `insert into t values (1, 2.5, 'x"y', x'0A', null)`,
  );
  const engine = await sqliteEngine(database);
  const column = await columnIn(database, "t", "a");
  const image = engine.syntax.image(["a", "b", "c", "d", "e"].map((name) => ({ value: id(name), column })));
  expect(await selectWith(engine, sql`select ${image} as image from t`)).toEqual([
    { image: '["i:1","r:2.5","t:x\\"y","b:0A",null]' },
  ]);
});

test("images work in a database whose text is UTF-16", async () => {
  const database = memory(
    "pragma encoding = 'UTF-16le'",
    "create table t (a)",
    "insert into t values ('ü🙂' || char(0) || 'x')",
  );
  const engine = await sqliteEngine(database);
  const column = await columnIn(database, "t", "a");
  const image = engine.syntax.image([{ value: raw("a"), column }]);
  const packs = engine.syntax.pack(sql`select ${image} as image from t`, 131_072);
  const back = engine.syntax.unpack(sql`select images from (${packs})`, [column]);
  expect(
    await selectWith(
      engine,
      sql`select b.a is t.a as same, length(hex(b.a)) as n from t join (${back}) as b`,
    ),
  ).toEqual([{ same: "1", n: "20" }]);
});

test("printed statements run and mean the same", async () => {
  const database = memory();
  const { syntax } = await sqliteEngine(database);
  const parameters = [
    "it's",
    "a\0b",
    1,
    -0.5,
    1e21,
    Number.POSITIVE_INFINITY,
    2n ** 63n - 1n,
    new Uint8Array([0, 255]),
    null,
  ];
  const text = syntax.print(
    sql`select ${sql.join(parameters.map((value) => sql`typeof(${value}) || ':' || quote(${value})`))}`,
  );
  expect(values(database, text)[0]).toEqual([
    "text:'it''s'",
    expect.stringContaining("text:"),
    "integer:1",
    "real:-0.5",
    "real:1.0e+21",
    "real:9.0e+999",
    "integer:9223372036854775807",
    "blob:X'00FF'",
    "null:NULL",
  ]);
  expect(values(database, syntax.print(sql`select hex(${"a\0b"})`))).toEqual([["610062"]]);
});

test("isFalse takes null for not false, as CHECK does, and same takes two nulls for the same", async () => {
  const database = memory("create table t (a check (a))");
  const { syntax } = await sqliteEngine(database);
  for (const literal of ["null", "0", "1", "0.0", "'abc'", "'1'", "0.5"]) {
    const isFalse = values(database, `select ${syntax.print(syntax.isFalse(raw(literal)))}`)[0]?.[0] === 1n;
    const insert = () => database.exec(`insert into t values (${literal})`);
    if (isFalse) expect(insert).toThrow(/CHECK constraint failed/);
    else insert();
  }
  expect(values(database, `select ${syntax.print(syntax.same(raw("null"), raw("null")))}`)).toEqual([[1n]]);
  expect(values(database, `select ${syntax.print(syntax.same(raw("null"), raw("1")))}`)).toEqual([[0n]]);
});
