-- The tables of schema.ts; `ondelete check` compares the two.
create table users (id text primary key not null, email text not null unique);
create table projects (
  id text primary key not null,
  user_id text not null references users (id) on delete restrict,
  name text not null,
  created_at text not null,
  deleted_at text
);
create index projects_by_user on projects (user_id);
create table analysis_runs (
  id text primary key not null,
  project_id text not null references projects (id) on delete cascade,
  status text not null,
  version integer not null,
  progress real not null,
  error_message text,
  error_details text,
  started_at text,
  completed_at text,
  created_at text not null,
  deleted_at text,
  constraint analysis_runs_status check (status in ('pending', 'analyzing', 'complete', 'failed', 'cancelled'))
);
create index analysis_runs_by_project on analysis_runs (project_id);
create unique index analysis_runs_version on analysis_runs (project_id, version) where deleted_at is null;
create table analysis_activity_logs (
  id text primary key not null,
  analysis_run_id text not null references analysis_runs (id) on delete cascade,
  timestamp text not null,
  action text not null,
  result text not null,
  details text,
  deleted_at text
);
create index analysis_activity_logs_by_run on analysis_activity_logs (analysis_run_id);
create table config_sets (
  id text primary key not null,
  project_id text not null references projects (id) on delete cascade,
  status text not null,
  version integer not null,
  error_message text,
  created_at text not null,
  deleted_at text,
  constraint config_sets_status check (status in ('pending', 'analyzing', 'complete', 'failed', 'cancelled'))
);
create index config_sets_by_project on config_sets (project_id);
create unique index config_sets_version on config_sets (project_id, version) where deleted_at is null;
create table config_activity_logs (
  id text primary key not null,
  config_set_id text not null references config_sets (id) on delete cascade,
  timestamp text not null,
  action text not null,
  result text not null,
  details text,
  deleted_at text
);
create index config_activity_logs_by_set on config_activity_logs (config_set_id);
create table config_files (
  id text primary key not null,
  config_set_id text not null references config_sets (id) on delete cascade,
  file_name text not null,
  file_type text not null,
  content text not null,
  deleted_at text
);
create index config_files_by_set on config_files (config_set_id);
create table config_optimizations (
  id text primary key not null,
  config_set_id text not null references config_sets (id) on delete cascade,
  name text not null,
  category text not null,
  deleted_at text
);
create index config_optimizations_by_set on config_optimizations (config_set_id);
create table build_runs (
  id text primary key not null,
  project_id text not null references projects (id) on delete cascade,
  created_at text not null,
  deleted_at text
);
create index build_runs_by_project on build_runs (project_id);
create table deployments (
  id text primary key not null,
  project_id text not null references projects (id) on delete cascade,
  created_at text not null,
  deleted_at text
);
create index deployments_by_project on deployments (project_id);
