import type * as latest from "typeorm";

// biome-ignore lint/suspicious/noExplicitAny: entities by schemas, of which only the database's side is looked at
type Any = any;

type Engine = "sqlite" | "postgres" | "mariadb";

const id = { type: "int", primary: true } as const;
const column = (type: string, more: object = {}) => ({ type, ...more });
const text = column("varchar", { length: 20 });
const toOne = (target: string, more: object = {}) => ({ type: "many-to-one", target, ...more });

/** What `entities.ts` does not have, by `EntitySchema`: other keys, joining tables, trees, and what is made elsewhere. */
export function moreEntities(orm: typeof latest, engine: Engine): readonly Any[] {
  const schemaOf = (options: object): Any => new orm.EntitySchema(options as Any);
  return [...keys(engine), ...joins(), ...cascades(), ...trees(), ...elsewhere()].map(schemaOf);
}

/** Keys of several columns, of references, of columns that are no relation's, and with other actions. */
const keys = (engine: Engine): readonly object[] => [
  { name: "Tenant", columns: { id } },
  {
    name: "Node",
    ...(engine === "postgres" ? { schema: "wood" } : {}),
    columns: {
      tenant: id,
      key: { ...text, primary: true },
      since: { type: engine === "postgres" ? "timestamp" : "datetime", deleteDate: true, nullable: true },
    },
    relations: {
      parent: toOne("Node", {
        inverseSide: "children",
        joinColumn: [
          { name: "parent tenant", referencedColumnName: "tenant" },
          { name: "parent_key", referencedColumnName: "key" },
        ],
        onDelete: "CASCADE",
        onUpdate: "RESTRICT",
      }),
      children: { type: "one-to-many", target: "Node", inverseSide: "parent", cascade: true },
      // A part of the key is a reference by itself.
      owner: toOne("Tenant", { joinColumn: { name: "tenant" }, nullable: false, onUpdate: "NO ACTION" }),
    },
  },
  {
    name: "Leaf",
    columns: {
      tenant: id,
      key: { ...text, primary: true },
      extra: { type: "int", nullable: true, unique: true },
    },
    relations: {
      // Its key is its parent's.
      node: {
        type: "one-to-one",
        target: "Node",
        joinColumn: [
          { name: "tenant", referencedColumnName: "tenant" },
          { name: "key", referencedColumnName: "key" },
        ],
        onDelete: "RESTRICT",
        onUpdate: "CASCADE",
        ...(engine === "postgres" ? { onDelete: "NO ACTION", deferrable: "INITIALLY DEFERRED" } : {}),
      },
    },
  },
  {
    name: "Ticket",
    columns: {
      id,
      tenantId: {
        type: "int",
        nullable: true,
        name: "tenant id",
        foreignKey: { target: "Tenant", onDelete: "SET NULL", name: "ticket tenant" },
      },
      nodeTenant: { type: "int", nullable: true },
      nodeKey: { ...text, nullable: true },
      twin: { type: "int", nullable: true },
    },
    foreignKeys: [
      {
        target: "Node",
        columnNames: ["nodeTenant", "nodeKey"],
        referencedColumnNames: ["tenant", "key"],
        onUpdate: "SET NULL",
      },
    ],
    relations: {
      next: { type: "one-to-one", target: "Ticket", joinColumn: { name: "twin" }, onDelete: "SET NULL" },
      lazy: toOne("Tenant", { lazy: true, eager: false, nullable: true, onUpdate: "CASCADE" }),
    },
    indices: [
      { name: "not made", columns: ["nodeKey"], unique: true, synchronize: false },
      { name: "made", columns: ["nodeTenant", "nodeKey"], unique: true },
    ],
  },
];

/** Joining tables. */
const joins = (): readonly object[] => [
  {
    name: "Book",
    columns: { id, isbn: { ...text, unique: true } },
    relations: {
      similar: {
        type: "many-to-many",
        target: "Book",
        joinTable: true,
        onDelete: "NO ACTION",
        onUpdate: "NO ACTION",
      },
      authors: {
        type: "many-to-many",
        target: "Author",
        inverseSide: "books",
        joinTable: {
          name: "written by",
          joinColumn: { name: "isbn", referencedColumnName: "isbn" },
          inverseJoinColumn: { name: "who", referencedColumnName: "name" },
        },
      },
      free: {
        type: "many-to-many",
        target: "Author",
        joinTable: { name: "free_authors" },
        createForeignKeyConstraints: false,
      },
      reviews: { type: "one-to-many", target: "Review", inverseSide: "book" },
    },
  },
  {
    name: "Author",
    columns: { id: { type: "bigint", primary: true }, name: { ...text, unique: true } },
    relations: {
      books: { type: "many-to-many", target: "Book", inverseSide: "authors", onDelete: "RESTRICT" },
    },
  },
  // An entity of its own between two.
  {
    name: "Review",
    columns: { bookId: id, authorId: { type: "bigint", primary: true }, stars: { type: "int" } },
    relations: {
      book: toOne("Book", { inverseSide: "reviews", joinColumn: { name: "bookId" }, onDelete: "CASCADE" }),
      author: toOne("Author", { joinColumn: { name: "authorId" }, onDelete: "CASCADE" }),
    },
  },
];

/** What the ORM itself deletes. */
const cascades = (): readonly object[] => [
  {
    name: "Order",
    tableName: "orders",
    columns: { id },
    relations: {
      lines: {
        type: "one-to-many",
        target: "Line",
        inverseSide: "order",
        cascade: ["insert", "soft-remove"],
      },
      // The parent goes with the child.
      draft: { type: "one-to-one", target: "Draft", joinColumn: true, cascade: ["remove"], nullable: true },
    },
  },
  { name: "Draft", columns: { id } },
  {
    name: "Line",
    columns: { id },
    relations: {
      order: toOne("Order", { inverseSide: "lines", orphanedRowAction: "soft-delete", onDelete: "CASCADE" }),
    },
  },
];

const trees = (): readonly object[] => [
  {
    name: "Folder",
    columns: { id },
    relations: {
      up: toOne("Folder", { treeParent: true, inverseSide: "down", onDelete: "CASCADE" }),
      down: { type: "one-to-many", target: "Folder", treeChildren: true, inverseSide: "up" },
    },
    trees: [{ type: "materialized-path" }],
  },
  {
    name: "Section",
    columns: { id: { type: "int", primary: true, generated: true } },
    relations: {
      up: toOne("Section", { treeParent: true, inverseSide: "down" }),
      down: { type: "one-to-many", target: "Section", treeChildren: true, inverseSide: "up" },
    },
    trees: [{ type: "nested-set" }],
  },
];

/** Entities for which TypeORM makes no table: one that is made elsewhere, which code speaks of all the same, and a view. */
const elsewhere = (): readonly object[] => [
  {
    name: "Legacy",
    synchronize: false,
    columns: { id },
    relations: { tenant: toOne("Tenant", { onDelete: "CASCADE" }) },
  },
  { name: "Seen", type: "view", expression: "select 1 as id", columns: { id: { type: "int" } } },
];
