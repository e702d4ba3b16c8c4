import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
import { type RemovalOptions, remove, restore } from "../removal.ts";
import { type Repository, RepositoryEntity } from "./repository.ts";

export class RepositoryService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async add(url: string, entrypoint: string | null = null): Promise<string> {
    const { connections, actor } = this.#deps;
    const id = randomUUID();
    const made = { id, url, entrypoint, createdBy: actor, updatedBy: actor };
    await connections.write((manager) => manager.insert(RepositoryEntity, { ...made, status: "PENDING" }));
    return id;
  }

  /** Live ones alone. */
  find(id: string): Promise<Repository | null> {
    return this.#deps.ondelete.live.findOneBy(RepositoryEntity, { id });
  }

  /** With its jobs, their logs, its coverage and its requests. */
  remove(id: string, options?: RemovalOptions) {
    return remove(this.#deps, { entity: RepositoryEntity, id }, options);
  }

  restore(operation: string) {
    return restore(this.#deps, operation);
  }
}
