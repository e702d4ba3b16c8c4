import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../src/model/model.ts";
import { columnOf } from "../../../src/model/table.ts";
import { createDatabase, modelOf, pick, relationIn, skip, tableIn } from "./open.ts";

const FILE = `${process.env.ONDELETE_CORPORA ?? "../shared/corpora"}/sakila.mariadb.sql`;

const why = skip ?? (existsSync(FILE) ? null : `no file ${FILE}`);

/** The scripts of a dump, parted where it changes the delimiter around the body of a trigger, and without the rows. */
const scriptsOf = (dump: string): readonly string[] =>
  dump
    .replace(/^LOCK TABLES[\s\S]*?^UNLOCK TABLES;$/gm, "")
    .split(/^DELIMITER .*$/m)
    .map((part) => part.replace(/;;\s*$/, ""));

describe.skipIf(why)(`Sakila as a model${why ? ` (${why})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let model: Model;

  beforeAll(async () => {
    database = await createDatabase();
    for (const script of scriptsOf(readFileSync(FILE, "utf8"))) await database.exec(script);
    model = await modelOf(database);
  }, 60_000);
  afterAll(async () => {
    await database.drop();
  });

  test("has the 16 tables and none of the views", () => {
    expect(model.defaultNamespace).toBe(database.name);
    expect(model.tables.map((t) => t.id)).toEqual([
      "actor",
      "address",
      "category",
      "city",
      "country",
      "customer",
      "film",
      "film_actor",
      "film_category",
      "film_text",
      "inventory",
      "language",
      "payment",
      "rental",
      "staff",
      "store",
    ]);
  });

  test("has the 22 foreign keys, of which one sets null and all cascade an update", () => {
    expect(model.relations.map((r) => r.id)).toEqual([
      "address(city_id) -> city(city_id)",
      "city(country_id) -> country(country_id)",
      "customer(address_id) -> address(address_id)",
      "customer(store_id) -> store(store_id)",
      "film(language_id) -> language(language_id)",
      "film(original_language_id) -> language(language_id)",
      "film_actor(actor_id) -> actor(actor_id)",
      "film_actor(film_id) -> film(film_id)",
      "film_category(category_id) -> category(category_id)",
      "film_category(film_id) -> film(film_id)",
      "inventory(film_id) -> film(film_id)",
      "inventory(store_id) -> store(store_id)",
      "payment(customer_id) -> customer(customer_id)",
      "payment(rental_id) -> rental(rental_id)",
      "payment(staff_id) -> staff(staff_id)",
      "rental(customer_id) -> customer(customer_id)",
      "rental(inventory_id) -> inventory(inventory_id)",
      "rental(staff_id) -> staff(staff_id)",
      "staff(address_id) -> address(address_id)",
      "staff(store_id) -> store(store_id)",
      "store(address_id) -> address(address_id)",
      "store(manager_staff_id) -> staff(staff_id)",
    ]);
    const set = model.relations.filter((r) => r.onDelete !== "restrict");
    expect(set.map((r) => pick(r, "name", "onDelete", "onUpdate"))).toEqual([
      { name: "fk_payment_rental", onDelete: "set null", onUpdate: "cascade" },
    ]);
    const rest = model.relations.map((r) => pick(r, "onUpdate", "enforced", "indexed", "match"));
    expect(new Set(rest.map((r) => JSON.stringify(r)))).toEqual(
      new Set([JSON.stringify({ onUpdate: "cascade", enforced: true, indexed: true, match: "simple" })]),
    );
    const film = model.relations.filter((r) => r.parent === "film").toSorted((a, b) => a.order - b.order);
    expect(film.map((r) => r.name)).toEqual([
      "fk_film_actor_film",
      "fk_film_category_film",
      "fk_inventory_film",
    ]);
    expect(relationIn(model, "store(manager_staff_id) -> staff(staff_id)").name).toBe("fk_store_staff");
  });

  test("has the keys, the columns that move and the triggers of the file", () => {
    const rental = tableIn(model, "rental");
    expect(rental.primaryKey).toEqual(["rental_id"]);
    expect(rental.uniqueKeys).toEqual([
      {
        name: "rental_date",
        columns: ["rental_date", "inventory_id", "customer_id"],
        nullsDistinct: true,
      },
    ]);
    expect(rental.triggers).toEqual([
      { name: "rental_date", timing: "before", events: ["insert"], level: "row", enabled: true },
    ]);
    expect(pick(columnOf(rental, "rental_id"), "type", "nullable", "identity")).toEqual({
      type: "int(11)",
      nullable: false,
      identity: "by default",
    });
    expect(model.tables.filter((t) => t.triggers.length > 0).map((t) => t.id)).toEqual([
      "customer",
      "payment",
      "rental",
    ]);
    expect(model.tables.filter((t) => !t.columns.some((c) => c.movesOnUpdate)).map((t) => t.id)).toEqual([
      "film_text",
    ]);
    const film = tableIn(model, "film");
    expect(pick(columnOf(film, "rating"), "type", "default", "collation", "enumValues")).toEqual({
      type: "enum('G','PG','PG-13','R','NC-17')",
      default: "'G'",
      collation: "utf8mb3_general_ci",
      enumValues: ["G", "PG", "PG-13", "R", "NC-17"],
    });
    expect(columnOf(film, "rental_rate").default).toBe("4.99");
    expect(columnOf(film, "original_language_id").default).toBeNull();
    expect(tableIn(model, "film_actor").primaryKey).toEqual(["actor_id", "film_id"]);
    const methods = model.tables.flatMap((t) => t.indexes.map((i) => i.method)).filter((m) => m !== "btree");
    expect(methods).toEqual(["fulltext"]);
    expect(model.tables.filter((t) => t.nonTransactional).map((t) => t.id)).toEqual(["film_text"]);
  });
});
