import type { Config } from "../../src/index.ts";

/** A database made from a team's document, by what the document's own rules come to. */
export interface System {
  /** The document, in the folder of the documents. */
  readonly file: string;
  readonly ddl: readonly string[];
  readonly config: Config;
}

const KEY = "varchar(64) not null primary key";

/** `create table` with a text key; a reference is `column -> table(column) rest of the constraint`. */
function table(name: string, columns: readonly string[], key = `uid ${KEY}`): string {
  const parts = columns.map((column) => {
    const [, own = "", parent, rest = ""] = /^(\S+(?: not null)?) -> (\S+)(.*)$/.exec(column) ?? [];
    if (parent === undefined) return column;
    const [plain = "", required = ""] =
      own.split(" not null").length > 1 ? [own.replace(" not null", ""), " not null"] : [own];
    const [, target = "", to = ""] = /^(.+)\((.+)\)$/.exec(parent) ?? [];
    const type = /varchar\(\d+\)/.exec(rest)?.[0] ?? "varchar(64)";
    return `"${plain}" ${type}${required}, foreign key ("${plain}") references "${target}" ("${to}")${rest.replace(type, "")}`;
  });
  // Constraints come after all columns.
  const [names, keys] = [
    parts.map((p) => p.split(", foreign key ")[0]),
    parts.flatMap((p) => p.split(", foreign key ").slice(1)),
  ];
  return `create table "${name}" (${[key, ...names, ...keys.map((k) => `foreign key ${k}`)].join(", ")})`;
}

const OWNER = "owner_id -> user(uid) on delete set null";
const WORKFLOW = "workflow_id -> workflow(uid) on delete set null";
const IN_PROJECT = ["data_source", "dataset", "model", "prompt", "document", "workflow", "deployment"];
const LABELLED = ["user", "project", ...IN_PROJECT, "session", "schedule", "run"];

const entity = (name: string, ...columns: readonly string[]): string =>
  table(name, [
    "name varchar(255) not null unique",
    "description text",
    ...(name === "user" ? [] : [OWNER]),
    ...columns,
  ]);

const byApplication = (child: string, column: string, parent: string, parentColumn: string) =>
  ({
    child,
    columns: [column],
    parent,
    parentColumns: [parentColumn],
    onDelete: "cascade",
    enforcedBy: "application",
  }) as const;

export const genaiFactory: System = {
  file: "001_56ee91b7d496afa2.txt",
  ddl: [
    entity("user"),
    entity("project"),
    ...["data_source", "dataset", "model", "prompt", "document", "workflow"].map((name) =>
      entity(name, "project_id -> project(uid)"),
    ),
    entity("session", WORKFLOW),
    entity("deployment", "project_id -> project(uid)", WORKFLOW, "model_id -> model(uid) on delete set null"),
    entity("schedule", "workflow_id -> workflow(uid) on delete cascade"),
    entity("run", WORKFLOW, "schedule_id -> schedule(uid) on delete set null"),
    ...LABELLED.map((name) =>
      table(
        `${name}_labels`,
        ["name varchar(255)", "value varchar(255)", `parent -> ${name}(name) varchar(255) on update cascade`],
        "uid integer not null primary key",
      ),
    ),
  ],
  config: {
    relations: [
      ...IN_PROJECT.map((name) => byApplication(name, "project_id", "project", "uid")),
      ...LABELLED.map((name) => byApplication(`${name}_labels`, "parent", name, "name")),
    ],
  },
};

const ID = `id ${KEY}`;
const child = (name: string, ...columns: readonly string[]): string => table(name, columns, ID);

export const analysisPipeline: System = {
  file: "000_1001829765d01f6f.txt",
  ddl: [
    child("users"),
    child("projects", "user_id not null -> users(id) on delete restrict"),
    child("analysis_runs", "project_id not null -> projects(id) on delete cascade"),
    child("analysis_activity_logs", "analysis_run_id not null -> analysis_runs(id) on delete cascade"),
    child("config_sets", "project_id not null -> projects(id) on delete cascade"),
    ...["config_activity_logs", "config_files", "config_optimizations"].map((name) =>
      child(name, "config_set_id not null -> config_sets(id) on delete cascade"),
    ),
    child("build_runs", "project_id not null -> projects(id) on delete cascade"),
    child("deployments", "project_id not null -> projects(id) on delete cascade"),
  ],
  config: {},
};

const gone = (column: string, parent: string) => `${column} not null -> ${parent} on delete cascade`;
const nulled = (column: string, parent: string) => `${column} -> ${parent} on delete set null`;

export const containerPlatform: System = {
  file: "002_32b5048cf5fd7c19.txt",
  ddl: [
    table("users", []),
    table("groups", [], `gid ${KEY}`),
    table("user_group", [gone("uid", "users(uid)"), gone("gid", "groups(gid)")], "primary key (uid, gid)"),
    table("projects", [gone("gid", "groups(gid)")], `pid ${KEY}`),
    table("config_files", [gone("project_id", "projects(pid)")], `cfid ${KEY}`),
    table("resources", [gone("config_file_id", "config_files(cfid)")], `rid ${KEY}`),
    child("forms", gone("user_id", "users(uid)"), gone("project_id", "projects(pid)")),
    child("form_messages", gone("form_id", "forms(id)"), gone("user_id", "users(uid)")),
    child("container_repositories"),
    child("container_tags", gone("repository_id", "container_repositories(id)")),
    child(
      "image_requests",
      gone("user_id", "users(uid)"),
      gone("project_id", "projects(pid)"),
      nulled("reviewer_id", "users(uid)"),
    ),
    child(
      "image_allow_lists",
      gone("project_id", "projects(pid)"),
      gone("tag_id", "container_tags(id)"),
      gone("repository_id", "container_repositories(id)"),
      nulled("request_id", "image_requests(id)"),
      gone("created_by", "users(uid)"),
    ),
    child("cluster_image_statuses", gone("tag_id", "container_tags(id)")),
    child("audit_logs", nulled("user_id", "users(uid)"), "actor text"),
    child("course_workloads", gone("user_id", "users(uid)"), gone("project_id", "projects(pid)")),
  ].map((ddl) => ddl.replace(/\((primary key \(uid, gid\)), (.*?), (foreign key .*)\)$/, "($2, $1, $3)")),
  config: {},
};

export const saasKit: System = {
  file: "003_b75ca23d510f1ed6.txt",
  ddl: [
    child("User", "name text"),
    child("Customer", "authUserId not null -> User(id) on delete restrict"),
    child("K8sClusterConfig", "authUserId not null -> User(id) on delete restrict"),
    child("Account", "userId not null -> User(id) on delete cascade"),
    child("Session", "userId not null -> User(id) on delete cascade"),
  ],
  config: {},
};

export const coverageJobs: System = {
  file: "004_5223187acb4e7eeb.txt",
  ddl: [
    child("repositories", "url text"),
    child("test_generation_requests", gone("repository_id", "repositories(id)")),
    child(
      "jobs",
      gone("repository_id", "repositories(id)"),
      nulled("parent_job_id", "jobs(id)"),
      nulled("test_generation_request_id", "test_generation_requests(id)"),
    ),
    child("file_coverages", gone("repository_id", "repositories(id)")),
  ],
  config: {},
};
