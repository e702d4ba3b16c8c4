import type { Database, RestorePlan } from "ondelete";
import { type Removal, remove } from "./removal.ts";

export class ProjectService {
  readonly #ondelete: Database;

  constructor(ondelete: Database) {
    this.#ondelete = ondelete;
  }

  /** The project and everything below it. */
  deleteProject(id: string): Promise<Removal> {
    return remove(this.#ondelete, "projects", id);
  }

  /** Hides the project and everything below it, until it is restored. */
  softDeleteProject(id: string): Promise<Removal> {
    return remove(this.#ondelete, "projects", id, { soft: true });
  }

  /** Brings back what one deletion took. */
  async restore(operation: string): Promise<RestorePlan> {
    return this.#ondelete.restore(operation);
  }

  /** Only a user without projects. @throws BlockedError */
  deleteUser(id: string): Promise<Removal> {
    return remove(this.#ondelete, "users", id);
  }
}
