import { relations, sql } from "drizzle-orm";
import {
  type AnySQLiteColumn,
  foreignKey,
  index,
  integer,
  primaryKey,
  sqliteTable,
  sqliteTableCreator,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

const prefixed = sqliteTableCreator((name) => `my_${name}`);

export const tenants = prefixed("tenants", { id: integer().primaryKey() });

/** A tree by a key of two columns, one of which is a reference by itself. */
export const nodes = sqliteTable(
  "nodes",
  {
    tenantId: integer()
      .notNull()
      .references(() => tenants.id, { onUpdate: "restrict" }),
    nodeKey: text().notNull(),
    parentTenant: integer("parent tenant"),
    parentKey: text(),
    deletedAt: integer({ mode: "timestamp" }),
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
    // It holds for some rows only.
    uniqueIndex("one live").on(t.nodeKey).where(sql`deleted_at is null`),
    index("by parent").on(t.parentTenant, t.parentKey),
  ],
);

/** One for one, its key its parent's; the older form of a table's constraints. */
export const leaves = sqliteTable(
  "leaves",
  {
    tenantId: integer().notNull(),
    nodeKey: text().notNull(),
    state: text({ enum: ["open", "done"] }).default("open"),
    nickname: text(),
    twinId: integer().unique("one twin"),
    isDone: integer({ mode: "boolean" }),
  },
  (t) => ({
    key: primaryKey({ columns: [t.tenantId, t.nodeKey] }),
    node: foreignKey({ columns: [t.tenantId, t.nodeKey], foreignColumns: [nodes.tenantId, nodes.nodeKey] })
      .onDelete("restrict")
      .onUpdate("cascade"),
    nicknames: unique().on(t.nickname, t.state),
    // Made of an expression.
    lower: uniqueIndex("one lower").on(sql`lower(nickname)`),
  }),
);

/** Two tables that reference each other. */
export const hens = sqliteTable("hens", {
  id: integer().primaryKey(),
  eggId: integer().references((): AnySQLiteColumn => eggs.id, {
    onDelete: "set null",
    onUpdate: "set default",
  }),
});

export const eggs = sqliteTable("eggs", {
  id: integer().primaryKey(),
  henId: integer()
    .notNull()
    .references(() => hens.id),
  // Two references to one table, and one that the application alone knows.
  secondHen: integer().references(() => hens.id, { onDelete: "cascade" }),
  buyerId: integer(),
});

/** No table. */
export const done = sqliteView("done leaves", { id: integer() }).existing();

export const henRelations = relations(hens, ({ one, many }) => ({
  egg: one(eggs, { fields: [hens.eggId], references: [eggs.id], relationName: "laid" }),
  eggs: many(eggs, { relationName: "hen" }),
}));

export const eggRelations = relations(eggs, ({ one }) => ({
  hen: one(hens, { fields: [eggs.henId], references: [hens.id], relationName: "hen" }),
  buyer: one(tenants, { fields: [eggs.buyerId], references: [tenants.id] }),
  laidBy: one(hens),
}));
