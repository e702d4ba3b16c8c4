import {
  Cascade,
  type Collection,
  EntitySchema,
  type EntitySchemaProperty,
  type EventArgs,
  type Opt,
} from "@mikro-orm/core";

/** A key and a value on a row of another table; it belongs to its parent's name. */
export interface Label {
  uid: Opt<number>;
  name: string;
  value: string;
  parent: Labelled;
}

interface Labelled {
  uid: string;
  name: string;
  labels: Collection<Label>;
}

export interface Base extends Labelled {
  description?: string | null;
  spec?: object | null;
  createdAt: Opt<Date>;
  updatedAt: Opt<Date>;
}

interface Owned extends Base {
  owner?: User | null;
}

interface InProject extends Owned {
  project: Project;
}

export interface User extends Base {
  sessions: Collection<Session>;
}

export interface Project extends Owned {
  dataSources: Collection<DataSource>;
  datasets: Collection<Dataset>;
  models: Collection<Model>;
  prompts: Collection<Prompt>;
  documents: Collection<Document>;
  workflows: Collection<Workflow>;
  deployments: Collection<Deployment>;
}

export type DataSource = InProject;
export type Dataset = InProject;
export type Model = InProject;
export type Prompt = InProject;
export type Document = InProject;

export interface Workflow extends InProject {
  spec?: { readonly step_configurations: readonly Step[] } | null;
  schedules: Collection<Schedule>;
}

/** One step of a workflow, which is no row of its own. */
export interface Step {
  readonly name: string;
  readonly class_name: string;
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface Session extends Owned {
  workflow?: Workflow | null;
}

export interface Deployment extends InProject {
  workflow?: Workflow | null;
  model?: Model | null;
}

export interface Schedule extends Owned {
  workflow: Workflow;
}

export interface Run extends Owned {
  workflow?: Workflow | null;
  schedule?: Schedule | null;
}

// biome-ignore lint/suspicious/noExplicitAny: of the entity that a property belongs to, only its name matters here
type Property = EntitySchemaProperty<any, any>;
type Properties = Readonly<Record<string, Property>>;
type Parent = () => EntitySchema;

/** The database itself sets the reference to null. */
const nulled = (entity: Parent, fieldName: string): Property => ({
  kind: "m:1",
  entity,
  fieldName,
  nullable: true,
  index: true,
  deleteRule: "set null",
  updateRule: "no action",
});

/** The constraint refuses: MikroORM deletes these rows, by the collection on the parent's side. */
const PROJECT: Property = {
  kind: "m:1",
  entity: () => Project,
  fieldName: "project_id",
  index: true,
  deleteRule: "no action",
  updateRule: "no action",
};

/** The rows that MikroORM deletes with their parent. */
const removed = (entity: Parent, mappedBy: string): Property => ({
  kind: "1:m",
  entity,
  mappedBy,
  cascade: [Cascade.PERSIST, Cascade.REMOVE],
});

const now = () => new Date();

/** Labels refer to names, so that MikroORM has to know a row that it has loaded by its name, or it makes a second one. */
function knownByName({ em, entity: row, meta }: EventArgs<object>): void {
  const { name } = row as Labelled;
  if (name) em.getUnitOfWork().storeByKey(row, "name", name, meta.schema);
}

/** An entity of the document, and the table of its labels. */
function entity<Row extends Base>(name: string, tableName: string, own: Properties): EntitySchema<Row> {
  const labels: EntitySchema = new EntitySchema({
    name: `${name}Label`,
    tableName: `${tableName}_labels`,
    properties: {
      uid: { type: "integer", primary: true, autoincrement: true },
      name: { type: "string", length: 255 },
      value: { type: "string", length: 255 },
      parent: {
        kind: "m:1",
        entity: () => made,
        targetKey: "name",
        fieldName: "parent",
        index: true,
        deleteRule: "no action",
        updateRule: "cascade",
      },
    } as Properties,
  });
  const made = new EntitySchema({
    name,
    tableName,
    hooks: { onInit: [knownByName] },
    properties: {
      uid: { type: "string", length: 64, primary: true },
      name: { type: "string", length: 255, unique: true },
      description: { type: "text", nullable: true },
      spec: { type: "json", nullable: true },
      createdAt: { type: "datetime", onCreate: now },
      updatedAt: { type: "datetime", onCreate: now, onUpdate: now },
      // `all, delete-orphan`: a label that is taken out of the collection is deleted too.
      labels: { kind: "1:m", entity: () => labels, mappedBy: "parent", orphanRemoval: true },
      ...own,
    } as Properties,
  });
  entities.push(made, labels);
  return made as EntitySchema as EntitySchema<Row>;
}

/** All entities, each followed by that of its labels. */
export const entities: EntitySchema[] = [];

const OWNER = nulled(() => User, "owner_id");
const WORKFLOW = nulled(() => Workflow, "workflow_id");

export const User: EntitySchema<User> = entity<User>("User", "user", {
  sessions: { kind: "1:m", entity: () => Session, mappedBy: "owner" },
});
export const Project: EntitySchema<Project> = entity<Project>("Project", "project", {
  owner: OWNER,
  dataSources: removed(() => DataSource, "project"),
  datasets: removed(() => Dataset, "project"),
  models: removed(() => Model, "project"),
  prompts: removed(() => Prompt, "project"),
  documents: removed(() => Document, "project"),
  workflows: removed(() => Workflow, "project"),
  deployments: removed(() => Deployment, "project"),
});

const IN_PROJECT = { owner: OWNER, project: PROJECT };

export const DataSource: EntitySchema<DataSource> = entity<DataSource>(
  "DataSource",
  "data_source",
  IN_PROJECT,
);
export const Dataset: EntitySchema<Dataset> = entity<Dataset>("Dataset", "dataset", IN_PROJECT);
export const Model: EntitySchema<Model> = entity<Model>("Model", "model", IN_PROJECT);
export const Prompt: EntitySchema<Prompt> = entity<Prompt>("Prompt", "prompt", IN_PROJECT);
export const Document: EntitySchema<Document> = entity<Document>("Document", "document", IN_PROJECT);
export const Workflow: EntitySchema<Workflow> = entity<Workflow>("Workflow", "workflow", {
  ...IN_PROJECT,
  // The database deletes schedules; MikroORM has to see them go, because their labels are its own to delete.
  schedules: removed(() => Schedule, "workflow"),
});
export const Session: EntitySchema<Session> = entity<Session>("Session", "session", {
  owner: OWNER,
  workflow: WORKFLOW,
});
export const Deployment: EntitySchema<Deployment> = entity<Deployment>("Deployment", "deployment", {
  ...IN_PROJECT,
  workflow: WORKFLOW,
  model: nulled(() => Model, "model_id"),
});
export const Schedule: EntitySchema<Schedule> = entity<Schedule>("Schedule", "schedule", {
  owner: OWNER,
  workflow: {
    kind: "m:1",
    entity: () => Workflow,
    fieldName: "workflow_id",
    index: true,
    deleteRule: "cascade",
    updateRule: "no action",
  },
});
export const Run: EntitySchema<Run> = entity<Run>("Run", "run", {
  owner: OWNER,
  workflow: WORKFLOW,
  schedule: nulled(() => Schedule, "schedule_id"),
});
