import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/dialect/engine.ts";
import { id, sql } from "../../../src/dialect/sql.ts";
import { columnOf, type Table } from "../../../src/model/table.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, openEngine, postgresVariants } from "./open.ts";

/** A type, and values of it as SQL. */
type Case = readonly [type: string, ...values: readonly string[]];

const CASES: readonly Case[] = [
  ["smallint", "-32768", "32767"],
  ["integer", "-2147483648", "0"],
  ["bigint", "-9223372036854775808", "9007199254740993"],
  [
    "numeric",
    "'NaN'",
    "'Infinity'",
    "'-Infinity'",
    "1.500",
    "0.00",
    "1e-30",
    "12345678901234567890.1234567890",
  ],
  ["numeric(10,2)", "1.5", "-99999999.99"],
  ["real", "'-0'", "'NaN'", "'Infinity'", "0.1", "1e-40"],
  ["double precision", "'-0'", "'NaN'", "'-Infinity'", "1e-320", "0.1", "1.7976931348623157e308"],
  ["money", "'-12.34'", "'1234567.89'"],
  ["text", "''", "'it''s \"q\"'", "'a\\b\\\\'", "E'\\n\\t'", "'🐘 é'", "'NULL'", "'{a,b}'", "'  a  '"],
  ["character varying", "'ab  '"],
  ["character varying(5)", "'ab  '", "''"],
  ["character(5)", "'ab'", "''", "'abcde'"],
  ["bpchar", "'ab  '", "'ab'"],
  ['"char"', "'x'"],
  ["name", "'Some \"name\"'"],
  ["bytea", "''", "'\\x00ff5c27'", "decode('000102030405060708090a0b0c0d0e0f7f80fe', 'hex')"],
  ["boolean", "true", "false"],
  ["date", "'2024-02-29'", "'infinity'", "'-infinity'", "'0044-03-15 BC'"],
  ["time without time zone", "'24:00'", "'12:34:56.789012'"],
  ["time(3) without time zone", "'12:34:56.789'"],
  ["time with time zone", "'12:34:56.789012+05:30'"],
  ["timestamp without time zone", "'2024-01-01 12:34:56.123456'", "'infinity'", "'0044-03-15 01:02:03 BC'"],
  ["timestamp(3) without time zone", "'2024-01-01 12:34:56.123'"],
  [
    "timestamp with time zone",
    "'2024-07-01 12:34:56.123456+02'",
    "'-infinity'",
    "'1850-01-01 00:00 Europe/Berlin'",
  ],
  ["interval", "'1 mon -1 day +02:03:04.000005'", "'-1 year'", "'100000 hours'"],
  ["interval year to month", "'1 year 2 months'"],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"],
  ["json", `'{"b": 1,   "a":2, "a": 3}'`, "'null'", `'"\\u00e9"'`],
  ["jsonb", `'{"b": 1.50, "a": [null, "x\\"y"]}'`, "'null'"],
  ["inet", "'10.0.0.1'", "'10.0.0.1/8'", "'::1'"],
  ["cidr", "'10.0.0.0/8'"],
  ["macaddr", "'08:00:2b:01:02:03'"],
  ["macaddr8", "'08:00:2b:01:02:03:04:05'"],
  ["bit(3)", "B'101'"],
  ["bit varying", "B''", "B'10101'"],
  ["bit varying(8)", "B'10101'"],
  ["integer[]", "'{}'", "'{1,NULL,3}'", "'[2:3]={7,8}'", "'{{1,2},{3,4}}'"],
  ["text[]", `'{"", NULL, "NULL", "a,b", "q\\"", "b\\\\s", " sp "}'`, `'[0:1][-1:0]={{a,b},{"c d",NULL}}'`],
  ["character(3)[]", "'{a,bb,ccc}'"],
  ["bit(2)[]", "'{01,10}'"],
  ["timestamp(0) with time zone[]", `'{"2024-01-01 00:00:00+00"}'`],
  ["int4range", "'empty'", "'[1,5)'", "'(,3)'"],
  ["tstzrange", "'[2024-01-01 00:00+00, infinity]'"],
  ["nummultirange", "'{}'", "'{[1.0,2.00),(5,)}'"],
  ["point", "'(1.5,-0)'"],
  ["box", "'(1,1),(0,0)'"],
  ["path", "'[(0,0),(1,1)]'"],
  ["polygon", "'((0,0),(1,1),(1,0))'"],
  ["circle", "'<(0,0),2>'"],
  ["tsvector", "'a:1A fat:2B,4C cat:5'"],
  ["tsquery", "'fat & (rat | !cat:A)'"],
  ["oid", "4294967295"],
  ["pg_lsn", "'16/B374D848'"],
  ["xid", "'42'"],
  ["jsonpath", "'$.a[*] ? (@ > 1)'"],
  ["mood", "'so so'", "'ok'"],
  ["mood[]", `'{"so so",ok}'`],
  ["positive", "7"],
  ["short_code", "'abc'", "'a  '"],
  ["padded", "'ab'"],
  ["padded_twice", "'ab'"],
  ["short_code[]", "'{abc,NULL}'"],
  ['"Odd ""type"" (3)"', "row('x, \"y\"', null, 'ab', '{1,2}')", "row('', 1.50, 'abcd', null)"],
  ['"Odd ""type"" (3)"[]', `array[row('a''b', null, 'ab', null)::"Odd ""type"" (3)"]`],
];

const TYPES = `
  create type mood as enum ('so so', 'ok');
  create domain positive as integer check (value > 0);
  create domain short_code as varchar(3);
  create domain padded as character(4);
  create domain padded_twice as padded not null;
  create type "Odd ""type"" (3)" as (a text, n numeric, c character(4), i integer[]);`;

const optional: readonly { readonly setup: string; readonly cases: readonly Case[] }[] = [
  { setup: "select xmlparse(content '<a/>')", cases: [["xml", "'<a b=\"1\">x</a>'"]] },
  { setup: "create extension hstore", cases: [["hstore", `'"a b"=>"1", c=>NULL'`]] },
  { setup: "create extension citext", cases: [["citext", "'MiXed'"]] },
];

describe.each(postgresVariants)("on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;
  const cases: Case[] = [...CASES];
  let tables: ReadonlyMap<string, Table>;

  beforeAll(async () => {
    db = await variant.create();
    await db.exec(TYPES);
    for (const { setup, cases: more } of optional) {
      const available = await db.exec(setup).then(
        () => true,
        () => false,
      );
      if (available) cases.push(...more);
    }
    for (const [i, [type, ...values]] of cases.entries()) {
      await db.exec(`create table t${i} (id integer primary key, v ${type});
        create table back${i} (id integer primary key, v ${type});
        create table typed${i} (id integer primary key, v ${type});
        insert into t${i} values ${values.map((value, n) => `(${n}, ${value})`).join(", ")};`);
      if (type !== "padded_twice") await db.exec(`insert into t${i} values (99, null)`);
    }
    engine = await openEngine(variant, db);
    tables = new Map((await engine.readModel({ journal })).tables.map((table) => [table.name, table]));
  });

  afterAll(async () => {
    await db?.drop();
  });

  const differing = async (i: number, other: string) => {
    const rows = await db.rows(
      `select count(*) filter (where not record_image_eq(row(t.v), row(o.v))) as differ, count(*) as rows, (select count(*) from t${i}) as all
      from t${i} t join ${other}${i} o using (id)`,
    );
    return rows[0];
  };

  test("every type comes back from an archive image bit by bit", async () => {
    const { syntax } = engine;
    for (const [i, [type, ...values]] of cases.entries()) {
      const columns = ["id", "v"].map((name) => columnOf(tables.get(`t${i}`) as Table, name));
      await engine.write({ lockTimeoutMs: 1000 }, async (tx) => {
        const image = syntax.image(columns.map((column) => ({ value: id(column.name), column })));
        const packs = syntax.pack(sql`select ${image} as image from ${id(`t${i}`)}`);
        const rows = syntax.unpack(sql`select images from (${packs}) as packs`, columns);
        await tx.run(sql`insert into ${id(`back${i}`)} (id, v) ${rows}`);
      });
      const rows = String(values.length + (type === "padded_twice" ? 0 : 1));
      expect([type, await differing(i, "back")]).toEqual([type, { differ: "0", rows, all: rows }]);
    }
  });

  test("every type comes back from the text that went through the process", async () => {
    const { syntax } = engine;
    for (const [i, [type]] of cases.entries()) {
      const column = columnOf(tables.get(`t${i}`) as Table, "v");
      await engine.write({ lockTimeoutMs: 1000 }, async (tx) => {
        const rows = await tx.rows(
          sql`select id, ${syntax.text(id("v"), column)} as v from ${id(`t${i}`)} where v is not null`,
        );
        for (const row of rows) {
          const value = syntax.value(row.v as string, column);
          await tx.run(sql`insert into ${id(`typed${i}`)} values (${row.id}::integer, ${value})`);
        }
      });
      expect([type, (await differing(i, "typed"))?.differ]).toEqual([type, "0"]);
    }
  });
});
