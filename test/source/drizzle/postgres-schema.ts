import { relations } from "drizzle-orm";
import {
  type AnyPgColumn,
  foreignKey,
  integer,
  pgSchema,
  pgTable,
  pgTableCreator,
  primaryKey,
  serial,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";

export const audit = pgSchema("audit");
const prefixed = pgTableCreator((name) => `shop_${name}`);

export const people = pgTable("people", {
  id: serial("id").primaryKey(),
  email: text("email").notNull().unique(),
  managerId: integer("manager_id").references((): AnyPgColumn => people.id, { onDelete: "set null" }),
});

export const profiles = pgTable("profiles", {
  personId: integer("person_id")
    .notNull()
    .unique()
    .references(() => people.id, {
      onDelete: "cascade",
      onUpdate: "cascade",
    }),
  bio: text("bio"),
});

export const letters = pgTable("letters", {
  id: integer("id").primaryKey(),
  recipient: text("recipient").references(() => people.email, { onDelete: "restrict" }),
  sender: text("sender").references(() => people.email),
  copy: text("copy").references(() => people.email, { onDelete: "no action" }),
  secretary: integer("secretary")
    .default(1)
    .references(() => people.id, { onDelete: "set default", onUpdate: "restrict" }),
});

export const projects = pgTable(
  "projects",
  { tenant: integer("tenant").notNull(), key: text("key").notNull(), title: text("title") },
  (t) => [
    primaryKey({ columns: [t.tenant, t.key] }),
    unique("one_title").on(t.tenant, t.title),
    uniqueIndex("one_key").on(t.key),
  ],
);

export const tasks = pgTable(
  "tasks",
  {
    id: integer("id").primaryKey(),
    tenant: integer("tenant"),
    project: text("project"),
    watcher: integer("watcher"),
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
    person: integer("person")
      .notNull()
      .references(() => people.id, { onDelete: "cascade" }),
    task: integer("task")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
  },
  (t) => [primaryKey({ columns: [t.person, t.task] })],
);

export const events = audit.table("events", {
  id: integer().primaryKey(),
  personId: integer().references(() => people.id),
});

export const taskRelations = relations(tasks, ({ one, many }) => ({
  project: one(projects, {
    fields: [tasks.tenant, tasks.project],
    references: [projects.tenant, projects.key],
  }),
  watcher: one(people, { fields: [tasks.watcher], references: [people.id] }),
  members: many(members),
}));
