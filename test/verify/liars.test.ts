import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { lines, reasons } from "./tell.ts";

const FAMILY = [
  "create table p (id integer primary key)",
  "create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id) on delete cascade)",
];

/** E1 of the measurements: b goes by x and references a, which goes too; made in an order in which a DELETE works. */
const DIAMOND = [
  "create table r (id integer primary key)",
  "create table x (id integer primary key, r_id integer)",
  "create table a (id integer primary key, r_id integer)",
  "create table b (id integer primary key, x_id integer, a_id integer)",
];

/** The constraints of the diamond: name, table, columns, parent, what a delete does. */
const EDGES = {
  works: [
    "alter table x add constraint x_r foreign key (r_id) references r (id) on delete cascade",
    "alter table b add constraint b_x foreign key (x_id) references x (id) on delete cascade",
    "alter table a add constraint z_r foreign key (r_id) references r (id) on delete cascade",
    "alter table b add constraint b_z foreign key (a_id) references a (id) on delete restrict",
  ],
};

/** SQLite takes constraints with their table alone; the table that is made last is the first to act. */
const SQLITE_DIAMOND = [
  "create table r (id integer primary key)",
  "create table a (id integer primary key, r_id integer references r on delete cascade)",
  "create table x (id integer primary key, r_id integer references r on delete cascade)",
  "create table b (id integer primary key, x_id integer references x on delete cascade, a_id integer references a on delete restrict)",
];

eachVariant((variant, fresh) => {
  const postgres = variant.engine === "postgres" || variant.engine === "pglite";

  test("a cascade that depends on the order of constraints is found, though it works now", async () => {
    const db = await fresh();
    await db.exec(variant.engine === "sqlite" ? SQLITE_DIAMOND : [...DIAMOND, ...EDGES.works]);
    const made = await (await open(db.handle)).verify({ native: true });
    expect(lines(made, "contradicted")).toEqual([
      "native r ← a(r_id) ← b(a_id), too: declared deleted, seen order-dependent",
    ]);
    expect(reasons(made)[0]).toMatch(/^with the constraints as they are it comes to: deleted; .*: blocks/);
    expect(made.summary.unprovable).toBe(0);
  });

  test.skipIf(!postgres)(
    "a trigger that keeps the child is found, natively and through ondelete",
    async () => {
      const db = await fresh();
      await db.exec([
        ...FAMILY,
        "create function keep() returns trigger language plpgsql as $$ begin return null; end $$",
        "create trigger keep before delete on c for each row execute function keep()",
      ]);
      for (const scratch of [false, true]) {
        const made = await (await open(db.handle)).verify({ scratch });
        expect(lines(made, "contradicted")).toEqual([
          "native p ← c(p_id): declared deleted, seen kept",
          "ondelete p ← c(p_id): declared deleted, seen failed",
        ]);
      }
    },
  );

  test.skipIf(!postgres)("a trigger that keeps the parent is found", async () => {
    const db = await fresh();
    await db.exec([
      ...FAMILY,
      "create function keep() returns trigger language plpgsql as $$ begin return null; end $$",
      "create trigger keep before delete on p for each row execute function keep()",
    ]);
    const made = await (await open(db.handle)).verify({ native: true });
    expect(lines(made, "contradicted")).toEqual(["native p ← c(p_id): declared deleted, seen parent-kept"]);
  });

  test.skipIf(!postgres)("a constraint whose triggers are switched off is found", async () => {
    const db = await fresh();
    await db.exec([...FAMILY, "alter table p disable trigger all"]);
    const made = await (await open(db.handle)).verify();
    expect(lines(made, "contradicted")).toEqual(["native p ← c(p_id): declared deleted, seen kept"]);
    expect(reasons(made)).toEqual(["the database does not enforce the constraint"]);
  });

  test.skipIf(variant.engine === "pglite")("checks that the session has switched off are found", async () => {
    const db = await fresh();
    await db.exec(FAMILY);
    const session = await openSession(db, variant);
    await session.run(
      {
        sqlite: "pragma foreign_keys = off",
        postgres: "set session_replication_role = replica",
        mariadb: "set foreign_key_checks = 0",
        pglite: "",
      }[variant.engine],
    );
    const made = await (await open(session.handle)).verify({ native: true });
    expect(lines(made, "contradicted")).toEqual(["native p ← c(p_id): declared deleted, seen kept"]);
    const [name, off] = {
      sqlite: ["foreign_keys", "0"],
      postgres: ["session_replication_role", "replica"],
      mariadb: ["foreign_key_checks", "0"],
      pglite: ["", ""],
    }[variant.engine] as [string, string];
    expect(made.settings[name]).toBe(off);
  });

  test.skipIf(variant.engine === "sqlite")(
    "two constraints that disagree are found, one by one",
    async () => {
      const db = await fresh();
      await db.exec([
        "create table p (id integer primary key)",
        "create table c (id integer primary key, p_id integer)",
        "alter table c add constraint k_1 foreign key (p_id) references p (id) on delete cascade",
        "alter table c add constraint k_2 foreign key (p_id) references p (id) on delete set null",
      ]);
      const made = await (await open(db.handle)).verify();
      expect(lines(made, "contradicted")).toEqual([
        "native p ← c(p_id): declared deleted, seen order-dependent",
        "native p ← c(p_id)#k_2: declared set null, seen order-dependent",
        "native p ← c(p_id)#k_2, too: declared deleted, seen order-dependent",
      ]);
      expect(lines(made, "proven")).toEqual(["ondelete p ← c(p_id): deleted"]);
    },
  );
});
