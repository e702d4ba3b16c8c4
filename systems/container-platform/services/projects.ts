import type { Platform } from "../database.ts";
import { id, shortId } from "../ids.ts";
import type { NewRow, ResourceKind, Row } from "../schema.ts";
import { type Actor, record } from "./audit.ts";
import { GROUP, PROJECT, requireLive } from "./locks.ts";
import { below, inBatches, limitOf, type Page, valuesOf } from "./pages.ts";
import { HidingService } from "./removal.ts";

export type NewProject = Pick<NewRow<"projects">, "gid" | "project_name" | "description" | "gpu_quota">;

export interface NewConfigFile {
  readonly filename: string;
  readonly content: string;
  readonly resources: readonly {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly definition?: object;
  }[];
}

export interface ConfigFile extends Pick<Row<"config_files">, "cfid" | "filename"> {
  readonly resources: readonly Pick<Row<"resources">, "rid" | "kind" | "name">[];
}

export interface ProjectWithConfigs extends Row<"projects"> {
  readonly group_name: string;
  readonly configs: readonly ConfigFile[];
}

export class ProjectService extends HidingService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    super(platform, PROJECT);
    this.#platform = platform;
  }

  /** Live projects with their group, live configuration files and what these describe, in four queries. */
  async list(where: { readonly gid?: string } = {}, page: Page = {}): Promise<ProjectWithConfigs[]> {
    const { live } = this.#platform;
    const projects = await live
      .selectFrom("projects")
      .selectAll()
      .where((is) => is.and(where))
      .$if(page.after !== undefined, (query) => query.where("pid", ">", String(page.after)))
      .orderBy("pid")
      .limit(limitOf(page))
      .execute();
    if (projects.length === 0) return [];
    const groups = await live
      .selectFrom("groups")
      .select(["gid", "group_name"])
      .where("gid", "in", valuesOf(projects, "gid"))
      .execute();
    const names = new Map(groups.map(({ gid, group_name }) => [gid, group_name]));
    const configs = await this.#configs(valuesOf(projects, "pid"));
    return projects.map((project) => ({
      ...project,
      group_name: names.get(project.gid) ?? "",
      configs: configs(project.pid),
    }));
  }

  async #configs(pids: string[]): Promise<(pid: string) => ConfigFile[]> {
    const { live } = this.#platform;
    const files = await live
      .selectFrom("config_files")
      .select(["pid", "cfid", "filename"])
      .where("pid", "in", pids)
      .orderBy("filename")
      .execute();
    const resources = below(
      files.length === 0
        ? []
        : await live
            .selectFrom("resources")
            .select(["cfid", "rid", "kind", "name"])
            .where("cfid", "in", valuesOf(files, "cfid"))
            .orderBy("name")
            .execute(),
      "cfid",
    );
    const ofProject = below(files, "pid");
    return (pid) =>
      ofProject(pid).map(({ cfid, filename }) => ({
        cfid,
        filename,
        resources: resources(cfid).map(({ rid, kind, name }) => ({ rid, kind, name })),
      }));
  }

  /** @throws PlatformError `taken` where a live project of the group has the name, `not-found` */
  create(project: NewProject, by: Actor): Promise<string> {
    const pid = shortId();
    return this.#platform.transaction(async (session) => {
      await requireLive(session, GROUP, project.gid);
      await session.unscoped
        .insertInto("projects")
        .values({ ...project, pid })
        .execute();
      await record(session, by, {
        action: "create",
        type: "project",
        id: pid,
        description: project.project_name,
      });
      return pid;
    });
  }

  /** Configuration files and what they describe: all of them, or none. @throws PlatformError `taken`, `not-found` */
  addConfigs(pid: string, files: readonly NewConfigFile[], by: Actor): Promise<string[]> {
    const rows = files.map(({ filename, content }) => ({ cfid: id(), pid, filename, content }));
    const resources = files.flatMap((file, n) =>
      file.resources.map(({ kind, name, definition }) => ({
        rid: id(),
        cfid: rows[n]?.cfid ?? "",
        kind,
        name,
        definition: definition === undefined ? null : JSON.stringify(definition),
      })),
    );
    return this.#platform.transaction(async (session) => {
      await requireLive(session, PROJECT, pid);
      const { unscoped } = session;
      await inBatches(rows, (some) => unscoped.insertInto("config_files").values(some).execute());
      await inBatches(resources, (some) => unscoped.insertInto("resources").values(some).execute());
      await record(session, by, {
        action: "update",
        type: "project",
        id: pid,
        description: `${rows.length} configuration files, ${resources.length} resources`,
      });
      return rows.map(({ cfid }) => cfid);
    });
  }
}
