import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isUnique } from "../../../src/model/table.ts";
import { createDatabase, modelOf, pick, relationIn, skip, tableIn } from "./open.ts";

describe.skipIf(skip)(`relations read on MariaDB${skip ? ` (${skip})` : ""}`, () => {
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

  test("reads a foreign key in full", async () => {
    const model = await modelWith(`
      create table p (a integer, b integer, primary key (a, b), unique key (b, a));
      create table c (x integer, y integer,
        constraint fk foreign key (y, x) references p (b, a) on delete set null on update cascade)`);
    expect(model.relations).toEqual([
      {
        id: "c(y,x) -> p(b,a)",
        child: "c",
        columns: ["y", "x"],
        parent: "p",
        parentColumns: ["b", "a"],
        onDelete: "set null",
        onUpdate: "cascade",
        enforcedBy: "database",
        origin: "declared",
        name: "fk",
        match: "simple",
        deferrable: false,
        initiallyDeferred: false,
        validated: true,
        enforced: true,
        setColumns: null,
        indexed: true,
        order: 0,
        triggerName: null,
        when: null,
        childPartition: null,
        parentPartition: null,
      },
    ]);
  });

  test("tells RESTRICT from NO ACTION; no clause is RESTRICT, and so is SET DEFAULT, which the server drops", async () => {
    const model = await modelWith(`
      create table p (id integer primary key);
      create table c (a integer, b integer, d integer, e integer, f integer, g integer,
        foreign key (a) references p (id), foreign key (b) references p (id) on delete restrict on update restrict,
        foreign key (d) references p (id) on delete no action on update no action,
        foreign key (e) references p (id) on delete cascade on update set null,
        foreign key (f) references p (id) on delete set null on update cascade,
        foreign key (g) references p (id) on delete set default)`);
    expect(model.relations.map((r) => [r.columns[0], r.onDelete, r.onUpdate])).toEqual([
      ["a", "restrict", "restrict"],
      ["b", "restrict", "restrict"],
      ["d", "no action", "no action"],
      ["e", "cascade", "set null"],
      ["f", "set null", "cascade"],
      ["g", "restrict", "restrict"],
    ]);
    const [{ text } = { text: "" }] = (await database.rows("show create table c")).map((row) => ({
      text: row["Create Table"] ?? "",
    }));
    expect(text).not.toMatch(/SET DEFAULT/i);
  });

  test.each([
    ["b", "a", false],
    ["Z", "a", true],
    ["10", "9", true],
    ["z", "é", true],
    ["é", "z", false],
  ])(
    "of the actions of constraints %s and %s on one column the first by bytes wins",
    async (one, other, first) => {
      const model = await modelWith(`
      create table p (id integer primary key);
      create table c (p integer, constraint \`${one}\` foreign key (p) references p (id) on delete cascade,
        constraint \`${other}\` foreign key (p) references p (id) on delete set null);
      insert into p values (1); insert into c values (1); delete from p`);
      const order = Object.fromEntries(model.relations.map((r) => [r.name, r.order]));
      expect(order).toEqual(first ? { [one]: 0, [other]: 1 } : { [one]: 1, [other]: 0 });
      expect(await database.rows("select * from c")).toEqual(first ? [] : [{ p: null }]);
      expect(model.relations.map((r) => r.id)).toEqual([
        "c(p) -> p(id)",
        `c(p) -> p(id)#${first ? other : one}`,
      ]);
    },
  );

  test("columns are told as the tables spell them, not as the constraint does", async () => {
    const model = await modelWith(`
      create table p (\`Id\` integer primary key); create table c (\`Pid\` integer, foreign key (pID) references p (iD))`);
    expect(model.relations.map((r) => r.id)).toEqual(["c(Pid) -> p(Id)"]);
  });

  test("a parent key need not be unique", async () => {
    const model = await modelWith(`
      create table p (id integer primary key, k integer, key (k));
      create table c (k integer, foreign key (k) references p (k) on delete cascade)`);
    const { parentColumns } = relationIn(model, "c(k) -> p(k)");
    expect(isUnique(tableIn(model, "p"), parentColumns)).toBe(false);
  });

  test("with foreign_key_checks off the session enforces nothing", async () => {
    const model = await modelWith(`
      create table p (id integer primary key); create table c (p integer, foreign key (p) references p (id));
      set foreign_key_checks = 0`);
    expect(pick(relationIn(model, "c(p) -> p(id)"), "enforced", "enforcedBy")).toEqual({
      enforced: false,
      enforcedBy: "nobody",
    });
    await database.exec("set foreign_key_checks = 1");
    expect(relationIn(await modelOf(database), "c(p) -> p(id)").enforced).toBe(true);
  });

  test("a constraint is left out whose parent or referenced column does not exist, and is told once they do", async () => {
    const dangling = await modelWith(`
      set foreign_key_checks = 0;
      create table c (x integer, y integer, foreign key (x) references none (id) on delete cascade,
        foreign key (y) references other (id) on delete cascade);
      create table other (id2 integer primary key);
      set foreign_key_checks = 1; insert into other values (1); delete from other`);
    expect(dangling.tables.map((t) => t.id)).toEqual(["c", "other"]);
    expect(dangling.relations).toEqual([]);
    const mended = await modelWith("create table none (id integer primary key)");
    expect(mended.relations.map((r) => r.id)).toEqual(["c(x) -> none(id)"]);
  });

  test("a constraint on a table of MyISAM does not exist", async () => {
    const model = await modelWith(`
      create table p (id integer primary key);
      create table c (p integer, foreign key (p) references p (id) on delete cascade) engine = MyISAM`);
    expect(model.relations).toEqual([]);
  });

  test("an index is of use whose first columns are those of the constraint, in any order", async () => {
    const model = await modelWith(`
      create table p (a integer, b integer, primary key (a, b));
      create table c (a integer, b integer, key idle (a, b) ignored, foreign key (a, b) references p (a, b));
      create table d (a integer, b integer, key (b, a), key of_constraint (a, b) ignored,
        foreign key (a, b) references p (a, b))`);
    expect(model.relations.map((r) => [r.child, r.indexed])).toEqual([
      ["c", false],
      ["d", true],
    ]);
  });
});
