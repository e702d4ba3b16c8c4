import type { EntityManager } from "typeorm";
import { RepositoryEntity } from "./repository-analysis/repository.ts";

/** A foreign key lets rows in below a repository that is deleted softly; this does not. */
export async function requireRepository(manager: EntityManager, id: string): Promise<void> {
  if (!(await manager.existsBy(RepositoryEntity, { id }))) throw new Error(`There is no repository ${id}.`);
}
