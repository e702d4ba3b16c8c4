import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CatalogScope, Engine } from "../../../src/dialect/engine.ts";
import type { Model } from "../../../src/model/model.ts";
import { columnOf } from "../../../src/model/table.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { journal, onOneSession, openEngine, pick, postgresVariants, relationIn, tableIn } from "./open.ts";

describe.each(postgresVariants)("relations read on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;
  const modelOf = async (ddl: string, scope: Partial<CatalogScope> = {}): Promise<Model> => {
    await db.exec(ddl);
    return engine.readModel({ journal, ...scope });
  };

  beforeEach(async () => {
    db = await variant.create();
    engine = await openEngine(variant, db);
  });
  afterEach(async () => {
    await db.drop();
  });

  test("reads a foreign key in full", async () => {
    const model = await modelOf(`
      create table p (a integer, b text, primary key (a, b), unique (b, a));
      create table c (x text, y integer, constraint fk foreign key (y, x) references p on delete set null (y)
        on update cascade deferrable initially deferred);
      create table d (x text, y integer);
      alter table d add foreign key (x, y) references p (b, a) match full on delete set default
        on update restrict not valid;`);
    expect(relationIn(model, "c(y,x) -> p(a,b)")).toEqual({
      id: "c(y,x) -> p(a,b)",
      child: "c",
      columns: ["y", "x"],
      parent: "p",
      parentColumns: ["a", "b"],
      onDelete: "set null",
      onUpdate: "cascade",
      enforcedBy: "database",
      origin: "declared",
      name: "fk",
      match: "simple",
      deferrable: true,
      initiallyDeferred: true,
      validated: true,
      enforced: true,
      setColumns: ["y"],
      indexed: false,
      order: 0,
      triggerName: expect.stringMatching(/^RI_ConstraintTrigger_a_\d+$/),
      when: null,
      childPartition: null,
      parentPartition: null,
    });
    expect(
      pick(
        relationIn(model, "d(x,y) -> p(b,a)"),
        "onDelete",
        "onUpdate",
        "match",
        "validated",
        "setColumns",
        "order",
      ),
    ).toEqual({
      onDelete: "set default",
      onUpdate: "restrict",
      match: "full",
      validated: false,
      setColumns: null,
      order: 1,
    });
  });

  test("keeps two constraints on the same columns apart, in the order of their triggers", async () => {
    const model = await modelOf(`
      create table p (id integer primary key);
      create table c (p integer constraint one references p on delete cascade constraint two references p on delete set null);`);
    expect(model.relations.map((r) => pick(r, "id", "name", "onDelete"))).toEqual([
      { id: "c(p) -> p(id)", name: "one", onDelete: "cascade" },
      { id: "c(p) -> p(id)#two", name: "two", onDelete: "set null" },
    ]);
    const triggers = model.relations.map((r) => r.triggerName as string);
    const order = triggers.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(model.relations.map((r) => r.order)).toEqual(triggers.map((name) => order.indexOf(name)));
  });

  test.each([
    ["(p)", "", true],
    ["(p, q)", "", true],
    ["(q, p)", "", false],
    ["(p)", "where p is not null", true],
    ["(p)", "where q is null", false],
    ["(p)", "where p > 0", false],
    ["using hash (p)", "", true],
    ["using brin (p)", "", false],
    ["((p + 0))", "", false],
  ])("an index %s %s serves a foreign key on p: %s", async (columns, where, indexed) => {
    const model = await modelOf(`create table p (id integer primary key);
      create table c (p integer references p, q integer);
      create index on c ${columns} ${where};`);
    expect(relationIn(model, "c(p) -> p(id)").indexed).toBe(indexed);
  });

  test("an index serves a composite foreign key in any order of its leading columns", async () => {
    const model = await modelOf(`create table p (a integer, b integer, primary key (a, b));
      create table c (a integer, b integer, x integer, foreign key (a, b) references p);
      create table d (a integer, b integer, x integer, foreign key (a, b) references p);
      create index on c (b, a, x); create index on d (a, x, b);`);
    expect(model.relations.map((r) => [r.child, r.indexed])).toEqual([
      ["c", true],
      ["d", false],
    ]);
  });

  test("a constraint on partitions is read once; one on a partition alone names the partition", async () => {
    const model = await modelOf(`
      create table p (id integer primary key) partition by range (id);
      create table p1 partition of p for values from (0) to (10);
      create table c (id integer primary key, p integer references p on delete cascade, q integer)
        partition by range (id);
      create table c1 partition of c for values from (0) to (10) partition by range (id);
      create table c11 partition of c1 for values from (0) to (5);
      alter table c11 add foreign key (q) references p1 on delete set null;
      insert into p values (1); insert into c values (1, 1, 1); analyze p; analyze c;`);
    expect(
      model.relations.map((r) => pick(r, "id", "child", "parent", "childPartition", "parentPartition")),
    ).toEqual([
      { id: "c(p) -> p(id)", child: "c", parent: "p", childPartition: null, parentPartition: null },
      { id: "c11(q) -> p1(id)", child: "c", parent: "p", childPartition: "c11", parentPartition: "p1" },
    ]);
    expect(model.tables.map((t) => pick(t, "id", "kind", "partitionOf", "rowEstimate"))).toEqual([
      { id: "c", kind: "partitioned", partitionOf: null, rowEstimate: 1 },
      { id: "c1", kind: "partition", partitionOf: "c", rowEstimate: 1 },
      { id: "c11", kind: "partition", partitionOf: "c", rowEstimate: 1 },
      { id: "p", kind: "partitioned", partitionOf: null, rowEstimate: 1 },
      { id: "p1", kind: "partition", partitionOf: "p", rowEstimate: 1 },
    ]);
    expect(model.relations.map((r) => r.enforced)).toEqual([true, true]);
  });

  test("a constraint whose triggers are disabled is enforced by nobody", async () => {
    const model =
      await modelOf(`create table p (id integer primary key); create table c (p integer references p);
      alter table p disable trigger all;`);
    expect(pick(relationIn(model, "c(p) -> p(id)"), "enforced", "enforcedBy")).toEqual({
      enforced: false,
      enforcedBy: "nobody",
    });
  });

  test("a session that acts as a replica enforces nothing", async () => {
    await db.exec("create table p (id integer primary key); create table c (p integer references p)");
    const model = await onOneSession(db, "set session_replication_role = replica", (one) =>
      one.readModel({ journal }),
    );
    expect(relationIn(model, "c(p) -> p(id)").enforced).toBe(false);
  });

  test.runIf(variant.engine === "pglite")("NOT ENFORCED is enforced by nobody", async () => {
    const model = await modelOf(`create table p (id integer primary key);
      create table c (p integer references p not enforced, n integer check (n > 0) not enforced);`);
    expect(
      pick(relationIn(model, "c(p) -> p(id)"), "enforced", "enforcedBy", "validated", "order", "triggerName"),
    ).toEqual({ enforced: false, enforcedBy: "nobody", validated: false, order: -1, triggerName: null });
    expect(tableIn(model, "c").checks).toEqual([
      { name: "c_n_check", expression: "(n > 0)", enforced: false },
    ]);
  });

  test.runIf(variant.engine === "pglite")("virtual columns are told, and PERIOD keys", async () => {
    const model = await modelOf(`
      create table p (id int4range, during daterange, primary key (id, during without overlaps));
      create table c (id int4range, during daterange, v integer generated always as (1) virtual,
        foreign key (id, period during) references p (id, period during));`);
    expect(model.relations).toMatchObject([
      { id: "c(id,during) -> p(id,during)", period: true, onDelete: "no action" },
    ]);
    expect(tableIn(model, "p").primaryKey).toEqual(["id", "during"]);
    expect(columnOf(tableIn(model, "c"), "v").generated).toBe("virtual");
  });
});
