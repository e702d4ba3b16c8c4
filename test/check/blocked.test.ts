import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import type { TestDatabase } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";

/** On MariaDB the names have it come to `b` first, so that the order of constraints refuses nothing. */
const SCHEMA = [
  "create table p (id integer primary key)",
  "create table a (id integer primary key, p_id integer, constraint k2 foreign key (p_id) references p (id) on delete cascade)",
  "create table b (id integer primary key, p_id integer, a_id integer, constraint k1 foreign key (p_id) references p (id) on delete cascade, constraint k3 foreign key (a_id) references a (id) on delete no action)",
  "insert into p values (1), (2)",
  "insert into a values (1, 1), (2, 2)",
  "insert into b values (5, 1, 1), (6, 2, 2)",
];

async function witness(stage: TestDatabase): Promise<unknown> {
  const db = await open(stage.handle);
  try {
    const { findings } = await db.check({ rules: ["cascade-blocked"], data: true });
    return findings.find((f) => f.severity === "error")?.evidence.witness ?? null;
  } finally {
    await db.close();
  }
}

const isRefused = (stage: TestDatabase, statement: string): Promise<boolean> =>
  stage.exec(statement).then(
    () => false,
    (error) => {
      if (!/foreign key|violates/i.test(String(error))) throw error;
      return true;
    },
  );

eachVariant((_, fresh) => {
  test("cascade-blocked: where no row is named the DELETE goes through, and where one is, it is that row which refuses it", async () => {
    const stage = await fresh();
    await stage.exec(SCHEMA);
    expect(await witness(stage)).toBe(null);
    expect(await isRefused(stage, "delete from p where id = 2")).toBe(false);
    await stage.exec(["insert into p values (2)", "insert into b values (7, 2, 1)"]);
    expect(await witness(stage)).toEqual({ id: "7" });
    expect(await isRefused(stage, "delete from p where id = 1")).toBe(true);
    await stage.exec("delete from b where id = 7");
    expect(await isRefused(stage, "delete from p where id = 1")).toBe(false);
  });

  test("cascade-blocked: in a tree that cascades a row may go by its parent, so that none is named", async () => {
    const stage = await fresh();
    await stage.exec([
      "create table p (id integer primary key)",
      "create table a (id integer primary key, p_id integer, constraint k2 foreign key (p_id) references p (id) on delete cascade)",
      "create table b (id integer primary key, p_id integer, up integer, a_id integer, constraint k1 foreign key (p_id) references p (id) on delete cascade, constraint k0 foreign key (up) references b (id) on delete cascade, constraint k3 foreign key (a_id) references a (id) on delete no action)",
      "insert into p values (1)",
      "insert into a values (1, 1)",
      "insert into b values (5, 1, null, null)",
      "insert into b values (6, null, 5, 1)",
    ]);
    expect(await witness(stage)).toBe(null);
  });

  test("cascade-blocked: columns that are secret are left out of the row that is named", async () => {
    const stage = await fresh();
    await stage.exec([...SCHEMA, "insert into b values (7, 2, 1)"]);
    const db = await open(stage.handle, { tables: { b: { secret: ["id"] } } });
    const { findings } = await db.check({ rules: ["cascade-blocked"], data: true });
    await db.close();
    expect(findings.map((f) => f.evidence.witness)).toEqual([{}]);
    expect(findings[0]?.message).toContain("A row does now.");
  });
});
