import { id, message, name, reference, type TableDefinition, type Workload } from "./workload.ts";

const LOGS = 35;
const FILES = { config_files: 10, config_activity_logs: 10, config_optimizations: 5 } as const;
const A_SET = 1 + FILES.config_files + FILES.config_activity_logs + FILES.config_optimizations;

/**
 * Workload A of docs/performance.md: projects with runs and their logs, sets of configuration and their files, builds
 * and deployments. Rows of the project that goes lie between those of the others.
 */
export function analysis(
  name: string,
  size: { readonly deleted: number; readonly total: number; readonly indexed?: boolean },
): Workload {
  const projects = Math.round(size.total / size.deleted);
  const runs = Math.round((size.deleted * 0.7) / (1 + LOGS));
  const sets = Math.round((size.deleted * 0.25) / A_SET);
  const builds = Math.round(size.deleted * 0.03);
  const deployments = Math.round(size.deleted * 0.02);
  const perProject = 1 + runs * (1 + LOGS) + sets * A_SET + builds + deployments;
  const counts = { projects, runs: runs * projects, sets: sets * projects };
  return {
    name,
    title: `A: a project with ${perProject.toLocaleString("en")} rows among ${(perProject * projects).toLocaleString("en")}`,
    tables: tables(counts, { builds: builds * projects, deployments: deployments * projects }),
    root: { table: "projects", key: String(1 + Math.floor(projects / 2)) },
    indexed: size.indexed ?? true,
    takes: { deleted: perProject, updated: 0 },
  };
}

function tables(
  { projects, runs, sets }: { readonly projects: number; readonly runs: number; readonly sets: number },
  { builds, deployments }: { readonly builds: number; readonly deployments: number },
): readonly TableDefinition[] {
  const project = reference("projects", `1 + i % ${projects}`);
  const run = reference("analysis_runs", `1 + i % ${runs}`);
  const set = reference("config_sets", `1 + i % ${sets}`);
  const ofSets = Object.entries(FILES).map(([table, n]) => ({
    name: table,
    columns: [id, set, message],
    rows: sets * n,
  }));
  return [
    { name: "users", columns: [id, name], rows: 10 },
    { name: "projects", columns: [id, reference("users", "1 + i % 10"), message], rows: projects },
    { name: "analysis_runs", columns: [id, project, message], rows: runs },
    { name: "analysis_activity_logs", columns: [id, run, message], rows: runs * LOGS },
    { name: "config_sets", columns: [id, project, message], rows: sets },
    ...ofSets,
    { name: "build_runs", columns: [id, project, message], rows: builds },
    { name: "deployments", columns: [id, project, message], rows: deployments },
  ];
}
