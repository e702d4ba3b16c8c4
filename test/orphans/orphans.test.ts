import { expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

const ends = (child: string, column: string, parent: string) => ({
  child,
  columns: [column],
  parent,
  parentColumns: ["id"],
});

eachVariant((variant, fresh) => {
  const postgres = variant.engine === "postgres" || variant.engine === "pglite";

  /** Writes rows that the constraints would refuse. */
  const unchecked = async (db: Awaited<ReturnType<typeof fresh>>, sql: string) => {
    const [off, on] = {
      sqlite: ["pragma foreign_keys = off", "pragma foreign_keys = on"],
      postgres: ["set session_replication_role = replica", "reset session_replication_role"],
      pglite: ["set session_replication_role = replica", "reset session_replication_role"],
      mariadb: ["set foreign_key_checks = 0", "set foreign_key_checks = 1"],
    }[variant.engine];
    await db.exec(`${off}; ${sql}; ${on}`);
  };

  test("rows of a constraint that was switched off are counted, with the keys of some", async () => {
    const db = await fresh();
    await db.exec([
      "create table p (id integer primary key)",
      "create table c (id integer primary key, p_id integer, constraint k foreign key (p_id) references p (id))",
      "insert into p values (1)",
      "insert into c values (1, 1), (2, null)",
    ]);
    await unchecked(db, "insert into c values (3, 7), (4, 8), (5, 8), (6, 9), (7, 9), (8, 9)");
    const ondelete = await open(db.handle);
    expect(await ondelete.orphans()).toMatchObject({
      ondelete: "1",
      kind: "orphans",
      relations: [
        {
          id: "c(p_id) -> p(id)",
          origin: "declared",
          child: "c",
          parent: "p",
          rows: 6,
          sample: [{ id: "3" }, { id: "4" }, { id: "5" }, { id: "6" }, { id: "7" }],
        },
      ],
      unknownTypes: [],
      totals: { relations: 1, rows: 6 },
    });
  });

  test("a composite reference with a null in it is none", async () => {
    const db = await fresh();
    await db.exec([
      "create table p (a integer not null, b integer not null, primary key (a, b))",
      "create table c (id integer primary key, a integer, b integer)",
      "insert into p values (1, 1)",
      "insert into c values (1, 1, 1), (2, 1, null), (3, null, 9), (4, 1, 2)",
    ]);
    const relation = { child: "c", columns: ["a", "b"], parent: "p", parentColumns: ["a", "b"] };
    const ondelete = await open(db.handle, { relations: [{ ...relation, onDelete: "cascade" }] });
    const { relations } = await ondelete.orphans();
    expect(relations).toEqual([
      {
        id: "c(a,b) -> p(a,b)",
        origin: "configured",
        child: "c",
        parent: "p",
        rows: 1,
        sample: [{ id: "4" }],
      },
    ]);
  });

  test.skipIf(!postgres)("with MATCH FULL a reference that is null in part is one", async () => {
    const db = await fresh();
    await db.exec([
      "create table p (a integer not null, b integer not null, primary key (a, b))",
      "create table c (id integer primary key, a integer, b integer)",
      "insert into c values (1, 1, null), (2, null, null)",
      "alter table c add constraint k foreign key (a, b) references p (a, b) match full not valid",
    ]);
    const { relations } = await (await open(db.handle)).orphans();
    expect(relations.map((r) => [r.rows, r.sample])).toEqual([[1, [{ id: "1" }]]]);
  });

  test("a polymorphic relation is looked at by type, and types that nobody knows are told", async () => {
    const db = await fresh();
    await db.exec([
      "create table people (id integer primary key)",
      "create table firms (id integer primary key)",
      "create table awards (id integer primary key, object_type varchar(10), object_id integer)",
      "insert into people values (1)",
      "insert into firms values (2)",
      "insert into awards values (1, 'person', 1), (2, 'person', 2), (3, 'firm', 2), (4, 'ship', 1), (5, 'ship', 2), (6, null, 3), (7, 'tree', null)",
    ]);
    const when = (value: string) => ({ column: "object_type", values: [value] });
    const config: Config = {
      relations: [
        { ...ends("awards", "object_id", "people"), onDelete: "cascade", when: when("person") },
        { ...ends("awards", "object_id", "firms"), onDelete: "cascade", when: when("firm") },
      ],
    };
    const { relations, unknownTypes } = await (await open(db.handle, config)).orphans();
    expect(relations.map((r) => [r.id, r.rows, r.sample])).toEqual([
      ["awards[object_type=firm](object_id) -> firms(id)", 0, []],
      ["awards[object_type=person](object_id) -> people(id)", 1, [{ id: "2" }]],
    ]);
    expect(unknownTypes.toSorted((a, b) => String(a.value).localeCompare(String(b.value)))).toEqual([
      { child: "awards", column: "object_type", value: null, rows: 1 },
      { child: "awards", column: "object_type", value: "ship", rows: 2 },
    ]);
  });

  test("relations that nobody declares are inferred from names and rows, and their orphans counted", async () => {
    const db = await fresh();
    await db.exec([
      "create table users (id integer primary key)",
      "create table projects (id integer primary key, user_id integer, created_by integer)",
      "create table runs (id integer primary key, project_id integer, parent_run_id integer, stripe_id integer)",
      "insert into users values (1), (2)",
      "insert into projects values (10, 1, 2), (11, 2, 2), (12, 9, 1)",
      "insert into runs values (1, 10, null, 10), (2, 99, 1, 10), (3, 11, 2, 11)",
    ]);
    const ondelete = await open(db.handle);
    const { relations } = await ondelete.orphans();
    expect(relations.map((r) => [r.id, r.origin, r.rows, r.evidence])).toEqual([
      ["projects(created_by) -> users(id)", "inferred", 0, { looked: 3, matched: 3 }],
      ["projects(user_id) -> users(id)", "inferred", 1, { looked: 3, matched: 2 }],
      ["runs(parent_run_id) -> runs(id)", "inferred", 0, { looked: 2, matched: 2 }],
      ["runs(project_id) -> projects(id)", "inferred", 1, { looked: 3, matched: 2 }],
    ]);
    expect((await ondelete.orphans({ inferred: false })).relations).toEqual([]);
    const one = await ondelete.orphans({ relations: ["runs(project_id) -> projects(id)"] });
    expect(one.relations.map((r) => [r.rows, r.sample])).toEqual([[1, [{ id: "2" }]]]);
  });

  test("an unknown relation is refused with the nearest name", async () => {
    const db = await fresh();
    await db.exec([
      "create table a (id integer primary key)",
      "create table b (id integer primary key, a_id integer)",
    ]);
    await expect((await open(db.handle)).orphans({ relations: ["b(a_idd) -> a(id)"] })).rejects.toMatchObject(
      {
        code: "unknown-relation",
        message: expect.stringContaining('"b(a_id) -> a(id)"'),
      },
    );
  });
});
