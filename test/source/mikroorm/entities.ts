import { EntitySchema, type EventSubscriber } from "@mikro-orm/core";

// biome-ignore lint/suspicious/noExplicitAny: entities by interfaces, of which only the database's side is looked at
type Any = any;

const schemaOf = (definition: Any): Any => new EntitySchema(definition);
const id = { type: "number", primary: true, autoincrement: false };

/** The entities; several schemas are PostgreSQL's alone. */
export function entities(engine: string): readonly Any[] {
  const address = schemaOf({
    name: "Address",
    embeddable: true,
    properties: { street: { type: "string" }, city: { type: "string", nullable: true } },
  });
  const person = schemaOf({
    name: "Person",
    tableName: "people",
    hooks: { beforeDelete: ["farewell"] },
    properties: {
      id: { type: "number", primary: true },
      email: { type: "string", length: 80, unique: true },
      address: { kind: "embedded", entity: () => address },
      manager: {
        kind: "m:1",
        entity: () => person,
        nullable: true,
        fieldName: "boss_id",
        foreignKeyName: "fk_boss",
      },
      reports: { kind: "1:m", entity: () => person, mappedBy: "manager" },
      profile: { kind: "1:1", entity: () => profile, mappedBy: "person", orphanRemoval: true },
      letters: { kind: "1:m", entity: () => letter, mappedBy: "sender", cascade: ["persist", "remove"] },
      teams: { kind: "m:n", entity: () => team, pivotTable: "team people" },
    },
  });
  const profile = schemaOf({
    name: "Profile",
    properties: { person: { kind: "1:1", entity: () => person, primary: true } },
  });
  const letter = schemaOf({
    name: "Letter",
    ...(["postgres", "pglite"].includes(engine) ? { schema: "post" } : {}),
    properties: {
      id,
      sender: { kind: "m:1", entity: () => person, deleteRule: "restrict", updateRule: "cascade" },
      recipient: { kind: "m:1", entity: () => person },
      copy: {
        kind: "m:1",
        entity: () => person,
        targetKey: "email",
        fieldName: "copy",
        deleteRule: "no action",
      },
      keeper: { kind: "m:1", entity: () => person, nullable: true, deleteRule: "set null" },
      free: { kind: "m:1", entity: () => person, createForeignKeyConstraint: false },
    },
  });
  const project = schemaOf({
    name: "Project",
    properties: {
      tenant: id,
      key: { type: "string", length: 20, primary: true },
      title: { type: "string", length: 20, nullable: true },
    },
    uniques: [{ properties: ["tenant", "title"] }],
  });
  const task = schemaOf({
    name: "Task",
    properties: {
      id,
      project: { kind: "m:1", entity: () => project, deleteRule: "cascade" },
      next: { kind: "m:1", entity: () => project, nullable: true },
    },
  });
  const team = schemaOf({ name: "Team", properties: { id } });
  const content = schemaOf({
    name: "Content",
    discriminatorColumn: "kind",
    discriminatorMap: { content: "Content", photo: "Photo", note: "Note" },
    properties: {
      id,
      kind: { type: "string", length: 10 },
      owner: { kind: "m:1", entity: () => person, deleteRule: "cascade" },
    },
  });
  const photo = schemaOf({
    name: "Photo",
    extends: content,
    properties: { album: { kind: "m:1", entity: () => project, nullable: true, deleteRule: "cascade" } },
  });
  const note = schemaOf({
    name: "Note",
    extends: content,
    properties: { team: { kind: "m:1", entity: () => team, nullable: true } },
  });
  return [address, person, profile, letter, project, task, team, content, photo, note];
}

export class TaskSubscriber implements EventSubscriber {
  getSubscribedEntities() {
    return ["Task" as never];
  }
  async afterDelete() {}
}
