import { EntitySchema } from "typeorm";
import { date, deletedAt, percent, text, uuid } from "../columns.ts";
import type { Repository } from "./repository.ts";

/** The coverage of a file as it is now. It is replaced, never changed, so nobody is written down as having changed it. */
export interface FileCoverage {
  id: string;
  repositoryId: string;
  repository?: Repository;
  filePath: string;
  coveragePercentage: number;
  linesCovered: number | null;
  linesTotal: number | null;
  createdAt: Date;
  createdBy: string;
  deletedAt: Date | null;
}

export const FileCoverageEntity = new EntitySchema<FileCoverage>({
  name: "FileCoverage",
  tableName: "file_coverages",
  columns: {
    id: uuid("id", { primary: true }),
    repositoryId: uuid("repository_id"),
    filePath: text("file_path", 500),
    coveragePercentage: percent("coverage_percentage"),
    linesCovered: { name: "lines_covered", type: "integer", nullable: true },
    linesTotal: { name: "lines_total", type: "integer", nullable: true },
    createdAt: date("created_at", { createDate: true }),
    createdBy: text("created_by", 255),
    deletedAt,
  },
  relations: {
    repository: {
      type: "many-to-one",
      target: "Repository",
      joinColumn: { name: "repository_id" },
      nullable: false,
      onDelete: "CASCADE",
    },
  },
  indices: [
    {
      name: "file_coverages_file",
      columns: ["repositoryId", "filePath"],
      unique: true,
      where: '"deleted_at" is null',
    },
    { name: "file_coverages_by_repository", columns: ["repositoryId"] },
    { name: "file_coverages_by_percentage", columns: ["coveragePercentage"] },
  ],
});
