import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Column } from "../../../src/model/table.ts";
import { createDatabase, modelOf, skip, tableIn } from "./open.ts";

describe.skipIf(skip)(`columns read on MariaDB${skip ? ` (${skip})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const columnsOf = async (definition: string): Promise<readonly Column[]> => {
    await database.exec(`create table t (${definition})`);
    return tableIn(await modelOf(database), "t").columns;
  };

  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });

  const plain = {
    nullable: true,
    default: null,
    expression: null,
    generated: null,
    identity: null,
    sequence: null,
    collation: null,
    enumValues: null,
  };

  test("describes columns with type, default, counter, generation, collation and labels", async () => {
    const columns = await columnsOf(`
      id bigint unsigned not null auto_increment primary key,
      name varchar(5) character set utf8mb4 collate utf8mb4_bin not null default 'x',
      code char(2) character set latin1 collate latin1_german1_ci,
      raw varbinary(8), n decimal(10,2),
      mood enum('sad', 'it''s', 'a,b', 'é', 'back\\\\slash', '') character set utf8mb4 collate utf8mb4_unicode_ci,
      tags set('a', 'b') character set ascii collate ascii_general_ci,
      v integer as (id + 1) virtual, s varchar(9) character set utf8mb4 collate utf8mb4_bin as (concat(name, 'é')) stored,
      hidden integer invisible default 3`);
    expect(columns).toEqual([
      { ...plain, name: "id", type: "bigint(20) unsigned", nullable: false, identity: "by default" },
      {
        ...plain,
        name: "name",
        type: "varchar(5)",
        nullable: false,
        default: "'x'",
        collation: "utf8mb4_bin",
      },
      { ...plain, name: "code", type: "char(2)", collation: "latin1_german1_ci" },
      { ...plain, name: "raw", type: "varbinary(8)" },
      { ...plain, name: "n", type: "decimal(10,2)" },
      {
        ...plain,
        name: "mood",
        type: "enum('sad','it''s','a,b','é','back\\\\slash','')",
        collation: "utf8mb4_unicode_ci",
        enumValues: ["sad", "it's", "a,b", "é", "back\\slash", ""],
      },
      { ...plain, name: "tags", type: "set('a','b')", collation: "ascii_general_ci" },
      { ...plain, name: "v", type: "int(11)", generated: "virtual", expression: "`id` + 1" },
      {
        ...plain,
        name: "s",
        type: "varchar(9)",
        generated: "stored",
        expression: "concat(`name`,'é')",
        collation: "utf8mb4_bin",
      },
      { ...plain, name: "hidden", type: "int(11)", default: "3" },
    ]);
  });

  test("gives defaults as expressions that yield the default, and null for the default null", async () => {
    const columns = await columnsOf(`
      none integer, required integer not null, nothing varchar(9) default null, text_null varchar(9) default 'NULL',
      quoted varchar(20) default 'it''s "x" \\\\ y', empty varchar(9) not null default '', n integer default 5,
      d decimal(5,2) default 1.50, f double default 1e5, bits bit(3) default b'101', day date default '2020-01-31',
      computed integer default (1 + 2), called varchar(36) default (upper('a''b')), doc json default json_object('a', 1),
      y year default 2020, flag boolean default true`);
    const defaults = columns.map((column) => [column.name, column.default]);
    expect(defaults).toEqual([
      ["none", null],
      ["required", null],
      ["nothing", null],
      ["text_null", "'NULL'"],
      ["quoted", `'it''s "x" \\\\ y'`],
      ["empty", "''"],
      ["n", "5"],
      ["d", "1.50"],
      ["f", "100000"],
      ["bits", "b'101'"],
      ["day", "'2020-01-31'"],
      ["computed", "(1 + 2)"],
      ["called", "ucase('a''b')"],
      ["doc", "json_object('a',1)"],
      ["y", "2020"],
      ["flag", "1"],
    ]);
    await database.exec("insert into t (required) values (0)");
    const written = columns.filter((c) => c.default !== null);
    const [row] = await database.rows(
      `select ${written.map((c) => `\`${c.name}\` = ${c.default} as \`${c.name}\``)} from t`,
    );
    expect(Object.values(row ?? {})).toEqual(written.map(() => "1"));
  });

  test("knows the columns that every update moves to the present", async () => {
    const columns = await columnsOf(`
      a timestamp not null default current_timestamp on update current_timestamp,
      b datetime(3) default '2020-01-01' on update current_timestamp(3), c timestamp null default current_timestamp`);
    expect(columns.map((c) => [c.name, c.default, c.movesOnUpdate])).toEqual([
      ["a", "current_timestamp()", true],
      ["b", "'2020-01-01 00:00:00.000'", true],
      ["c", "current_timestamp()", undefined],
    ]);
  });

  test("a system-versioned table is a table whose keys hold among current rows, its period being generated", async () => {
    await database.exec(`
      create table implied (id integer primary key) with system versioning;
      create table named (id integer, code integer unique, since timestamp(6) generated always as row start,
        until timestamp(6) generated always as row end, primary key (id), period for system_time (since, until),
        key lately (until)) with system versioning`);
    const model = await modelOf(database);
    expect(tableIn(model, "implied").columns.map((c) => c.name)).toEqual(["id"]);
    const named = tableIn(model, "named");
    expect(named.columns.map((c) => [c.name, c.generated, c.expression])).toEqual([
      ["id", null, null],
      ["code", null, null],
      ["since", "stored", "ROW START"],
      ["until", "stored", "ROW END"],
    ]);
    expect(named.primaryKey).toEqual(["id"]);
    expect(named.uniqueKeys).toEqual([{ name: "code", columns: ["code"], nullsDistinct: true }]);
    expect(named.indexes.map((i) => [i.name, i.columns])).toEqual([
      ["PRIMARY", ["id"]],
      ["code", ["code"]],
      ["lately", ["until"]],
    ]);
    await database.exec(
      "insert into named (id, code) values (1, 1); delete from named; insert into named (id, code) values (1, 1)",
    );
    expect(await database.rows("select count(*) as n from named for system_time all")).toEqual([{ n: "2" }]);
  });

  test("a period of the application stands in keys with its two columns, and as a check", async () => {
    await database.exec(`create table t (id integer, a date, b date, period for app (a, b),
      primary key (id, app without overlaps))`);
    const t = tableIn(await modelOf(database), "t");
    expect(t.primaryKey).toEqual(["id", "b", "a"]);
    expect(t.checks).toEqual([{ name: "app", expression: "`a` < `b`", enforced: true, unvalidated: true }]);
    expect(t.columns.map((c) => [c.name, c.nullable])).toEqual([
      ["id", false],
      ["a", false],
      ["b", false],
    ]);
  });
});
