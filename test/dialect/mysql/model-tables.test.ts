import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Transaction } from "../../../src/dialect/engine.ts";
import { readModel } from "../../../src/dialect/mysql/model.ts";
import { connect, createDatabase, journal, modelOf, pick, skip, tableIn } from "./open.ts";

describe.skipIf(skip)(`tables read on MariaDB${skip ? ` (${skip})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  const modelWith = async (ddl: string) => {
    await database.exec(ddl);
    return modelOf(database);
  };

  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });

  test("reads tables, and no views, sequences, temporary tables or tables of its own", async () => {
    const model = await modelWith(`
      create table b (id integer primary key); create table a (id integer) partition by hash (id) partitions 3;
      create view v as select * from a; create sequence s; create temporary table w (id integer);
      create table ondelete_operation (id integer primary key);
      create table ondelete_archive_part (id integer references ondelete_operation (id));
      create table ondelete_archive_chunk (id integer); create table ondelete_other (id integer)`);
    expect(model.tables.map((t) => pick(t, "id", "name", "namespace", "kind", "partitionOf"))).toEqual(
      ["a", "b", "ondelete_other"].map((name) => ({
        id: name,
        name,
        namespace: database.name,
        kind: "table",
        partitionOf: null,
      })),
    );
    expect(model.relations).toEqual([]);
  });

  test("describes keys and indexes; a unique index on a part of a column is no key", async () => {
    const model = await modelWith(`
      create table t (a integer, b varchar(20), c integer not null, d text, g point not null,
        primary key (c, a), unique key whole (b), unique key part (b(5), c), unique key down (a desc, b),
        unique key hashed (d), key mixed (a, b(4) desc), key idle (a) ignored, unique key quiet (a) ignored,
        fulltext key words (d), spatial key place (g))`);
    const t = tableIn(model, "t");
    expect(t.primaryKey).toEqual(["c", "a"]);
    expect(t.uniqueKeys).toEqual([
      { name: "down", columns: ["a", "b"], nullsDistinct: true },
      { name: "hashed", columns: ["d"], nullsDistinct: true },
      { name: "quiet", columns: ["a"], nullsDistinct: true },
      { name: "whole", columns: ["b"], nullsDistinct: true },
    ]);
    const common = { unique: true, predicate: null, valid: true, method: "btree", nullsDistinct: true };
    const plain = { ...common, unique: false };
    expect(t.indexes).toEqual([
      { ...common, name: "PRIMARY", columns: ["c", "a"], entries: ["`c`", "`a`"] },
      { ...common, name: "down", columns: ["a", "b"], entries: ["`a`", "`b`"] },
      { ...common, name: "hashed", columns: ["d"], method: "hash", entries: ["`d`"] },
      { ...plain, name: "idle", columns: ["a"], valid: false, entries: ["`a`"] },
      { ...plain, name: "mixed", columns: ["a", null], entries: ["`a`", "left(`b`, 4)"] },
      { ...common, name: "part", columns: [null, "c"], entries: ["left(`b`, 5)", "`c`"] },
      { ...plain, name: "place", columns: ["g"], method: "spatial", entries: ["`g`"] },
      { ...common, name: "quiet", columns: ["a"], entries: ["`a`"] },
      { ...common, name: "whole", columns: ["b"], entries: ["`b`"] },
      { ...plain, name: "words", columns: ["d"], method: "fulltext", entries: ["`d`"] },
    ]);
  });

  test("gives checks of tables, of columns and of JSON columns as conditions", async () => {
    const model = await modelWith(`
      create table t (a integer check (a > 0), b varchar(9), doc json, constraint low check (a < 10),
        constraint \`named \`\`one\` check (a < 100 and \`b\` <> 'it''s "x"'), check (b <> ''))`);
    const { checks } = tableIn(model, "t");
    const given = { enforced: true, unvalidated: true };
    expect(checks).toEqual([
      { ...given, name: "CONSTRAINT_1", expression: "`b` <> ''" },
      { ...given, name: "a", expression: "`a` > 0" },
      { ...given, name: "doc", expression: "json_valid(`doc`)" },
      { ...given, name: "low", expression: "`a` < 10" },
      { ...given, name: "named `one", expression: `\`a\` < 100 and \`b\` <> 'it''s "x"'` },
    ]);
    await database.exec("insert into t values (1, 'b', '{}')");
    const all = checks.map((check) => `(${check.expression})`).join(" and ");
    expect(await database.rows(`select a from t where ${all}`)).toEqual([{ a: "1" }]);
  });

  test("lists triggers in firing order", async () => {
    const model = await modelWith(`
      create table t (id integer primary key); create table u (id integer);
      create trigger second before delete on t for each row set @x = 2;
      create trigger first before delete on t for each row precedes second set @x = 1;
      create trigger later after delete on t for each row set @x = 3;
      create trigger changed after update on t for each row set @x = 4;
      create trigger \`In \`\`to\` before insert on t for each row set @x = 5`);
    const row = { level: "row", enabled: true };
    expect(tableIn(model, "t").triggers).toEqual([
      { ...row, name: "first", timing: "before", events: ["delete"] },
      { ...row, name: "second", timing: "before", events: ["delete"] },
      { ...row, name: "In `to", timing: "before", events: ["insert"] },
      { ...row, name: "later", timing: "after", events: ["delete"] },
      { ...row, name: "changed", timing: "after", events: ["update"] },
    ]);
    expect(tableIn(model, "u").triggers).toEqual([]);
  });

  test("tells tables whose changes cannot be rolled back", async () => {
    const model = await modelWith(`
      create table inno (id integer); create table parts (id integer) partition by hash (id) partitions 2;
      create table old (id integer) engine = MyISAM; create table safe (id integer) engine = Aria;
      create table mem (id integer) engine = MEMORY; create table csv (id integer not null) engine = CSV`);
    const lasting = model.tables.filter((t) => t.nonTransactional).map((t) => t.id);
    expect(lasting).toEqual(["csv", "mem", "old", "safe"]);
    for (const name of ["inno", "parts", ...lasting]) {
      await database.exec(`begin; insert into ${name} values (1); rollback`);
    }
    const left = await database.rows(
      model.tables.map((t) => `select '${t.id}' as tab, count(*) as n from ${t.id}`).join(" union all "),
    );
    expect(left.filter((row) => row.n === "1").map((row) => row.tab)).toEqual(lasting);
  });

  test("estimates rows", async () => {
    const model = await modelWith(`
      create table t (id integer); insert into t values (1), (2), (3); analyze table t`);
    expect(pick(tableIn(model, "t"), "rowEstimate", "rowSecurity")).toEqual({
      rowEstimate: 3,
      rowSecurity: false,
    });
  });

  test("takes ten queries, however many tables and databases", async () => {
    const other = `${database.name}_b`;
    const tables = Array.from({ length: 20 }, (_, i) => `create table t${i} (id integer primary key)`);
    await database.exec(`${tables.join(";")}; create database ${other};
      create table ${other}.c (t integer, foreign key (t) references ${database.name}.t0 (id))`);
    let queries = 0;
    const rows: Transaction["rows"] = (statement) => {
      queries += 1;
      return database.tx.rows(statement);
    };
    const model = await readModel({ ...database.tx, rows }, { journal });
    await database.exec(`drop database ${other}`);
    expect([model.tables.length, queries]).toEqual([21, 10]);
  });

  test("asks for a database where none is selected", async () => {
    const nowhere = await connect();
    await expect(modelOf(nowhere)).rejects.toMatchObject({
      code: "usage",
      hint: "Put the database into the URL: mysql://user@host/database.",
    });
    await nowhere.close();
  });
});
