import { expect, test } from "vitest";
import { parseCreateIndex } from "../../../src/dialect/sqlite/ddl/create-index.ts";
import { parseCreateTable } from "../../../src/dialect/sqlite/ddl/create-table.ts";
import { parseCreateTrigger } from "../../../src/dialect/sqlite/ddl/create-trigger.ts";
import { tokensOf } from "../../../src/dialect/sqlite/lexicon.ts";
import { memory, values } from "./open.ts";

/** What SQLite keeps of the statements, so that nothing is read that SQLite would not accept. */
function stored(name: string, ...statements: readonly string[]): string {
  const [row] = values(memory(...statements), `select sql from sqlite_schema where name = '${name}'`);
  return String(row?.[0]);
}

const parsed = (...statements: readonly string[]) => parseCreateTable(stored("t", ...statements));

test("reads names in all four ways of quoting, with quotes inside and comments between", () => {
  const table = parsed(
    `create table "t" ("a ""b""" int, \`c \`\`d\`\`\` /* , x int ) */ text, [e "f"] -- , y int )
     , 'g ''h''' blob, ünïcode, plain)`,
  );
  expect(table.columns.map((c) => c.name)).toEqual(['a "b"', "c `d`", 'e "f"', "g 'h'", "ünïcode", "plain"]);
});

test("reads columns that are named like keywords and columns without a type", () => {
  const table = parsed(
    `create table t (key, action text, "check" int, cascade default 1, generated, always int, conflict not null, [references] references p)`,
  );
  expect(table.columns.map((c) => [c.name, c.default])).toEqual([
    ["key", null],
    ["action", null],
    ["check", null],
    ["cascade", "1"],
    ["generated", null],
    ["always", null],
    ["conflict", null],
    ["references", null],
  ]);
  expect(table.foreignKeys).toHaveLength(1);
  expect(table.checks).toEqual([]);
});

test("reads checks with their names and their exact text, without the comments around them", () => {
  const table = parsed(
    `create table t (
      a int constraint "a is small" check (/* before */ a < 10 /* within */ and (a > (0)) -- after
      ),
      b text check (b <> ')' and b <> "a" and b not in ('--', '/*', ')')) constraint nowhere,
      constraint both check (a is not null or b = '((') constraint again check (a)
      check (length(b) < 1_000)
    )`,
  );
  expect(table.checks).toEqual([
    { name: "a is small", expression: "a < 10 /* within */ and (a > (0))" },
    { name: null, expression: `b <> ')' and b <> "a" and b not in ('--', '/*', ')')` },
    { name: "both", expression: "a is not null or b = '(('" },
    { name: "again", expression: "a" },
    { name: null, expression: "length(b) < 1_000" },
  ]);
});

const plainKey = {
  name: null,
  parentColumns: [],
  onDelete: "no action",
  onUpdate: "no action",
  match: null,
  deferrable: false,
  initiallyDeferred: false,
};

test("reads foreign keys of columns and of the table, in the order of the text", () => {
  const table = parsed(
    `create table t (
      a int constraint "fk a" references p on delete cascade on update set null deferrable initially deferred not null,
      b int references [p q](x) match full on delete set default not deferrable initially immediate,
      c int references p constraint c_required not null deferrable,
      d int references p on delete restrict not deferrable initially deferred,
      constraint composite foreign key (a, "b") references "r"(\`x\`, [y]) on update no action deferrable initially deferred
    )`,
  );
  expect(table.foreignKeys).toEqual([
    {
      ...plainKey,
      name: "fk a",
      columns: ["a"],
      parent: "p",
      onDelete: "cascade",
      onUpdate: "set null",
      deferrable: true,
      initiallyDeferred: true,
    },
    {
      ...plainKey,
      columns: ["b"],
      parent: "p q",
      parentColumns: ["x"],
      onDelete: "set default",
      match: "full",
    },
    { ...plainKey, columns: ["c"], parent: "p", deferrable: true },
    { ...plainKey, columns: ["d"], parent: "p", onDelete: "restrict" },
    {
      ...plainKey,
      name: "composite",
      columns: ["a", "b"],
      parent: "r",
      parentColumns: ["x", "y"],
      deferrable: true,
      initiallyDeferred: true,
    },
  ]);
});

test("reads a column that ALTER TABLE put before the table's constraints", () => {
  const table = parsed(
    "create table p (id integer primary key)",
    "create table t (a int, unique (a), check (a > 0)) -- end",
    `alter table t add column "b c" int default 'x,y)' references p(id) on delete set null`,
    "alter table t rename column a to [new name]",
  );
  expect(table.columns.map((c) => [c.name, c.default])).toEqual([
    ["new name", null],
    ["b c", "'x,y)'"],
  ]);
  expect(table.checks).toEqual([{ name: null, expression: '"new name" > 0' }]);
  expect(table.keys.map((k) => k.columns)).toEqual([["new name"]]);
  expect(table.foreignKeys).toEqual([
    { ...plainKey, columns: ["b c"], parent: "p", parentColumns: ["id"], onDelete: "set null" },
  ]);
});

test("reads defaults as expressions that mean the same elsewhere", () => {
  const table = parsed(
    `create table t (a default -1, b default +2.5e3, c default 'it''s', d default word, e default "quoted ""x""",
      f default (1 + (2)), g default x'00ff', h default current_timestamp, i default null, j default TRUE, k default [x],
      l varying character (255) default 0x1F not null, m unsigned big int(10, +5) default - 'y')`,
  );
  expect(table.columns.map((c) => c.default)).toEqual([
    "-1",
    "+2.5e3",
    "'it''s'",
    "'word'",
    `'quoted "x"'`,
    "(1 + (2))",
    "x'00ff'",
    "current_timestamp",
    "null",
    "TRUE",
    "'x'",
    "0x1F",
    "-'y'",
  ]);
});

test("the defaults that are read give the values that SQLite inserts", () => {
  const ddl = `create table t (a default -1, b default word, c default "quo'ted", d default (1+2*3), e default x'00ff', f default FALSE, g default + 1)`;
  const database = memory(ddl, "insert into t default values");
  const expressions = parseCreateTable(ddl).columns.map((c) => c.default);
  expect(values(database, `select ${expressions.join(", ")}`)[0]).toEqual(
    values(database, "select * from t")[0],
  );
});

test("reads collations, generated columns, keys and what resolves conflicts", () => {
  const table = parsed(
    `create table t (
      id integer not null on conflict fail constraint pk primary key desc on conflict replace,
      a text collate nocase unique on conflict ignore,
      b int generated always as (id * (2)) stored check (b > 0),
      c as (a || ')') virtual,
      d int as (id),
      constraint u unique (a collate rtrim desc, "b") on conflict rollback
    )`,
  );
  expect(table.columns.map((c) => [c.name, c.collation, c.generated])).toEqual([
    ["id", null, null],
    ["a", "nocase", null],
    ["b", null, { expression: "id * (2)", kind: "stored" }],
    ["c", null, { expression: "a || ')'", kind: "virtual" }],
    ["d", null, { expression: "id", kind: "virtual" }],
  ]);
  expect(table.keys).toEqual([
    { name: "pk", primary: true, columns: ["id"], autoincrement: false, onConflict: "replace" },
    { name: null, primary: false, columns: ["a"], autoincrement: false, onConflict: "ignore" },
    { name: "u", primary: false, columns: ["a", "b"], autoincrement: false, onConflict: "rollback" },
  ]);
});

test("reads AUTOINCREMENT on the column and on the table", () => {
  expect(parsed("create table t (id integer primary key asc autoincrement)").keys[0]?.autoincrement).toBe(
    true,
  );
  expect(parsed("create table t (id integer, primary key (id autoincrement))").keys[0]?.autoincrement).toBe(
    true,
  );
  expect(parsed("create table t (id integer, primary key (id))").keys[0]?.autoincrement).toBe(false);
});

test("reads the options of a table", () => {
  const options = (ddl: string) => {
    const { withoutRowid, strict } = parsed(ddl);
    return { withoutRowid, strict };
  };
  expect(options("create table t (a int primary key)")).toEqual({ withoutRowid: false, strict: false });
  expect(options("create table t (a int primary key) without rowid")).toEqual({
    withoutRowid: true,
    strict: false,
  });
  expect(options("create table t (a int primary key) STRICT, WITHOUT /* x */ ROWID -- y")).toEqual({
    withoutRowid: true,
    strict: true,
  });
  expect(options("create table if not exists main . t (a int primary key) strict")).toEqual({
    withoutRowid: false,
    strict: true,
  });
});

test("reads the text that SQLite makes for CREATE TABLE AS", () => {
  const ddl = `create table t as select 1 as "a b", 'x' as [check], 2.5 as c`;
  expect(parsed(ddl).columns.map((c) => c.name)).toEqual(["a b", "check", "c"]);
});

test("reads an index's entries and condition", () => {
  const ddl = `create unique index if not exists main."i x" on t (a desc, lower("b, c") collate nocase, (a + 1)) where a is not null and "b, c" <> ')' -- end`;
  expect(parseCreateIndex(stored("i x", `create table t (a, "b, c")`, ddl))).toEqual({
    entries: ["a", `lower("b, c") collate nocase`, "(a + 1)"],
    predicate: `a is not null and "b, c" <> ')'`,
  });
  expect(parseCreateIndex(stored("i", "create table t (a)", "create index i on t(a)"))).toEqual({
    entries: ["a"],
    predicate: null,
  });
});

test("reads when a trigger fires", () => {
  const head = (rest: string, on = "t") =>
    parseCreateTrigger(
      stored(
        "x",
        "create table t (a)",
        "create view v as select a from t",
        `create trigger ${rest} on ${on} begin select 1; end`,
      ),
    );
  expect(head("x delete")).toEqual({ timing: "before", events: ["delete"] });
  expect(head("if not exists main.[x] after insert")).toEqual({ timing: "after", events: ["insert"] });
  expect(head("x /* c */ before update of a")).toEqual({ timing: "before", events: ["update"] });
  expect(head("x instead of delete", "v")).toEqual({ timing: "instead of", events: ["delete"] });
});

test("refuses text that is no definition, and says where", () => {
  expect(() => parseCreateTable("create table t (a check (1)")).toThrow(/from character 27 on/);
  expect(() => parseCreateTable("create view v as select 1")).toThrow(/from character 7 on/);
  expect(() => tokensOf("a 'b")).toThrow(/quote that does not end, at 2/);
});
