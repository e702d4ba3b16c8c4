import { EntitySchema } from "typeorm";
import { type Audited, audited, date, deletedAt, NULLABLE, oneOf, percent, text, uuid } from "../columns.ts";

export const REPOSITORY_STATUSES = [
  "PENDING",
  "CLONING",
  "CLONED",
  "ANALYZING",
  "ANALYZED",
  "FAILED",
] as const;

export interface Repository extends Audited {
  id: string;
  url: string;
  /** The folder to analyze, such as `backend`. */
  entrypoint: string | null;
  localPath: string | null;
  status: (typeof REPOSITORY_STATUSES)[number];
  createdAt: Date;
  updatedAt: Date;
  clonedAt: Date | null;
  lastAnalyzedAt: Date | null;
  averageCoverage: number | null;
  deletedAt: Date | null;
}

export const RepositoryEntity = new EntitySchema<Repository>({
  name: "Repository",
  tableName: "repositories",
  columns: {
    id: uuid("id", { primary: true }),
    url: text("url", 500),
    entrypoint: text("entrypoint", 255, NULLABLE),
    localPath: text("local_path", 500, NULLABLE),
    status: text("status", 50),
    createdAt: date("created_at", { createDate: true }),
    updatedAt: date("updated_at", { updateDate: true }),
    clonedAt: date("cloned_at", NULLABLE),
    lastAnalyzedAt: date("last_analyzed_at", NULLABLE),
    averageCoverage: percent("average_coverage", NULLABLE),
    ...audited,
    deletedAt,
  },
  checks: [oneOf("repositories", REPOSITORY_STATUSES)],
  indices: [
    { name: "repositories_by_url", columns: ["url"] },
    // A repository that is deleted softly does not keep its URL from being added again.
    { name: "repositories_url", columns: ["url"], unique: true, where: '"deleted_at" is null' },
    { name: "repositories_by_status", columns: ["status"] },
  ],
});
