import { sql } from "kysely";
import type { Platform, Session } from "../database.ts";
import { notFound, PlatformError } from "../errors.ts";
import { id } from "../ids.ts";
import type { NewRow, Row } from "../schema.ts";
import { type Actor, record } from "./audit.ts";
import { IMAGE_REQUEST, PROJECT, requireLive } from "./locks.ts";
import { below, inBatches, limitOf, type Page, valuesOf } from "./pages.ts";
import { HidingService } from "./removal.ts";

export type NewImageRequest = Pick<NewRow<"image_requests">, "project_id" | "image" | "tag">;

export interface RequestWithPeople extends Row<"image_requests"> {
  readonly username: string;
  readonly reviewer: string | null;
  readonly project_name: string;
}

interface Tag extends Pick<Row<"container_tags">, "id" | "name" | "digest"> {
  readonly status: Row<"cluster_image_statuses">["status"];
}

export interface RepositoryWithTags extends Row<"container_repositories"> {
  readonly tags: readonly Tag[];
}

/** Requests for images, and the images that they led to. */
export class ImageService extends HidingService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    super(platform, IMAGE_REQUEST);
    this.#platform = platform;
  }

  /** Live requests with who asked, who answered and for which project, in three queries. */
  async listRequests(
    where: Partial<Pick<Row<"image_requests">, "user_id" | "project_id" | "status">> = {},
    page: Page = {},
  ): Promise<RequestWithPeople[]> {
    const { live, unscoped } = this.#platform;
    const requests = await live
      .selectFrom("image_requests")
      .selectAll()
      .where((is) => is.and(where))
      .$if(page.after !== undefined, (query) => query.where("id", ">", String(page.after)))
      .orderBy("id")
      .limit(limitOf(page))
      .execute();
    if (requests.length === 0) return [];
    const reviewers = requests.flatMap(({ reviewer_id }) => reviewer_id ?? []);
    const people = await live
      .selectFrom("users")
      .select(["uid", "username"])
      .where("uid", "in", [...new Set([...valuesOf(requests, "user_id"), ...reviewers])])
      .execute();
    const projects = await unscoped
      .selectFrom("projects")
      .select(["pid", "project_name"])
      .where("pid", "in", valuesOf(requests, "project_id"))
      .execute();
    const names = new Map(people.map(({ uid, username }) => [uid, username]));
    const titles = new Map(projects.map(({ pid, project_name }) => [pid, project_name]));
    return requests.map((request) => ({
      ...request,
      username: names.get(request.user_id) ?? "",
      reviewer: names.get(request.reviewer_id ?? "") ?? null,
      project_name: titles.get(request.project_id) ?? "",
    }));
  }

  /** Repositories with their tags and where these are in the cluster, in three queries. */
  async listRepositories(page: Page = {}): Promise<RepositoryWithTags[]> {
    const { live } = this.#platform;
    const repositories = await live
      .selectFrom("container_repositories")
      .selectAll()
      .$if(page.after !== undefined, (query) => query.where("id", ">", String(page.after)))
      .orderBy("id")
      .limit(limitOf(page))
      .execute();
    if (repositories.length === 0) return [];
    const tags = await live
      .selectFrom("container_tags")
      .select(["id", "repository_id", "name", "digest"])
      .where("repository_id", "in", valuesOf(repositories, "id"))
      .orderBy("name")
      .execute();
    const statuses =
      tags.length === 0
        ? []
        : await live
            .selectFrom("cluster_image_statuses")
            .select(["tag_id", "status"])
            .where("tag_id", "in", valuesOf(tags, "id"))
            .execute();
    const pulled = new Map(statuses.map(({ tag_id, status }) => [tag_id, status]));
    const ofRepository = below(tags, "repository_id");
    return repositories.map((repository) => ({
      ...repository,
      tags: ofRepository(repository.id).map(({ id, name, digest }) => ({
        id,
        name,
        digest,
        status: pulled.get(id) ?? "waiting",
      })),
    }));
  }

  /** The images that a live project may run, in one query. */
  allowed(projectId: string, page: Page = {}): Promise<Row<"allowed_images">[]> {
    return this.#platform.unscoped
      .selectFrom("allowed_images")
      .selectAll()
      .where("project_id", "=", projectId)
      .$if(page.after !== undefined, (query) => query.where("id", ">", String(page.after)))
      .orderBy("id")
      .limit(limitOf(page))
      .execute();
  }

  /** Requests for one project or several: all of them, or none. @throws PlatformError `not-found`, `invalid` */
  async request(requests: readonly NewImageRequest[], by: Actor): Promise<string[]> {
    const rows = requests.map((request) => ({ ...request, id: id(), user_id: by.uid }));
    for (const { image } of rows) imageNames(image);
    return this.#platform.transaction(async (session) => {
      for (const pid of valuesOf(rows, "project_id").toSorted()) await requireLive(session, PROJECT, pid);
      await inBatches(rows, (some) => session.unscoped.insertInto("image_requests").values(some).execute());
      const deeds = rows.map(
        (row) =>
          ({
            action: "create",
            type: "image request",
            id: row.id,
            description: `${row.image}:${row.tag}`,
          }) as const,
      );
      await record(session, by, ...deeds);
      return rows.map((row) => row.id);
    });
  }

  /** Allows the image of a request in its project. @throws PlatformError `not-found`, `reviewed`, `taken` */
  approve(requestId: string, by: Actor, note: string | null = null): Promise<string> {
    return this.#platform.transaction(async (session) => {
      await record(session, by, { action: "approve", type: "image request", id: requestId });
      const request = await reviewed(session, requestId, { status: "approved", by, note });
      const { repositoryId, tagId } = await tagOf(session, request);
      const allowId = id();
      await session.unscoped
        .insertInto("image_allow_lists")
        .values({
          id: allowId,
          project_id: request.project_id,
          tag_id: tagId,
          repository_id: repositoryId,
          request_id: requestId,
          created_by: by.uid,
        })
        .execute();
      return allowId;
    });
  }

  /** @throws PlatformError `not-found`, `reviewed` */
  reject(requestId: string, by: Actor, note: string): Promise<void> {
    return this.#platform.transaction(async (session) => {
      await record(session, by, {
        action: "reject",
        type: "image request",
        id: requestId,
        description: note,
      });
      await reviewed(session, requestId, { status: "rejected", by, note });
    });
  }
}

interface Review {
  readonly status: "approved" | "rejected";
  readonly by: Actor;
  readonly note: string | null;
}

/** Answers a live request that waits for it: one of two who answer at once is refused. */
async function reviewed(
  session: Session,
  requestId: string,
  { status, by, note }: Review,
): Promise<Row<"image_requests">> {
  const { unscoped } = session;
  const live = unscoped
    .selectFrom("image_requests")
    .selectAll()
    .where("id", "=", requestId)
    .where("deleted_at", "is", null);
  const missing = () => notFound("image request", requestId);
  const { project_id } = await live.executeTakeFirstOrThrow(missing);
  await requireLive(session, PROJECT, project_id);
  const request = await live.forUpdate().executeTakeFirstOrThrow(missing);
  if (request.status !== "pending")
    throw new PlatformError("reviewed", `The request was ${request.status} already.`);
  const now = sql<Date>`current_timestamp(3)`;
  await unscoped
    .updateTable("image_requests")
    .set({ status, reviewer_id: by.uid, reviewer_note: note, reviewed_at: now, updated_at: now })
    .where("id", "=", requestId)
    .execute();
  return request;
}

/** The repository and the tag of an image, made where they are new. */
async function tagOf(
  session: Session,
  { image, tag }: Pick<Row<"image_requests">, "image" | "tag">,
): Promise<{ readonly repositoryId: string; readonly tagId: string }> {
  const { registry, name } = imageNames(image);
  const repositoryId = await madeOnce(session, "container_repositories", { registry, name });
  const tagId = await madeOnce(session, "container_tags", { repository_id: repositoryId, name: tag });
  await madeOnce(session, "cluster_image_statuses", { tag_id: tagId });
  return { repositoryId, tagId };
}

/**
 * `registry.example.org/team/app` as registry and name; without one it is Docker Hub's.
 * @throws PlatformError `invalid` where one of them is empty or too long
 */
function imageNames(image: string): { readonly registry: string; readonly name: string } {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const names = isHost ? { registry: first, name: rest.join("/") } : { registry: "docker.io", name: image };
  if (names.registry.length > 100 || names.name.length > 150 || names.name === "")
    throw new PlatformError(
      "invalid",
      `The image ${JSON.stringify(image)} has to be a registry of at most 100 characters and a name of at most 150.`,
    );
  return names;
}

type Once = "container_repositories" | "container_tags" | "cluster_image_statuses";

/** The id of the row with these values, which a unique index has once; made where there is none. */
async function madeOnce(
  { unscoped, engine }: Session,
  table: Once,
  values: Readonly<Record<string, string>>,
): Promise<string> {
  const insert = unscoped.insertInto(table).values({ ...values, id: id() } as never);
  await (engine === "mariadb"
    ? insert.onDuplicateKeyUpdate({ id: sql`${sql.ref("id")}` } as never)
    : insert.onConflict((on) => on.doNothing())
  ).execute();
  const { id: made } = await unscoped
    .selectFrom(table)
    .select("id")
    .where((is) => is.and(values as never))
    .executeTakeFirstOrThrow();
  return made;
}
