import { describe, expect, test } from "vitest";
import { key, prepare } from "../support/act.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: { p: [[1]], c: [[1, 1]] },
};

describe("a database that stays open sees what was changed in the schema since its last plan", () => {
  eachVariant((variant, fresh) => {
    test("a table that references the root now", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(2);
      await db.exec([
        "create table late (id integer primary key, p integer, foreign key (p) references p(id) on delete cascade)",
        "insert into late values (1, 1), (2, 1)",
      ]);
      expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(4);
      await db.exec("drop table late");
      expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(2);
    });

    test("a trigger on a table that loses rows", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const triggers = async () =>
        (await ondelete.plan(key("p", "1"))).warnings.filter((w) => w.code === "trigger-fires").length;
      expect(await triggers()).toBe(0);
      await db.exec(TRIGGER[variant.engine]);
      expect(await triggers()).toBe(1);
    });
  });
});

const POSTGRES = `create function late_f() returns trigger language plpgsql as 'begin return null; end';
  create trigger late after delete on c for each row execute function late_f()`;
const TRIGGER = {
  sqlite: "create trigger late after delete on c begin select 1; end",
  postgres: POSTGRES,
  pglite: POSTGRES,
  mariadb: "create trigger late after delete on c for each row set @late = 1",
};
