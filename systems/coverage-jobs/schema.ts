import { JobEntity } from "./services/job-processing/job.ts";
import { FileCoverageEntity } from "./services/repository-analysis/file-coverage.ts";
import { RepositoryEntity } from "./services/repository-analysis/repository.ts";
import { TestGenerationRequestEntity } from "./services/test-generation/test-generation-request.ts";

/** The tables of the three contexts, which share one database. */
export const ENTITIES = [RepositoryEntity, FileCoverageEntity, JobEntity, TestGenerationRequestEntity];
