import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../../../src/dialect/engine.ts";
import { id, sql } from "../../../src/dialect/sql.ts";
import { columnOf, type Table } from "../../../src/model/table.ts";
import type { TestDatabase } from "../../support/databases.ts";
import { MADE_TYPES, OPTIONAL_TYPES, TYPE_CASES, type TypeCase } from "../../support/postgres-types.ts";
import { journal, openEngine, postgresVariants } from "./open.ts";

describe.each(postgresVariants)("on $name", (variant) => {
  let db: TestDatabase;
  let engine: Engine;
  const cases: TypeCase[] = [...TYPE_CASES];
  let tables: ReadonlyMap<string, Table>;

  beforeAll(async () => {
    db = await variant.create();
    await db.exec(MADE_TYPES);
    for (const { setup, cases: more } of OPTIONAL_TYPES) {
      const available = await db.exec(setup).then(
        () => true,
        () => false,
      );
      if (available) cases.push(...more);
    }
    for (const [i, [type, ...values]] of cases.entries()) {
      await db.exec(`create table t${i} (id integer primary key, v ${type});
        create table back${i} (id integer primary key, v ${type});
        create table typed${i} (id integer primary key, v ${type});
        insert into t${i} values ${values.map((value, n) => `(${n}, ${value})`).join(", ")};`);
      if (type !== "padded_twice") await db.exec(`insert into t${i} values (99, null)`);
    }
    engine = await openEngine(variant, db);
    tables = new Map((await engine.readModel({ journal })).tables.map((table) => [table.name, table]));
  });

  afterAll(async () => {
    await db?.drop();
  });

  const differing = async (i: number, other: string) => {
    const rows = await db.rows(
      `select count(*) filter (where not record_image_eq(row(t.v), row(o.v))) as differ, count(*) as rows, (select count(*) from t${i}) as all
      from t${i} t join ${other}${i} o using (id)`,
    );
    return rows[0];
  };

  test("every type comes back from an archive image bit by bit", async () => {
    const { syntax } = engine;
    for (const [i, [type, ...values]] of cases.entries()) {
      const columns = ["id", "v"].map((name) => columnOf(tables.get(`t${i}`) as Table, name));
      await engine.write({ lockTimeoutMs: 1000 }, async (tx) => {
        const image = syntax.image(columns.map((column) => ({ value: id(column.name), column })));
        const packs = syntax.pack(sql`select ${image} as image from ${id(`t${i}`)}`, 131_072);
        const rows = syntax.unpack(sql`select images from (${packs}) as packs`, columns);
        await tx.run(sql`insert into ${id(`back${i}`)} (id, v) ${rows}`);
      });
      const rows = String(values.length + (type === "padded_twice" ? 0 : 1));
      expect([type, await differing(i, "back")]).toEqual([type, { differ: "0", rows, all: rows }]);
    }
  });

  test("every type comes back from the text that went through the process", async () => {
    const { syntax } = engine;
    for (const [i, [type]] of cases.entries()) {
      const column = columnOf(tables.get(`t${i}`) as Table, "v");
      await engine.write({ lockTimeoutMs: 1000 }, async (tx) => {
        const rows = await tx.rows(
          sql`select id, ${syntax.text(id("v"), column)} as v from ${id(`t${i}`)} where v is not null`,
        );
        for (const row of rows) {
          const value = syntax.value(row.v as string, column);
          await tx.run(sql`insert into ${id(`typed${i}`)} values (${row.id}::integer, ${value})`);
        }
      });
      expect([type, (await differing(i, "typed"))?.differ]).toEqual([type, "0"]);
    }
  });
});
