import type { DataSource } from "typeorm";

/** The queries of the document, word for word: three of its third decision, four of "Common Queries". */
export const QUERIES = {
  currentCoverage: "SELECT * FROM file_coverages WHERE repository_id = ?;",
  coverageOfJob: "SELECT coverage_result FROM jobs WHERE id = ?;",
  trend: `SELECT created_at, coverage_result->>'averageCoverage' as coverage
FROM jobs
WHERE repository_id = ?
ORDER BY created_at;`,
  jobsOfRepository: "SELECT * FROM jobs WHERE repository_id = ?",
  lowCoverage: `SELECT * FROM file_coverages
WHERE repository_id = ? AND coverage_percentage < 50
ORDER BY coverage_percentage ASC`,
  childJobs: "SELECT * FROM jobs WHERE parent_job_id = ?",
  averageCoverage: `SELECT url, average_coverage
FROM repositories
WHERE id = ?`,
} as const;

/** Runs one of them on the connection that only reads. As they are written they see rows that are deleted softly, too. */
export const ask = (
  reader: DataSource,
  query: keyof typeof QUERIES,
  id: string,
): Promise<Record<string, unknown>[]> => reader.query(QUERIES[query], [id]);
