import type { DatabaseSync } from "node:sqlite";

/** The deletion of a project as the document prints it: statement after statement, in no transaction. */
export async function deleteProject(
  db: DatabaseSync,
  projectId: string,
  between: (table: string) => void = () => {},
): Promise<void> {
  const remove = (table: string, column: string, id: string) => {
    between(table);
    db.prepare(`delete from ${table} where ${column} = ?`).run(id);
  };
  const ids = (table: string) =>
    db
      .prepare(`select id from ${table} where project_id = ?`)
      .all(projectId)
      .map((row) => String(row.id));
  for (const id of ids("analysis_runs")) remove("analysis_activity_logs", "analysis_run_id", id);
  remove("analysis_runs", "project_id", projectId);
  for (const id of ids("config_sets"))
    for (const table of ["config_activity_logs", "config_files", "config_optimizations"])
      remove(table, "config_set_id", id);
  for (const table of ["config_sets", "build_runs", "deployments"]) remove(table, "project_id", projectId);
  remove("projects", "id", projectId);
}
