import { defineEntity, EntitySchema, p } from "@mikro-orm/core";

// biome-ignore lint/suspicious/noExplicitAny: entities by interfaces, of which only the database's side is looked at
type Any = any;

const schemaOf = (definition: Any): Any => new EntitySchema(definition);
const id = { type: "number", primary: true, autoincrement: false };

/** What `entities.ts` does not have: other forms, keys, inheritance, joining tables and filters. */
export function moreEntities(engine: string): readonly Any[] {
  const tenant = schemaOf({ name: "Tenant", properties: { id } });
  return [tenant, ...trees(engine, tenant), ...books(), ...inheritance(tenant), ...filtered()];
}

/** Keys of several columns, of references, and of columns that two relations share. */
function trees(engine: string, tenant: Any): readonly Any[] {
  const node = schemaOf({
    name: "Node",
    properties: {
      tenant: id,
      key: { type: "string", length: 20, primary: true },
      parent: {
        kind: "m:1",
        entity: () => node,
        nullable: true,
        joinColumns: ["parent tenant", "parent_key"],
        deleteRule: "cascade",
        updateRule: "no action",
        ...(engine === "postgres" ? { deferMode: "deferred" } : {}),
      },
      children: { kind: "1:m", entity: () => node, mappedBy: "parent", cascade: ["all"] },
      leaf: { kind: "1:1", entity: () => leaf, mappedBy: "node", orphanRemoval: true },
    },
  });
  const leaf = schemaOf({
    name: "Leaf",
    ...(engine === "postgres" ? { schema: "wood" } : {}),
    properties: {
      // Its key is its parent's, and a part of it another relation's.
      node: {
        kind: "1:1",
        entity: () => node,
        primary: true,
        inversedBy: "leaf",
        joinColumns: ["node_tenant", "node_key"],
      },
      twin: {
        kind: "1:1",
        entity: () => leaf,
        nullable: true,
        joinColumns: ["twin_node_tenant", "twin_node_key"],
        deleteRule: "restrict",
        updateRule: "set null",
      },
      tenant: { kind: "m:1", entity: () => tenant, fieldName: "node_tenant", deleteRule: "no action" },
    },
  });
  return [node, leaf];
}

/** Joining tables, by `defineEntity`. */
function books(): readonly Any[] {
  const place = schemaOf({
    name: "Place",
    embeddable: true,
    properties: {
      shelf: { kind: "m:1", entity: () => shelf, nullable: true, deleteRule: "set null" },
      code: { type: "string", length: 10 },
    },
  });
  const shelf = defineEntity({
    name: "Shelf",
    tableName: "book shelf",
    properties: { id: p.integer().primary() },
  });
  const author = defineEntity({
    name: "Author",
    properties: {
      id: p.bigint().primary(),
      email: p.string().length(80).unique(),
      books: () => p.manyToMany(book as Any).mappedBy("authors" as never),
      written: () => p.oneToMany(book as Any).mappedBy("editor" as never),
    },
  });
  const book = defineEntity({
    name: "Book",
    properties: {
      id: p.integer().primary(),
      title: p.string().length(40),
      place: () => p.embedded(place).prefix("at_"),
      stored: () => p.embedded(place).object(),
      authors: () =>
        p
          .manyToMany(author as Any)
          .owner()
          .fixedOrder(),
      similar: () =>
        p
          .manyToMany(book as Any)
          .owner()
          .deleteRule("no action")
          .updateRule("no action"),
      tags: () =>
        p
          .manyToMany(tag as Any)
          .owner()
          .pivotEntity(() => tagging as Any),
      free: () =>
        p
          .manyToMany(tag as Any)
          .owner()
          .pivotTable("free tags")
          .createForeignKeyConstraint(false),
      editor: () =>
        p
          .manyToOne(author as Any)
          .nullable()
          .mapToPk(),
      // Read from the same column, and not written.
      editorAgain: () =>
        p
          .manyToOne(author as Any)
          .nullable()
          .fieldName("editor_id")
          .persist(false),
      owner: () =>
        p
          .manyToOne(author as Any)
          .targetKey("email" as never)
          .deleteRule("cascade")
          .foreignKeyName("book owner"),
    },
  } as Any);
  const tag = defineEntity({
    name: "Tag",
    properties: { name: p.string().length(20).primary() },
  });
  const tagging = defineEntity({
    name: "Tagging",
    tableName: "book_tagging",
    properties: {
      book: () => p.manyToOne(book as Any).primary(),
      tag: () =>
        p
          .manyToOne(tag as Any)
          .primary()
          .deleteRule("restrict")
          .updateRule("no action"),
      since: p.integer().nullable(),
    },
  } as Any);
  // Neither a view nor an entity without a table is one that relations lead from.
  const counted = defineEntity({
    name: "Counted",
    expression: "select 1 as id",
    properties: { id: p.integer() },
  } as Any);
  return [place, shelf, author, book, tag, tagging, counted];
}

/** A table for each class, and an abstract class that gives each of its children its relations. */
function inheritance(tenant: Any): readonly Any[] {
  const owned = schemaOf({
    name: "Owned",
    abstract: true,
    properties: { id, owner: { kind: "m:1", entity: () => tenant, deleteRule: "cascade" } },
  });
  const car = schemaOf({
    name: "Car",
    extends: owned,
    properties: { spare: { kind: "m:1", entity: () => car, nullable: true, updateRule: "cascade" } },
  });
  const animal = schemaOf({
    name: "Animal",
    inheritance: "tpt",
    properties: { id, keeper: { kind: "m:1", entity: () => tenant } },
  });
  const dog = schemaOf({
    name: "Dog",
    extends: animal,
    properties: { mother: { kind: "m:1", entity: () => dog, nullable: true } },
  });
  const paper = schemaOf({
    name: "Paper",
    properties: {
      id,
      about: {
        kind: "m:1",
        entity: () => [car, dog],
        polymorphic: true,
        discriminatorMap: { car: "Car", dog: "Dog" },
        nullable: true,
      },
    },
  });
  return [owned, car, animal, dog, paper];
}

const gone = { type: "Date", nullable: true };
const live = { name: "live", cond: { deletedAt: null }, default: true };

/** Filters that are soft deletes for certain, and others. */
function filtered(): readonly Any[] {
  const one = (name: string, filters: object, more: object = {}) =>
    schemaOf({
      name,
      filters,
      properties: {
        id,
        deletedAt: gone,
        isDeleted: { type: "boolean", default: false },
        other: gone,
        ...more,
      },
    });
  return [
    one("MarkedByTime", { live }),
    one("MarkedByFlag", { live: { ...live, cond: { isDeleted: false } } }),
    one("MarkedEqual", { live: { ...live, cond: { deletedAt: { $eq: null } } } }),
    one("NotByDefault", { live: { ...live, default: false } }),
    one("ByFunction", { live: { ...live, cond: () => ({ deletedAt: null }) } }),
    one("ByMore", { live: { ...live, cond: { deletedAt: null, other: null } } }),
    one("ByBoth", { live, flag: { name: "flag", cond: { isDeleted: false }, default: true } }),
    one("ByAnother", { live: { ...live, cond: { other: null } } }),
    one("OfTheDeleted", { live: { ...live, cond: { deletedAt: { $ne: null } } } }),
    one("ByTheConfiguration", {}),
  ];
}

/** Of the configuration, which are on by themselves. */
export const filters = {
  configured: { cond: { deletedAt: null }, entity: ["ByTheConfiguration"] },
  notDefault: { cond: { deletedAt: null }, entity: ["ByAnother"], default: false },
};
