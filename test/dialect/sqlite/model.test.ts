import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import type { SqliteHandle } from "../../../src/dialect/sqlite/handle.ts";
import type { Relation } from "../../../src/model/relation.ts";
import { journal, memory, modelOf, tableIn, values } from "./open.ts";

const relationsOf = async (...statements: readonly string[]) =>
  (await modelOf(memory(...statements))).relations;

const indexedOf = async (...statements: readonly string[]) =>
  (
    await relationsOf(
      "create table p (id integer primary key, name text collate nocase unique)",
      ...statements,
    )
  ).map((r) => r.indexed);

test("tables are the user's own: no views, virtual tables, shadow tables, or tables of ondelete", async () => {
  const model = await modelOf(
    memory(
      "create table b (id integer primary key autoincrement)",
      "create table A (id integer)",
      "create view v as select * from nowhere",
      "create virtual table f using fts5(x)",
      "create temp table temporary_one (a)",
      "create table ondelete_operation (id text primary key references b(id))",
      "create table Ondelete_Archive_Part (id integer)",
      "create table ondelete_archive_chunk (id integer)",
      "create table ondelete_operations (id integer)",
      "create table ondelete_ (id integer)",
      "create table notondelete (id integer)",
      "create index ai on A(id)",
      "analyze",
    ),
  );
  expect(model.defaultNamespace).toBe("main");
  expect(model.tables.map((t) => t.id)).toEqual([
    "A",
    "b",
    "notondelete",
    "ondelete_",
    "ondelete_operations",
  ]);
  expect(model.relations).toEqual([]);
  const empty = await (await sqliteEngine(memory("create table t (a)"))).readModel({
    journal,
    namespaces: ["other"],
  });
  expect(empty.tables).toEqual([]);
});

test("a table is read with all that it declares", async () => {
  const table = await tableIn(
    memory(
      `create table "my table" (
        id integer primary key autoincrement,
        code varchar(10) not null default abc collate nocase constraint code_u unique,
        "b c" int check ("b c" > 0),
        total as ("b c" * 2),
        kept int generated always as ("b c" + 1) stored,
        unique ("b c", code)
      )`,
      `create unique index part on "my table" (code) where "b c" is not null`,
      `create unique index expr on "my table" (lower(code))`,
      `create index plain on "my table" ("b c" desc, code collate binary)`,
      `insert into "my table" (code, "b c") values ('x', 1), ('y', null)`,
      "analyze",
    ),
    "my table",
  );
  const column = {
    nullable: true,
    default: null,
    expression: null,
    generated: null,
    identity: null,
    sequence: null,
    collation: null,
    enumValues: null,
  };
  expect(table.columns).toEqual([
    { ...column, name: "id", type: "INTEGER", nullable: false, identity: "by default" },
    { ...column, name: "code", type: "varchar(10)", nullable: false, default: "'abc'", collation: "nocase" },
    { ...column, name: "b c", type: "INT" },
    { ...column, name: "total", type: "", generated: "virtual", expression: `"b c" * 2` },
    { ...column, name: "kept", type: "INT", generated: "stored", expression: `"b c" + 1` },
  ]);
  expect(table.primaryKey).toEqual(["id"]);
  expect(table.uniqueKeys).toEqual([
    { name: "code_u", columns: ["code"], nullsDistinct: true },
    { name: "sqlite_autoindex_my table_2", columns: ["b c", "code"], nullsDistinct: true },
  ]);
  const index = { unique: true, predicate: null, valid: true, method: "btree", nullsDistinct: true };
  expect(table.indexes).toEqual([
    { ...index, name: "expr", columns: [null], entries: ['(lower(code)) collate "BINARY"'] },
    {
      ...index,
      name: "part",
      columns: ["code"],
      entries: ['"code" collate "nocase"'],
      predicate: '"b c" is not null',
    },
    {
      ...index,
      name: "plain",
      columns: ["b c", "code"],
      entries: ['"b c" collate "BINARY"', '"code" collate "binary"'],
      unique: false,
    },
    {
      ...index,
      name: "sqlite_autoindex_my table_1",
      columns: ["code"],
      entries: ['"code" collate "nocase"'],
    },
    {
      ...index,
      name: "sqlite_autoindex_my table_2",
      columns: ["b c", "code"],
      entries: ['"b c" collate "BINARY"', '"code" collate "nocase"'],
    },
  ]);
  expect(table.checks).toEqual([{ name: null, expression: '"b c" > 0', enforced: true }]);
  expect(table.rowEstimate).toBe(2);
});

test("checks that the connection ignores are not enforced, and rows are not estimated without ANALYZE", async () => {
  const table = await tableIn(
    memory("pragma ignore_check_constraints = on", "create table t (a check (a))"),
    "t",
  );
  expect(table.checks).toEqual([{ name: null, expression: "a", enforced: false }]);
  expect(table.rowEstimate).toBeNull();
});

test.each([
  ["a integer primary key", "", [false]],
  ["a integer primary key desc", "", [true]],
  ["a int primary key", "", [true]],
  ["a text primary key not null", "", [false]],
  ["a text primary key", "without rowid", [false]],
  ["a text primary key", "strict", [false]],
  ["a integer, b integer, primary key (b, a)", "", [true, true]],
  ["a integer, b integer, primary key (b, a)", "strict", [false, false]],
  ["a integer, primary key (a desc)", "", [false]],
])("whether key columns of (%s) %s can be null is what SQLite says", async (columns, options, expected) => {
  const database = memory(`create table t (${columns}) ${options}`);
  const table = await tableIn(database, "t");
  expect(table.columns.map((c) => c.nullable)).toEqual(expected);
  for (const column of table.columns) {
    database.exec("delete from t");
    const others = table.columns.map((c) => (c === column ? "null" : "1"));
    const inserted = (() => {
      try {
        database.exec(`insert into t values (${others.join()})`);
        return values(database, `select 1 from t where ${column.name} is null`).length === 1;
      } catch {
        return false;
      }
    })();
    expect(inserted).toBe(column.nullable);
  }
});

test("a unique index that compares finer than its column is no unique key", async () => {
  const table = await tableIn(
    memory(
      "create table t (a text collate nocase, b text)",
      "create unique index fine on t (a collate binary)",
      "create unique index same on t (a)",
      "create unique index coarse on t (b collate nocase)",
    ),
    "t",
  );
  expect(table.uniqueKeys.map((k) => k.name)).toEqual(["coarse", "same"]);
});

const relation: Omit<Relation, "id" | "child" | "columns" | "parent" | "parentColumns"> = {
  onDelete: "no action",
  onUpdate: "no action",
  enforcedBy: "database",
  origin: "declared",
  name: null,
  match: "simple",
  deferrable: false,
  initiallyDeferred: false,
  validated: true,
  enforced: true,
  setColumns: null,
  indexed: false,
  order: 0,
  triggerName: null,
  when: null,
  childPartition: null,
  parentPartition: null,
};

test("foreign keys are read with names, actions and deferrability, in the letter case of the parent's own text", async () => {
  const relations = await relationsOf(
    `create table Parent (Id integer primary key, "A b" int, c int, unique ("A b", c))`,
    `create table child (
      x int constraint first references PARENT on delete set null match full,
      y int,
      z int constraint third references parent (ID) on delete cascade on update restrict deferrable initially deferred,
      constraint second foreign key (Y, Z) references pArent ("a B", C) on delete set default
    )`,
  );
  expect(relations).toEqual([
    {
      ...relation,
      id: "child(x) -> Parent(Id)",
      child: "child",
      columns: ["x"],
      parent: "Parent",
      parentColumns: ["Id"],
      name: "first",
      onDelete: "set null",
      order: 2,
    },
    {
      ...relation,
      id: "child(y,z) -> Parent(A b,c)",
      child: "child",
      columns: ["y", "z"],
      parent: "Parent",
      parentColumns: ["A b", "c"],
      name: "second",
      onDelete: "set default",
      order: 0,
    },
    {
      ...relation,
      id: "child(z) -> Parent(Id)",
      child: "child",
      columns: ["z"],
      parent: "Parent",
      parentColumns: ["Id"],
      name: "third",
      onDelete: "cascade",
      onUpdate: "restrict",
      deferrable: true,
      initiallyDeferred: true,
      order: 1,
    },
  ]);
});

test("a foreign key whose parent does not exist, or not with these columns, is left out", async () => {
  const relations = await relationsOf(
    "create table p (a int, b int, primary key (a, b))",
    "create view w as select 1 as id",
    `create table c (
      gone int references nowhere (id), column_gone int references p (z), count int references p, view_one int references w (id),
      a int, b int, foreign key (a, b) references p
    )`,
  );
  expect(relations.map((r) => r.id)).toEqual(["c(a,b) -> p(a,b)"]);
});

test("constraints on the same columns get names, and relations are nobody's where enforcement is off", async () => {
  const relations = await relationsOf(
    "pragma foreign_keys = off",
    "create table p (id integer primary key)",
    `create table c (p_id int, constraint two foreign key (p_id) references p on delete cascade,
      constraint one foreign key (p_id) references p on delete set null)`,
  );
  expect(relations.map((r) => [r.id, r.name, r.enforcedBy, r.enforced])).toEqual([
    ["c(p_id) -> p(id)", "one", "nobody", false],
    ["c(p_id) -> p(id)#two", "two", "nobody", false],
  ]);
});

test("a relation is indexed where an index or key leads with its columns and leaves out only nulls", async () => {
  const c = "create table c (id int, p_id int references p, other int, primary key (id))";
  expect(await indexedOf(c)).toEqual([false]);
  expect(await indexedOf(c, "create index i on c (p_id, other)")).toEqual([true]);
  expect(await indexedOf(c, "create index i on c (other, p_id)")).toEqual([false]);
  expect(await indexedOf(c, "create index i on c (p_id) where p_id is not null")).toEqual([true]);
  expect(await indexedOf(c, `create index i on c (p_id) where ("P_ID" NOTNULL)`)).toEqual([true]);
  expect(await indexedOf(c, "create index i on c (p_id) where other is not null")).toEqual([false]);
  expect(await indexedOf(c, "create index i on c (p_id) where p_id > 5")).toEqual([false]);
  expect(await indexedOf(c, "create index i on c (p_id + 0)")).toEqual([false]);
  expect(await indexedOf("create table c (p_id integer primary key references p)")).toEqual([true]);
  expect(
    await indexedOf("create table c (p_id int references p, a int, primary key (p_id, a)) without rowid"),
  ).toEqual([true]);
  expect(await indexedOf("create table c (n text references p (name))", "create index i on c (n)")).toEqual([
    false,
  ]);
  expect(
    await indexedOf("create table c (n text references p (name))", "create index i on c (n collate nocase)"),
  ).toEqual([true]);
});

test("a composite relation is indexed by its columns in any order", async () => {
  const p = "create table q (a int, b int, primary key (a, b))";
  const c = "create table c (x int, y int, foreign key (x, y) references q)";
  expect(await indexedOf(p, c, "create index i on c (y, x)")).toEqual([true]);
  expect(await indexedOf(p, c, "create index i on c (y) where x is not null")).toEqual([false]);
  expect(await indexedOf(p, c, "create index i on c (y, x) where x is not null and y is not null")).toEqual([
    true,
  ]);
});

test("an index that counts as one is what SQLite uses to look for children", () => {
  const plan = (index: string) =>
    String(
      values(
        memory("create table c (id integer primary key, x int)", `create index i on c (x) where ${index}`),
        "explain query plan select id from c where x = 1",
      )[0]?.[3],
    );
  expect(plan("x is not null")).toMatch(/USING (COVERING )?INDEX i/);
  expect(plan("x > 5")).toMatch(/^SCAN c/);
});

const logging = (name: string) =>
  `create table ${name} (id integer primary key, p int references p on delete cascade);
   create trigger ${name}_log after delete on ${name} begin insert into log values ('${name}'); end;`;

test.each([
  ["a table made later", [logging("a"), logging("b"), logging("c")]],
  ["a table made again", [logging("a"), logging("b"), "drop table a", logging("c"), logging("a")]],
  ["a table under a new name", [logging("a"), logging("b"), logging("c"), "alter table b rename to z"]],
  [
    "a column added to an old table",
    [
      "create table a (id integer primary key)",
      logging("b"),
      logging("c"),
      "alter table a add column p int references p on delete cascade",
      "create trigger a_log after delete on a begin insert into log values ('a'); end",
    ],
  ],
  ["tables after VACUUM", [logging("c"), logging("a"), logging("b"), "vacuum"]],
])("actions run in the order that the model says, with %s first", async (_what, statements) => {
  const database = memory(
    "create table log (name text)",
    "create table p (id integer primary key)",
    ...statements,
    "insert into p values (1)",
  );
  const { relations } = await modelOf(database);
  for (const r of relations) database.exec(`insert into ${r.child} values (1, 1)`);
  const names = new Map(relations.map((r) => [r.child === "z" ? "b" : r.child, r.order]));
  database.exec("delete from p");
  const fired = values(database, "select name from log order by rowid").map((row) =>
    names.get(String(row[0])),
  );
  expect(fired).toEqual([0, 1, 2]);
});

test("of two constraints on one column, the one whose order is smaller acts", async () => {
  const outcome = async (first: string, second: string) => {
    const database = memory(
      "create table p (id integer primary key)",
      `create table c (id integer primary key, p int references p on delete ${first}, foreign key (p) references p on delete ${second})`,
      "insert into p values (1)",
      "insert into c values (1, 1)",
    );
    const { relations } = await modelOf(database);
    database.exec("delete from p");
    return {
      acts: relations.find((r) => r.order === 0)?.onDelete,
      left: values(database, "select * from c"),
    };
  };
  expect(await outcome("cascade", "set null")).toEqual({ acts: "set null", left: [[1n, null]] });
  expect(await outcome("set null", "cascade")).toEqual({ acts: "cascade", left: [] });
});

test("triggers are listed in the order in which they fire, the connection's own included", async () => {
  const trigger = (name: string, rest: string, temp = "") =>
    `create ${temp} trigger ${name} ${rest} delete on t begin insert into log values ('${name}'); end`;
  const database = memory(
    "create table log (name text)",
    "create table t (id int)",
    trigger("a1", "after"),
    trigger("a2", "after"),
    trigger("x1", "after", "temp"),
    trigger("x2", "after", "temp"),
    trigger("a3", "after"),
    "insert into t values (1)",
  );
  const { triggers } = await tableIn(database, "t");
  database.exec("delete from t");
  expect(triggers.map((t) => t.name)).toEqual(["x1", "x2", "a3", "a2", "a1"]);
  expect(values(database, "select name from log order by rowid").flat()).toEqual(triggers.map((t) => t.name));
  expect(triggers[0]).toEqual({
    name: "x1",
    timing: "after",
    events: ["delete"],
    level: "row",
    enabled: true,
  });
});

test("a model of any size takes the same few queries", async () => {
  const database = new DatabaseSync(":memory:");
  for (let i = 0; i < 200; i++) {
    database.exec(
      `create table t${i} (id integer primary key, up int references t${Math.max(i - 1, 0)}, check (up > 0))`,
    );
    database.exec(`create index i${i} on t${i} (up)`);
  }
  let prepared = 0;
  const counting = {
    prepare: (text: string) => {
      if (!text.startsWith("pragma")) prepared++;
      return database.prepare(text);
    },
    exec: (text: string) => database.exec(text),
    function: database.function.bind(database) as SqliteHandle["function"],
    get isTransaction() {
      return database.isTransaction;
    },
    close: () => database.close(),
  };
  const engine = await sqliteEngine(counting);
  prepared = 0;
  const model = await engine.readModel({ journal });
  expect(prepared).toBeLessThanOrEqual(10);
  expect(model.tables).toHaveLength(200);
  expect(model.relations).toHaveLength(200);
  expect(model.relations.every((r) => r.indexed)).toBe(true);
});

test("a temporary table does not hide a table of the same name", async () => {
  const table = await tableIn(memory("create table t (a int)", "create temp table t (b text)"), "t");
  expect(table.columns.map((c) => c.name)).toEqual(["a"]);
});
