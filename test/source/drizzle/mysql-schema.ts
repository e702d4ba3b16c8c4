import { relations } from "drizzle-orm";
import {
  type AnyMySqlColumn,
  foreignKey,
  int,
  mysqlTable,
  mysqlTableCreator,
  primaryKey,
  unique,
  uniqueIndex,
  varchar,
} from "drizzle-orm/mysql-core";

const prefixed = mysqlTableCreator((name) => `shop_${name}`);

export const people = mysqlTable("people", {
  id: int("id").primaryKey(),
  email: varchar("email", { length: 80 }).notNull().unique(),
  managerId: int("manager_id").references((): AnyMySqlColumn => people.id, { onDelete: "set null" }),
});

export const profiles = mysqlTable("profiles", {
  personId: int("person_id")
    .notNull()
    .unique()
    .references(() => people.id, {
      onDelete: "cascade",
      onUpdate: "cascade",
    }),
  bio: varchar("bio", { length: 80 }),
});

export const letters = mysqlTable("letters", {
  id: int("id").primaryKey(),
  recipient: varchar("recipient", { length: 80 }).references(() => people.email, { onDelete: "restrict" }),
  sender: varchar("sender", { length: 80 }).references(() => people.email),
  copy: varchar("copy", { length: 80 }).references(() => people.email, { onDelete: "no action" }),
  secretary: int("secretary")
    .default(1)
    .references(() => people.id, { onDelete: "set default", onUpdate: "restrict" }),
});

export const projects = mysqlTable(
  "projects",
  {
    tenant: int("tenant").notNull(),
    key: varchar("key", { length: 80 }).notNull(),
    title: varchar("title", { length: 80 }),
  },
  (t) => [
    primaryKey({ columns: [t.tenant, t.key] }),
    unique("one_title").on(t.tenant, t.title),
    uniqueIndex("one_key").on(t.key),
  ],
);

export const tasks = mysqlTable(
  "tasks",
  {
    id: int("id").primaryKey(),
    tenant: int("tenant"),
    project: varchar("project", { length: 80 }),
    watcher: int("watcher"),
  },
  (t) => [
    foreignKey({
      name: "task_project",
      columns: [t.tenant, t.project],
      foreignColumns: [projects.tenant, projects.key],
    }).onDelete("cascade"),
  ],
);

export const members = prefixed(
  "members",
  {
    person: int("person")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    task: int("task")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.person, t.task] })],
);

export const events = mysqlTable("events", {
  id: int().primaryKey(),
  personId: int().references(() => people.id),
});

export const taskRelations = relations(tasks, ({ one, many }) => ({
  project: one(projects, {
    fields: [tasks.tenant, tasks.project],
    references: [projects.tenant, projects.key],
  }),
  watcher: one(people, { fields: [tasks.watcher], references: [people.id] }),
  members: many(members),
}));
