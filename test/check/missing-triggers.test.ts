import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { variants } from "../support/databases.ts";

const postgres = variants.find((v) => v.engine === "postgres");

/** After this PostgreSQL can drop none of the tables, so that each test has a database to itself, and PGlite is left out. */
describe.skipIf(postgres?.skip !== null)(`triggers that PostgreSQL has lost ${postgres?.skip ?? ""}`, () => {
  const found = async (...statements: readonly string[]) => {
    if (!postgres) throw new Error("tests know PostgreSQL");
    const stage = await postgres.create();
    try {
      await stage.exec(statements);
      const db = await open(stage.handle);
      return (await db.check({ rules: ["fk-enforcement-off"] })).findings.map((f) => [f.object, f.message]);
    } finally {
      await stage.drop();
    }
  };

  test("a constraint that is still listed and does nothing", async () => {
    expect(
      await found(
        "create table p (id integer primary key)",
        "create table c (id integer primary key, p_id integer references p (id) on delete cascade)",
        "delete from pg_trigger where tgrelid = 'p'::regclass",
      ),
    ).toEqual([
      [
        "c(p_id) -> p(id)",
        "The triggers by which the engine enforces c(p_id) -> p(id) are missing: a delete from p does not cascade here and leaves orphans, and the catalog goes on listing the constraint.",
      ],
    ]);
  });

  test("a partition without its triggers, below a table that has them", async () => {
    expect(
      await found(
        "create table p (id integer primary key)",
        "create table c (id integer, p_id integer references p (id)) partition by range (id)",
        "create table c1 partition of c for values from (0) to (10)",
        "create table c2 partition of c for values from (10) to (20)",
        "delete from pg_trigger where tgrelid = 'c2'::regclass",
      ),
    ).toEqual([
      [
        "c(p_id) -> p(id)",
        "Triggers by which the engine enforces c(p_id) -> p(id) are disabled or missing on c2: rows without a parent can come in there, or stay when it goes.",
      ],
    ]);
  });

  test("a partition of a partition", async () => {
    const [first] = await found(
      "create table p (id integer primary key)",
      "create table c (id integer, p_id integer references p (id)) partition by range (id)",
      "create table c1 partition of c for values from (0) to (10) partition by range (p_id)",
      "create table c11 partition of c1 for values from (0) to (10)",
      "delete from pg_trigger where tgrelid = 'c11'::regclass",
    );
    expect(first?.[1]).toContain("disabled or missing on c11");
  });

  test("a referenced partition without its triggers", async () => {
    const [first] = await found(
      "create table p (id integer, k integer, primary key (id, k)) partition by range (k)",
      "create table p1 partition of p for values from (0) to (10)",
      "create table p2 partition of p for values from (10) to (20)",
      "create table c (id integer primary key, p_id integer, k integer, foreign key (p_id, k) references p (id, k))",
      "delete from pg_trigger where tgrelid = 'p2'::regclass",
    );
    expect(first?.[1]).toContain("disabled or missing on p2");
  });
});
