/**
 * The analysis pipeline with its constraints on: a project takes everything below it along (CASCADE), and a user who
 * owns projects cannot be deleted (RESTRICT). Each referencing column leads an index or a unique key.
 */
export const SCHEMA = `
create table users (
  id text primary key,
  email text not null unique,
  created_at text not null
);
create table projects (
  id text primary key,
  user_id text not null references users (id) on delete restrict,
  name text not null,
  repository text not null,
  created_at text not null
);
create index projects_by_user on projects (user_id);

create table analysis_runs (
  id text primary key,
  project_id text not null references projects (id) on delete cascade,
  status text not null check (status in ('pending', 'analyzing', 'complete', 'failed', 'cancelled')),
  version integer not null,
  progress real not null check (progress between 0 and 100),
  error_message text,
  error_details text,
  started_at text,
  completed_at text,
  created_at text not null,
  unique (project_id, version),
  check (status <> 'failed' or error_message is not null)
);
create table analysis_activity_logs (
  id text primary key,
  analysis_run_id text not null references analysis_runs (id) on delete cascade,
  timestamp text not null,
  action text not null,
  result text not null check (result in ('ok', 'warning', 'error')),
  details text
);
create index analysis_activity_logs_by_run on analysis_activity_logs (analysis_run_id);

create table config_sets (
  id text primary key,
  project_id text not null references projects (id) on delete cascade,
  status text not null check (status in ('pending', 'analyzing', 'complete', 'failed', 'cancelled')),
  version integer not null,
  error_message text,
  created_at text not null,
  unique (project_id, version),
  check (status <> 'failed' or error_message is not null)
);
create table config_activity_logs (
  id text primary key,
  config_set_id text not null references config_sets (id) on delete cascade,
  timestamp text not null,
  action text not null,
  result text not null check (result in ('ok', 'warning', 'error')),
  details text
);
create index config_activity_logs_by_set on config_activity_logs (config_set_id);
create table config_files (
  id text primary key,
  config_set_id text not null references config_sets (id) on delete cascade,
  file_name text not null,
  file_type text not null,
  content text not null,
  unique (config_set_id, file_name)
);
create table config_optimizations (
  id text primary key,
  config_set_id text not null references config_sets (id) on delete cascade,
  name text not null,
  category text not null
);
create index config_optimizations_by_set on config_optimizations (config_set_id);

create table build_runs (
  id text primary key,
  project_id text not null references projects (id) on delete cascade,
  number integer not null,
  status text not null check (status in ('queued', 'running', 'passed', 'failed')),
  commit_sha text not null,
  seconds real,
  created_at text not null,
  unique (project_id, number)
);
create table deployments (
  id text primary key,
  project_id text not null references projects (id) on delete cascade,
  environment text not null check (environment in ('preview', 'staging', 'production')),
  status text not null check (status in ('pending', 'live', 'replaced', 'failed')),
  version text not null,
  url text,
  created_at text not null
);
create index deployments_by_project on deployments (project_id);
`;
