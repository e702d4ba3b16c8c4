import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
import { requireRepository } from "../live.ts";
import { FileCoverageEntity } from "./file-coverage.ts";
import { RepositoryEntity } from "./repository.ts";

export interface MeasuredFile {
  readonly filePath: string;
  readonly coveragePercentage: number;
  readonly linesCovered?: number;
  readonly linesTotal?: number;
}

/** Rows of one INSERT: SQLite takes 32,766 values in a statement. */
const CHUNK = 1000;

/** The coverage of a repository as it is now. What it was is kept by the jobs that measured it. */
export class CoverageService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Replaces the coverage of all files and computes the average anew, both or neither. */
  async replace(repositoryId: string, files: readonly MeasuredFile[], at = new Date()): Promise<void> {
    const { connections, actor } = this.#deps;
    const rows = files.map((file) => ({
      ...file,
      id: randomUUID(),
      repositoryId,
      createdAt: at,
      createdBy: actor,
    }));
    await connections.write(async (manager) => {
      await requireRepository(manager, repositoryId);
      await manager.delete(FileCoverageEntity, { repositoryId });
      for (let i = 0; i < rows.length; i += CHUNK)
        await manager.insert(FileCoverageEntity, rows.slice(i, i + CHUNK));
      const average = await manager.average(FileCoverageEntity, "coveragePercentage", { repositoryId });
      await manager.update(
        RepositoryEntity,
        { id: repositoryId },
        {
          averageCoverage: average === null ? null : Math.round(average * 100) / 100,
          lastAnalyzedAt: at,
          status: "ANALYZED",
          updatedBy: actor,
        },
      );
    });
  }
}
