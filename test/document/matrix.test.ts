import { expect, test } from "vitest";
import { type Cell, type Config, type Documentation, open } from "../../src/index.ts";
import { plain } from "../support/dress.ts";
import { eachVariant, type Fresh } from "../support/stages.ts";
import { build, familyOf, INT, PK, type Schema, type Tables } from "../support/story.ts";

const schema = (tables: Tables, ...fks: readonly string[]): Schema => ({ tables, fks, rows: {} });

/** A cell in short: its effects, who does it where that is not the database, and the columns that are set. */
function short(documentation: Pick<Documentation, "cells">, child: string, parent: string): string {
  const cell: Cell | undefined = documentation.cells[child]?.[parent];
  if (!cell) return "no cell";
  const columns = cell.columns.length > 0 ? ` [${cell.columns.join(",")}]` : "";
  return `${cell.effect.join("+")}${columns}${cell.by === "database" || cell.by === null ? "" : ` by ${cell.by}`}`;
}

eachVariant((variant, fresh) => {
  const family = familyOf(variant);

  async function documented(made: Schema, config: Config = {}, empty: Fresh = fresh): Promise<Documentation> {
    const db = await empty();
    await build(db, variant, made, plain);
    return (await open(db.handle, config)).document();
  }

  test("direct actions: deleted, set null, set default, blocked, and kept where nothing leads", async () => {
    const made = schema(
      {
        p: { id: PK },
        c: { id: PK, p: INT },
        n: { id: PK, p: INT },
        d: { id: PK, p: "integer default 1" },
        r: { id: PK, p: INT },
        a: { id: PK, p: INT },
      },
      "c(p) -> p(id) on delete cascade",
      "n(p) -> p(id) on delete set null",
      // MariaDB has no SET DEFAULT and stores NO ACTION in its place.
      ...(family === "mariadb" ? [] : ["d(p) -> p(id) on delete set default"]),
      "r(p) -> p(id) on delete restrict",
      "a(p) -> p(id) on delete no action",
    );
    const found = await documented(made);
    expect(["c", "n", "r", "a"].map((child) => short(found, child, "p"))).toEqual([
      "deleted",
      "set null [p]",
      "blocks",
      "blocks",
    ]);
    if (family !== "mariadb") expect(short(found, "d", "p")).toBe("set default [p]");
    expect(found.cells.c?.p?.via).toEqual(["c(p) -> p(id)"]);
    expect(short(found, "p", "p")).toBe("kept");
    expect(found.parents).toEqual(["p"]);
  });

  test("what a cascade takes along takes along, loses or blocks in turn, and says by which relations", async () => {
    const made = schema(
      {
        u: { id: PK },
        p: { id: PK, u: INT },
        w: { id: PK, p: INT },
        r: { id: PK, w: INT, p: INT },
        b: { id: PK, w: INT },
      },
      "p(u) -> u(id) on delete set null",
      "w(p) -> p(id) on delete cascade",
      "r(w) -> w(id) on delete set null",
      "r(p) -> p(id) on delete cascade",
      "b(w) -> w(id) on delete restrict",
    );
    const found = await documented(made);
    expect(found.parents).toEqual(["p", "u", "w"]);
    const rows = ["b", "p", "r", "w"].map((c) => ["p", "u", "w"].map((parent) => short(found, c, parent)));
    expect(rows).toEqual([
      ["blocks", "kept", "blocks"],
      ["kept", "set null [u]", "kept"],
      ["deleted+set null+data-dependent [w]", "kept", "set null [w]"],
      ["deleted", "kept", "kept"],
    ]);
    expect(found.cells.r?.p?.via).toEqual(["r(p) -> p(id)", "r(w) -> w(id)"]);
    const deletion = found.deletions.find((d) => d.table === "p");
    expect(deletion?.consequences.map((c) => [c.table, c.effect, c.chain.join(" ")])).toEqual([
      ["b", "blocks", "p w b"],
      ["r", "deleted", "p r"],
      ["r", "set null", "p w r"],
      ["w", "deleted", "p w"],
    ]);
  });

  test("the application's cascades go on through the database's, and the weakest hand names the cell", async () => {
    const made = schema(
      { p: { id: PK }, w: { id: PK, p: INT }, s: { id: PK, w: INT }, l: { id: PK, s: INT } },
      "w(p) -> p(id)",
      "s(w) -> w(id) on delete cascade",
    );
    const by = { parentColumns: ["id"], onDelete: "cascade", enforcedBy: "application" } as const;
    const found = await documented(made, {
      relations: [
        { child: "w", columns: ["p"], parent: "p", ...by },
        { child: "l", columns: ["s"], parent: "s", ...by },
      ],
    });
    const rows = ["l", "s", "w"].map((c) => ["p", "s", "w"].map((parent) => short(found, c, parent)));
    expect(rows).toEqual([
      ["deleted by application", "deleted by application", "deleted by application"],
      ["deleted by application", "kept", "deleted"],
      ["deleted by application", "kept", "kept"],
    ]);
    expect(found.notes.filter((n) => n.kind === "application").map((n) => n.object)).toEqual([
      "l(s) -> s(id)",
      "w(p) -> p(id)",
    ]);
  });

  test("SET NULL on a column that may not be null blocks", async () => {
    const tables = { p: { id: PK }, n: { id: PK, p: "integer not null" } };
    // MariaDB refuses such a constraint, so that the policy says it there.
    const byPolicy = family === "mariadb";
    const made = byPolicy ? schema(tables) : schema(tables, "n(p) -> p(id) on delete set null");
    const entry = {
      child: "n",
      columns: ["p"],
      parent: "p",
      parentColumns: ["id"],
      onDelete: "set null",
    } as const;
    const found = await documented(made, byPolicy ? { relations: [entry] } : {});
    expect(short(found, "n", "p")).toBe(byPolicy ? "blocks by application" : "blocks");
  });

  test("tables in a circle, and one that references itself, are deleted from each other", async () => {
    const made = schema(
      { a: { id: PK, b: INT }, b: { id: PK, a: INT }, t: { id: PK, up: INT }, n: { id: PK, up: INT } },
      "b(a) -> a(id) on delete cascade",
      "t(up) -> t(id) on delete cascade",
      "n(up) -> n(id) on delete set null",
    );
    const circle = {
      child: "a",
      columns: ["b"],
      parent: "b",
      parentColumns: ["id"],
      onDelete: "cascade",
    } as const;
    const found = await documented(made, { relations: [circle] });
    expect(short(found, "t", "t")).toBe("deleted");
    expect(short(found, "n", "n")).toBe("set null [up]");
    expect(short(found, "a", "a")).toBe("deleted by application");
    expect(short(found, "a", "b")).toBe("deleted by application");
    expect(short(found, "b", "a")).toBe("deleted");
  });

  test("an uneven diamond with a refusing side depends on the order of constraints, where the engine's does", async () => {
    const made = schema(
      { r: { id: PK }, a: { id: PK, r: INT }, x: { id: PK, r: INT }, b: { id: PK, x: INT, a: INT } },
      "a(r) -> r(id) on delete cascade",
      "x(r) -> r(id) on delete cascade",
      "b(x) -> x(id) on delete cascade",
      "b(a) -> a(id) on delete no action",
    );
    const found = await documented(made);
    // SQLite looks at NO ACTION at the end of the statement.
    const expected = {
      sqlite: "deleted+blocks+data-dependent",
      postgres: "deleted+blocks+order-dependent+data-dependent",
      mariadb: "deleted+blocks+order-dependent+data-dependent",
    };
    expect(short(found, "b", "r")).toBe(expected[family]);
    expect(short(found, "b", "a")).toBe("blocks");
    const notes = found.notes.filter((n) => n.kind === "order-dependent").map((n) => n.object);
    expect(notes).toEqual(family === "sqlite" ? [] : ["b | r"]);
  });

  test("a null goes on to what references the column that gets it", async () => {
    const made = schema(
      {
        p: { id: PK },
        a: { id: PK, code: "integer unique" },
        b: { id: PK, acode: INT },
        s: { id: PK, acode: INT },
      },
      "a(code) -> p(id) on delete set null on update no action",
      "b(acode) -> a(code) on update cascade",
      "s(acode) -> a(code) on update restrict",
    );
    const found = await documented(made);
    expect(["a", "b", "s"].map((c) => short(found, c, "p"))).toEqual([
      "set null [code]",
      "set null [acode]",
      "blocks",
    ]);
    expect(short(found, "b", "a")).toBe("blocks");
  });

  test("a polymorphic relation sets its type to null too, and a composite one all of its columns", async () => {
    const made = schema(
      {
        p: { a: "integer not null", b: "integer not null", "+": "primary key ([a], [b])" },
        c: { id: PK, pa: INT, pb: INT },
        o: { id: PK, kind: "varchar(10)", of: INT },
        q: { id: PK },
      },
      "c(pa,pb) -> p(a,b) on delete set null",
    );
    const found = await documented(made, {
      relations: [
        {
          child: "o",
          columns: ["of"],
          parent: "q",
          parentColumns: ["id"],
          onDelete: "set null",
          when: { column: "kind", values: ["q"] },
        },
      ],
    });
    expect(short(found, "c", "p")).toBe("set null [pa,pb]");
    expect(short(found, "o", "q")).toBe("set null [kind,of] by application");
  });

  test("a soft delete marks, archives, keeps or is blocked, and leaves references as they are", async () => {
    const made = schema(
      {
        p: { id: PK, gone: "timestamp null" },
        c: { id: PK, p: INT, gone: "timestamp null" },
        k: { id: PK, c: INT },
        g: { id: PK, k: INT, gone: "timestamp null" },
        v: { id: PK, c: INT },
        z: { id: PK, c: INT },
        n: { id: PK, p: INT },
      },
      "c(p) -> p(id) on delete cascade",
      "k(c) -> c(id) on delete cascade",
      "g(k) -> k(id) on delete cascade",
      "v(c) -> c(id) on delete cascade",
      "z(c) -> c(id) on delete cascade",
      "n(p) -> p(id) on delete set null",
    );
    const found = await documented(made, {
      tables: {
        p: { softDelete: "gone" },
        c: { softDelete: "gone" },
        g: { softDelete: "gone" },
        v: { onSoftDelete: "archive" },
        z: { onSoftDelete: "block" },
      },
    });
    expect(found.soft?.parents).toEqual(["c", "p"]);
    const soft = { cells: found.soft?.cells ?? {} };
    expect(["c", "k", "g", "v", "z", "n"].map((c) => short(soft, c, "p"))).toEqual([
      "soft-deleted",
      "kept",
      "soft-deleted",
      "deleted",
      "blocks",
      "kept",
    ]);
    expect(["c", "k", "g", "v", "z", "n"].map((c) => short(found, c, "p"))).toEqual([
      "deleted",
      "deleted",
      "deleted",
      "deleted",
      "deleted",
      "set null [p]",
    ]);
  });

  test("schemas, include and exclude decide what is shown, and not what is told of it", async () => {
    const made = schema(
      { p: { id: PK }, hidden: { id: PK, p: INT }, c: { id: PK, hidden: INT } },
      "hidden(p) -> p(id) on delete cascade",
      "c(hidden) -> hidden(id) on delete cascade",
    );
    const found = await documented(made, { exclude: ["hidden"] });
    expect(found.tables.map((t) => t.id)).toEqual(["c", "p"]);
    expect(short(found, "c", "p")).toBe("deleted");
    expect(found.relations).toEqual([]);
    expect(found.notes.map((n) => [n.kind, n.message.slice(0, 40)])).toEqual([
      ["not shown", "1 table is left out of this document; de"],
    ]);
  });

  test("tables stand in the order in which include names them", async () => {
    const made = schema(
      { a: { id: PK, z: INT }, k: { id: PK, a: INT }, z: { id: PK }, b: { id: PK, z: INT } },
      "a(z) -> z(id) on delete set null",
      "b(z) -> z(id) on delete cascade",
      "k(a) -> a(id) on delete cascade",
    );
    const found = await documented(made, { include: ["z", "b", "*"] });
    expect(found.tables.map((t) => t.id)).toEqual(["z", "b", "a", "k"]);
    expect(found.parents).toEqual(["z", "a"]);
    expect(found.children).toEqual(["z", "b", "a", "k"]);
    expect(found.deletions.map((d) => d.table)).toEqual(["z", "a"]);
  });

  test("a parent whose deletion does nothing to the tables that are shown has no column", async () => {
    const made = schema(
      { p: { id: PK }, c: { id: PK, p: INT }, c_labels: { id: PK, c: INT } },
      "c(p) -> p(id) on delete cascade",
      "c_labels(c) -> c(id) on delete cascade",
    );
    expect((await documented(made)).parents).toEqual(["c", "p"]);
    const found = await documented(made, { exclude: ["*_labels"] });
    expect(found.parents).toEqual(["p"]);
    expect(found.deletions.map((d) => d.table)).toEqual(["p"]);
  });
});
