import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connect, createDatabase, freshName, modelOf, pick, quote, skip, tableIn } from "./open.ts";

describe.skipIf(skip)(`databases read on MariaDB${skip ? ` (${skip})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let made: string[];
  let user: string;

  beforeEach(async () => {
    database = await createDatabase();
    made = [];
    user = freshName("u");
  });
  afterEach(async () => {
    await database.exec(`drop user if exists ${user}`);
    await database.drop(...made);
  });

  /** Makes a database beside, in which the session then is, and returns to its own. */
  async function beside(suffix: string, ddl: string): Promise<string> {
    const name = `${database.name}${suffix}`;
    made.push(name);
    await database.exec(`create database ${quote(name)}; use ${quote(name)};
      ${ddl.replaceAll("OWN", quote(database.name))}; use ${quote(database.name)}`);
    return name;
  }

  async function asUser<T>(work: (session: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    const session = await connect(database.name, user);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
  const pattern = (name: string) => quote(name.replaceAll("_", "\\_"));

  /** Three databases in a row, children of children, and one that has nothing to do with them. */
  async function family(): Promise<Record<"child" | "grandchild" | "parent" | "alone", string>> {
    await database.exec("create table p (id integer primary key)");
    const child = await beside(
      "-ch.ild é/@",
      "create table c (id integer primary key, p integer, foreign key (p) references OWN.p (id) on delete cascade)",
    );
    const grandchild = await beside(
      "_g",
      `create table g (c integer, foreign key (c) references ${quote(child)}.c (id) on delete cascade)`,
    );
    const parent = await beside(
      "_p",
      "create table top (id integer primary key); create table near (id integer)",
    );
    await database.exec(`alter table p add top integer, add foreign key (top) references ${parent}.top (id)`);
    const alone = await beside("_a", "create table a (id integer primary key)");
    return { child, grandchild, parent, alone };
  }

  const idsOf = ({ child, grandchild, parent }: Awaited<ReturnType<typeof family>>) => ({
    tables: [`${child}.c`, `${grandchild}.g`, `${parent}.near`, `${parent}.top`, "p"],
    relations: [
      `${child}.c(p) -> p(id)`,
      `${grandchild}.g(c) -> ${child}.c(id)`,
      `p(top) -> ${parent}.top(id)`,
    ],
  });

  test("databases are read that foreign keys connect with the connected one, in either direction", async () => {
    const names = await family();
    const model = await modelOf(database);
    expect(model.defaultNamespace).toBe(database.name);
    expect(model.tables.map((t) => t.id)).toEqual(idsOf(names).tables);
    expect(model.relations.map((r) => r.id)).toEqual(idsOf(names).relations);
    expect(pick(tableIn(model, `${names.child}.c`), "name", "namespace")).toEqual({
      name: "c",
      namespace: names.child,
    });
  });

  test("an account without PROCESS reads the same where it may see all of them", async () => {
    const names = await family();
    await database.exec(`create user ${user}`);
    for (const name of [database.name, names.child, names.grandchild, names.parent, names.alone]) {
      await database.exec(`grant select, references on ${pattern(name)}.* to ${user}`);
    }
    const model = await asUser(modelOf);
    expect(model.tables.map((t) => t.id)).toEqual(idsOf(names).tables);
    expect(model.relations.map((r) => r.id)).toEqual(idsOf(names).relations);
  });

  test("a child in a database that the account may not see stops it where the account can know of it", async () => {
    const names = await family();
    await database.exec(`create user ${user}; grant select, references on ${pattern(database.name)}.* to ${user};
      grant process on *.* to ${user}`);
    await expect(asUser(modelOf)).rejects.toMatchObject({
      code: "rows-hidden",
      details: { child: names.child, parent: database.name },
    });
    await database.exec(`grant select, references on ${pattern(names.child)}.* to ${user}`);
    await expect(asUser(modelOf)).rejects.toMatchObject({ details: { child: names.grandchild } });
    await database.exec(`grant select, references on ${pattern(names.grandchild)}.* to ${user}`);
    const model = await asUser(modelOf);
    expect(model.relations.map((r) => r.id)).toEqual(idsOf(names).relations.slice(0, 2));
  });

  test("SELECT alone does not show what foreign keys do, and the account is told what does", async () => {
    await database.exec(`create table p (id integer primary key);
      create table c (p integer, foreign key (p) references p (id) on delete cascade);
      create user ${user}; grant select on ${pattern(database.name)}.* to ${user}; grant all on c to ${user}`);
    await expect(asUser(modelOf)).rejects.toMatchObject({
      code: "privilege-missing",
      details: { namespace: database.name, table: "c", right: "references" },
    });
    await database.exec(`grant references on ${pattern(database.name)}.* to ${user}`);
    expect((await asUser(modelOf)).relations.map((r) => r.onDelete)).toEqual(["cascade"]);
  });

  test("a right on some columns of a parent hides what is referenced, and the account is told so", async () => {
    await database.exec(`create table p (id integer primary key, name integer);
      create table c (p integer, foreign key (p) references p (id) on delete cascade);
      create user ${user}; grant index on ${pattern(database.name)}.* to ${user};
      grant select (name) on p to ${user}; grant select on c to ${user}`);
    await expect(asUser(modelOf)).rejects.toMatchObject({
      code: "privilege-missing",
      details: { table: "p", right: "select" },
    });
  });

  test("wanted databases are read with what hangs together with them, and nothing else of theirs", async () => {
    const { parent } = await family();
    const model = await modelOf(database, { namespaces: [parent] });
    expect(model.tables.map((t) => t.name)).toEqual(["c", "g", "near", "top", "p"]);
    const own = await modelOf(database, { namespaces: [database.name] });
    expect(own.tables.map((t) => t.name)).toEqual(["c", "g", "top", "p"]);
  });

  test("takes awkward names as they are", async () => {
    await database.exec(`
      create table \`select "x".\`\`é/@ \\\\\` (\`Ünï d\` integer primary key, \`a,b\` integer);
      create table \`t @002f\` (\`from\` integer, constraint \`f"k/@\`\`ü\` foreign key (\`from\`)
        references \`select "x".\`\`é/@ \\\\\` (\`Ünï d\`) on delete cascade, check (\`from\` > 0))`);
    const model = await modelOf(database);
    expect(model.tables.map((t) => t.id)).toEqual(['select "x".`é/@ \\\\', "t @002f"]);
    expect(model.relations.map((r) => pick(r, "id", "name", "indexed"))).toEqual([
      { id: 't @002f(from) -> select "x".`é/@ \\\\(Ünï d)', name: 'f"k/@`ü', indexed: true },
    ]);
    expect(tableIn(model, "t @002f").checks.map((c) => c.expression)).toEqual(["`from` > 0"]);
  });

  test("databases whose names differ in case alone are two", async (context) => {
    const [folding] = await database.rows("select @@lower_case_table_names as way");
    if (folding?.way !== "0") return context.skip("this server takes upper and lower case for the same");
    await database.exec("create table P (id integer primary key); create table p (id integer primary key)");
    const upper = await beside("_X", "create table c (p integer, foreign key (p) references OWN.P (id))");
    await beside("_x", "create table c (p integer, q integer)");
    const model = await modelOf(database);
    expect(model.tables.map((t) => [t.id, t.columns.length])).toEqual([
      ["P", 1],
      [`${upper}.c`, 1],
      ["p", 1],
    ]);
    expect(model.relations.map((r) => r.id)).toEqual([`${upper}.c(p) -> P(id)`]);
  });

  test("actions in several databases run in the order of the names of their folders", async () => {
    await database.exec("create table p (id integer primary key); insert into p values (1)");
    const keyed = "foreign key (p) references OWN.p (id) on delete cascade";
    const second = await beside("_a-", `create table k (id integer primary key, p integer, ${keyed})`);
    // Its rows stand in the way of those of the second database, unless they go before them.
    const first = await beside(
      "_a",
      `create table k (p integer, ${keyed}, k integer, foreign key (k) references ${quote(second)}.k (id))`,
    );
    const relations = (await modelOf(database)).relations.filter((r) => r.parent === "p");
    expect(relations.toSorted((a, b) => a.order - b.order).map((r) => r.child)).toEqual([
      `${first}.k`,
      `${second}.k`,
    ]);
    await database.exec(`insert into ${quote(second)}.k values (1, 1); insert into ${quote(first)}.k values (1, 1);
      delete from p`);
    expect(await database.rows(`select * from ${quote(first)}.k`)).toEqual([]);
  });

  test("tables that would share an id have one each", async () => {
    await database.exec(`create table p (id integer primary key)`);
    const other = await beside(".b", "create table c (p integer, foreign key (p) references OWN.p (id))");
    await database.exec(`create table ${quote(`${other}.c`)} (one integer, two integer)`);
    const model = await modelOf(database);
    expect(model.tables.map((t) => [t.id, t.columns.length])).toEqual([
      [`"${other}.c"`, 2],
      [`${other}.c`, 1],
      ["p", 1],
    ]);
  });
});
