import type { Kysely } from "kysely";
import { wholeNumbers } from "../support/random.ts";
import type { Session } from "./database.ts";
import type { NewRow, Schema } from "./schema.ts";
import { inBatches } from "./services/pages.ts";

const of = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const times = <T>(n: number, row: (index: number) => T): T[] => Array.from({ length: n }, (_, i) => row(i));

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NAMES = ["ada", "ben", "cem", "dana", "eli", "fay", "gus", "hana"] as const;
const KINDS = ["pod", "deployment", "service", "config_map", "ingress", "job"] as const;
const IMAGES = ["python", "node", "pytorch", "jupyter", "postgres", "redis", "nginx", "golang"] as const;
const FORMS = [
  "more memory",
  "a new volume",
  "access to a cluster",
  "a slow node",
  "a course account",
] as const;
const DAY = 86_400_000;

type Rows<Table extends keyof Schema> = readonly NewRow<Table>[];

/** Rows of each table that sample data fills, parents first. */
export interface SampleRows {
  readonly users: Rows<"users">;
  readonly groups: Rows<"groups">;
  readonly user_group: Rows<"user_group">;
  readonly projects: Rows<"projects">;
  readonly config_files: Rows<"config_files">;
  readonly resources: Rows<"resources">;
  readonly forms: Rows<"forms">;
  readonly form_messages: Rows<"form_messages">;
  readonly container_repositories: Rows<"container_repositories">;
  readonly container_tags: Rows<"container_tags">;
  readonly image_requests: Rows<"image_requests">;
  readonly image_allow_lists: Rows<"image_allow_lists">;
  readonly cluster_image_statuses: Rows<"cluster_image_statuses">;
  readonly audit_logs: Rows<"audit_logs">;
  readonly course_workloads: Rows<"course_workloads">;
}

/**
 * Some 40 rows for each user, the same for the same seed: groups of ten users, five projects each. Of the projects
 * and of the forms one in thirty was deleted softly, with all below, half of them more than 30 days ago.
 *
 * @param now the time that ages are told from; what is made is up to 200 days old
 */
export function sampleRows(users: number, seed = 7, now: Date = new Date()): SampleRows {
  const below = wholeNumbers(seed);
  const id = (length: number) => times(length, () => ALPHABET[below(62)]).join("");
  const ago = (days: number) => new Date(now.getTime() - days * DAY - below(DAY));
  const made = () => {
    const created_at = ago(60 + below(140));
    return { created_at, updated_at: created_at };
  };
  const hidden = () => (below(30) === 0 ? ago(below(2) === 0 ? 10 : 40) : null);

  const people = times(users, (n) => ({
    uid: id(20),
    username: `${of(NAMES, n)}-${n + 1}`,
    email: `${of(NAMES, n)}-${n + 1}@example.org`,
    full_name: null,
    ...made(),
  }));
  const groups = times(Math.ceil(users / 10), (n) => ({
    gid: id(20),
    group_name: `group ${n + 1}`,
    description: null,
    ...made(),
  }));
  const memberships = people.flatMap(({ uid }, n) => {
    const own = [of(groups, n), ...(n % 2 === 0 && groups.length > 1 ? [of(groups, n + 1)] : [])];
    return own.map(({ gid }) => ({ uid, gid, ...made() }));
  });
  const projects = groups.flatMap(({ gid }) =>
    times(5, (n) => ({
      pid: id(20),
      gid,
      project_name: `project ${n + 1}`,
      description: null,
      gpu_quota: below(9),
      ...made(),
      deleted_at: hidden(),
    })),
  );
  const configs = projects.flatMap(({ pid, deleted_at }) =>
    times(4, (n) => ({
      cfid: id(21),
      pid,
      filename: `config-${n + 1}.yaml`,
      content: `apiVersion: v1\nkind: List\nname: ${pid}-${n + 1}\n`,
      ...made(),
      deleted_at,
    })),
  );
  const resources = configs.flatMap(({ cfid }) =>
    times(3, (n) => ({
      rid: id(21),
      cfid,
      kind: of(KINDS, n + below(2) * 3),
      name: `part-${n + 1}`,
      definition: JSON.stringify({ replicas: 1 + below(4) }),
      ...made(),
    })),
  );
  const forms = people.flatMap(({ uid }, n) =>
    times(4, (m) => {
      const project = of(projects, n * 4 + m);
      return {
        id: id(21),
        user_id: uid,
        project_id: project.pid,
        title: `Request for ${of(FORMS, below(FORMS.length))}`,
        description: `Sent from desk ${below(1000)}.`,
        tag: null,
        status: of(["pending", "processing", "completed", "rejected"] as const, below(4)),
        ...made(),
        deleted_at: project.deleted_at ?? hidden(),
      };
    }),
  );
  const messages = forms.flatMap((form) =>
    times(3, (n) => ({
      id: id(21),
      form_id: form.id,
      user_id: n === 1 ? of(people, below(users)).uid : form.user_id,
      content: `Message ${n + 1}: see ticket ${below(100_000)}.`,
      ...made(),
      deleted_at: form.deleted_at,
    })),
  );
  const repositories = times(Math.ceil(users / 10) + 7, (n) => ({
    id: id(21),
    registry: "registry.example.org",
    name: `${of(IMAGES, n)}-${n + 1}`,
    ...made(),
  }));
  const tags = repositories.flatMap((repository) =>
    times(4, (n) => ({
      id: id(21),
      repository_id: repository.id,
      name: `1.${n}`,
      digest: null,
      size_bytes: 1_000_000 * (1 + below(900)),
      ...made(),
    })),
  );
  const statuses = tags.map((tag) => ({
    id: id(21),
    tag_id: tag.id,
    status: of(["waiting", "pulling", "pulled", "failed"] as const, below(4)),
    pulled_at: null,
    ...made(),
  }));
  const requests = people.map(({ uid }, n) => {
    const project = of(projects, n);
    const tag = of(tags, n + Math.floor(n / projects.length));
    const isOpen = below(10) < 3;
    return {
      tagId: tag.id,
      repositoryId: tag.repository_id,
      row: {
        id: id(21),
        user_id: uid,
        project_id: project.pid,
        reviewer_id: isOpen ? null : of(people, below(users)).uid,
        image: `registry.example.org/${repositories.find((r) => r.id === tag.repository_id)?.name}`,
        tag: tag.name,
        status: isOpen ? ("pending" as const) : ("approved" as const),
        reviewer_note: null,
        reviewed_at: isOpen ? null : ago(30),
        ...made(),
        deleted_at: project.deleted_at,
      },
    };
  });
  const allowed = requests
    .filter(({ row }) => row.reviewer_id !== null)
    .map(({ tagId, repositoryId, row }) => ({
      id: id(21),
      project_id: row.project_id,
      tag_id: tagId,
      repository_id: repositoryId,
      request_id: row.id,
      created_by: row.reviewer_id ?? "",
      ...made(),
      deleted_at: row.deleted_at,
    }));
  const logs = people.flatMap(({ uid, username }) =>
    times(10, () => ({
      user_id: uid,
      actor_name: `${username} (${uid})`,
      action: of(["create", "update", "delete"] as const, below(3)),
      resource_type: of(["form", "project", "image request"] as const, below(3)),
      resource_id: id(21),
      description: null,
      created_at: ago(below(200)),
    })),
  );
  const workloads = people.map(({ uid }, n) => ({
    id: id(21),
    user_id: uid,
    project_id: of(projects, n).pid,
    name: `notebook-${n + 1}`,
    image: "registry.example.org/jupyter:1.0",
    status: of(["queued", "running", "succeeded", "failed"] as const, below(4)),
    ...made(),
  }));
  return {
    users: people,
    groups,
    user_group: memberships,
    projects,
    config_files: configs,
    resources,
    forms,
    form_messages: messages,
    container_repositories: repositories,
    container_tags: tags,
    image_requests: requests.map(({ row }) => row),
    image_allow_lists: allowed,
    cluster_image_statuses: statuses,
    audit_logs: logs,
    course_workloads: workloads,
  };
}

/** Fills the tables, a thousand rows in a statement. */
export async function fill({ unscoped }: Pick<Session, "unscoped">, rows: SampleRows): Promise<void> {
  const database: Kysely<Schema> = unscoped;
  for (const [table, all] of Object.entries(rows))
    await inBatches(all, (some) =>
      database
        .insertInto(table as keyof SampleRows)
        .values(some as never)
        .execute(),
    );
}

/** How many rows there are. */
export const rowsIn = (rows: SampleRows): number =>
  Object.values(rows).reduce((sum, table) => sum + table.length, 0);
