-- As the document found it: columns named *_id with indexes, and no constraint.
create table users (id text primary key not null, email text not null unique);
create table projects (
  id text primary key not null,
  user_id text not null,
  name text not null,
  created_at text not null
);
create index projects_by_user on projects (user_id);
create table analysis_runs (
  id text primary key not null,
  project_id text not null,
  status text not null,
  version integer not null,
  progress real not null,
  error_message text,
  error_details text,
  started_at text,
  completed_at text,
  created_at text not null
);
create index analysis_runs_by_project on analysis_runs (project_id);
create table analysis_activity_logs (
  id text primary key not null,
  analysis_run_id text not null,
  timestamp text not null,
  action text not null,
  result text not null,
  details text
);
create index analysis_activity_logs_by_run on analysis_activity_logs (analysis_run_id);
create table config_sets (
  id text primary key not null,
  project_id text not null,
  status text not null,
  version integer not null,
  error_message text,
  created_at text not null
);
create index config_sets_by_project on config_sets (project_id);
create table config_activity_logs (
  id text primary key not null,
  config_set_id text not null,
  timestamp text not null,
  action text not null,
  result text not null,
  details text
);
create index config_activity_logs_by_set on config_activity_logs (config_set_id);
create table config_files (
  id text primary key not null,
  config_set_id text not null,
  file_name text not null,
  file_type text not null,
  content text not null
);
create index config_files_by_set on config_files (config_set_id);
create table config_optimizations (
  id text primary key not null,
  config_set_id text not null,
  name text not null,
  category text not null
);
create index config_optimizations_by_set on config_optimizations (config_set_id);
create table build_runs (
  id text primary key not null,
  project_id text not null,
  created_at text not null
);
create index build_runs_by_project on build_runs (project_id);
create table deployments (
  id text primary key not null,
  project_id text not null,
  created_at text not null
);
create index deployments_by_project on deployments (project_id);
