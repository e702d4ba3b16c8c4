import { relations } from "drizzle-orm";
import {
  type AnyMySqlColumn,
  bigint,
  boolean,
  foreignKey,
  index,
  int,
  mysqlEnum,
  mysqlTable,
  mysqlTableCreator,
  mysqlView,
  primaryKey,
  timestamp,
  unique,
  varchar,
} from "drizzle-orm/mysql-core";

const prefixed = mysqlTableCreator((name) => `my_${name}`);

export const tenants = prefixed("tenants", { id: int().primaryKey() });

/** A tree by a key of two columns, one of which is a reference by itself. */
export const nodes = mysqlTable(
  "nodes",
  {
    tenantId: int()
      .notNull()
      .references(() => tenants.id, { onUpdate: "restrict" }),
    nodeKey: varchar({ length: 20 }).notNull(),
    parentTenant: int("parent tenant"),
    parentKey: varchar({ length: 20 }),
    deletedAt: timestamp(),
  },
  (t) => [
    primaryKey({ name: "node pk", columns: [t.tenantId, t.nodeKey] }),
    foreignKey({
      name: "node parent",
      columns: [t.parentTenant, t.parentKey],
      foreignColumns: [t.tenantId, t.nodeKey],
    })
      .onDelete("cascade")
      .onUpdate("set null"),
    index("by parent").on(t.parentTenant, t.parentKey),
  ],
);

/** One for one, its key its parent's; the older form of a table's constraints. */
export const leaves = mysqlTable(
  "leaves",
  {
    tenantId: int().notNull(),
    nodeKey: varchar({ length: 20 }).notNull(),
    state: mysqlEnum(["open", "done"]).default("open"),
    nickname: varchar({ length: 20 }),
    twinId: bigint({ mode: "number" }).unique("one twin"),
    isDone: boolean(),
  },
  (t) => ({
    key: primaryKey({ columns: [t.tenantId, t.nodeKey] }),
    node: foreignKey({ columns: [t.tenantId, t.nodeKey], foreignColumns: [nodes.tenantId, nodes.nodeKey] })
      .onDelete("restrict")
      .onUpdate("cascade"),
    nicknames: unique().on(t.nickname, t.state),
  }),
);

/** Two tables that reference each other. */
export const hens = mysqlTable("hens", {
  id: bigint({ mode: "number" }).primaryKey(),
  eggId: int().references((): AnyMySqlColumn => eggs.id, { onDelete: "set null", onUpdate: "no action" }),
});

export const eggs = mysqlTable("eggs", {
  id: int().primaryKey(),
  henId: bigint({ mode: "number" })
    .notNull()
    .references(() => hens.id),
  // Two references to one table, and one that the application alone knows.
  secondHen: bigint({ mode: "number" }).references(() => hens.id, { onDelete: "cascade" }),
  buyerId: int(),
});

/** No table. */
export const done = mysqlView("done leaves", { id: int() }).existing();

export const henRelations = relations(hens, ({ one, many }) => ({
  egg: one(eggs, { fields: [hens.eggId], references: [eggs.id], relationName: "laid" }),
  eggs: many(eggs, { relationName: "hen" }),
}));

export const eggRelations = relations(eggs, ({ one }) => ({
  hen: one(hens, { fields: [eggs.henId], references: [hens.id], relationName: "hen" }),
  buyer: one(tenants, { fields: [eggs.buyerId], references: [tenants.id] }),
  laidBy: one(hens),
}));
