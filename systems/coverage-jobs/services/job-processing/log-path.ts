/** Where the log of a job begins its life, relative to the home of the installation. */
export const logPathOf = (jobId: string): string => `data/logs/${jobId}.log`;

/** Where it ends up: by the month in which the job was done. */
export const archivedLogPathOf = (jobId: string, completedAt: Date): string =>
  `data/logs/archive/${completedAt.toISOString().slice(0, 7)}/${jobId}.log`;
