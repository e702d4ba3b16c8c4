-- The fifteen tables on MariaDB. Made in an empty database by `create` of database.ts.

-- Names and ids are compared byte by byte, as on PostgreSQL: nanoid makes ids that differ in case alone, and of images
-- `app:V1` is not `app:v1`.
alter database collate utf8mb4_nopad_bin;

create table users (
  uid varchar(20) primary key,
  username varchar(50) not null unique,
  email varchar(255) not null unique,
  full_name varchar(100),
  role enum ('user', 'manager', 'admin') not null default 'user',
  status enum ('active', 'suspended') not null default 'active',
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3)
);
create index users_created_at on users (created_at);

create table `groups` (
  gid varchar(20) primary key,
  group_name varchar(100) not null unique,
  description text,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3)
);
create index groups_created_at on `groups` (created_at);

create table user_group (
  uid varchar(20) not null,
  gid varchar(20) not null,
  role enum ('member', 'manager', 'owner') not null default 'member',
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  primary key (uid, gid),
  constraint user_group_uid_fk foreign key (uid) references users (uid) on delete cascade,
  constraint user_group_gid_fk foreign key (gid) references `groups` (gid) on delete cascade
);
create index user_group_gid on user_group (gid, role);

create table projects (
  pid varchar(20) primary key,
  gid varchar(20) not null,
  project_name varchar(100) not null,
  description text,
  gpu_quota integer not null default 0 check (gpu_quota >= 0),
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  -- Null for a row that is deleted, so that the unique index passes it over.
  live boolean generated always as (if(deleted_at is null, true, null)) virtual,
  constraint projects_gid_fk foreign key (gid) references `groups` (gid) on delete cascade
);
create index projects_gid on projects (gid, deleted_at, created_at);
create index projects_deleted_at on projects (deleted_at);
create unique index projects_name_live on projects (gid, project_name, live);

create table config_files (
  cfid varchar(21) primary key,
  pid varchar(20) not null,
  filename varchar(200) not null,
  content text not null,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  -- Null for a row that is deleted, so that the unique index passes it over.
  live boolean generated always as (if(deleted_at is null, true, null)) virtual,
  constraint config_files_pid_fk foreign key (pid) references projects (pid) on delete cascade
);
create index config_files_pid on config_files (pid, deleted_at, created_at);
create index config_files_deleted_at on config_files (deleted_at);
create unique index config_files_name_live on config_files (pid, filename, live);

create table resources (
  rid varchar(21) primary key,
  cfid varchar(21) not null,
  kind enum ('pod', 'deployment', 'service', 'config_map', 'ingress', 'job') not null,
  name varchar(100) not null,
  definition json,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  unique (cfid, kind, name),
  constraint resources_cfid_fk foreign key (cfid) references config_files (cfid) on delete cascade
);
create index resources_kind on resources (kind, name);

create table forms (
  id varchar(21) primary key,
  user_id varchar(20) not null,
  project_id varchar(20) not null,
  -- Searched whatever the case.
  title varchar(200) collate utf8mb4_general_nopad_ci not null,
  description text collate utf8mb4_general_nopad_ci,
  tag varchar(50),
  status enum ('pending', 'processing', 'completed', 'rejected') not null default 'pending',
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  constraint forms_user_id_fk foreign key (user_id) references users (uid) on delete cascade,
  constraint forms_project_id_fk foreign key (project_id) references projects (pid) on delete cascade
);
create index forms_user_id on forms (user_id, deleted_at, created_at);
create index forms_project_id on forms (project_id, deleted_at, created_at);
create index forms_status on forms (status, created_at);
create index forms_deleted_at on forms (deleted_at);
create fulltext index forms_text on forms (title, description);

create table form_messages (
  id varchar(21) primary key,
  form_id varchar(21) not null,
  user_id varchar(20) not null,
  content text not null,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  constraint form_messages_form_id_fk foreign key (form_id) references forms (id) on delete cascade,
  constraint form_messages_user_id_fk foreign key (user_id) references users (uid) on delete cascade
);
create index form_messages_form_id on form_messages (form_id, deleted_at, created_at);
create index form_messages_user_id on form_messages (user_id, created_at);
create index form_messages_deleted_at on form_messages (deleted_at);

create table container_repositories (
  id varchar(21) primary key,
  registry varchar(100) not null,
  name varchar(150) not null,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  unique (registry, name)
);

create table container_tags (
  id varchar(21) primary key,
  repository_id varchar(21) not null,
  name varchar(128) not null,
  digest varchar(71),
  size_bytes bigint check (size_bytes >= 0),
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  unique (repository_id, name),
  constraint container_tags_repository_id_fk foreign key (repository_id) references container_repositories (id) on delete cascade
);
create index container_tags_digest on container_tags (digest);

create table image_requests (
  id varchar(21) primary key,
  user_id varchar(20) not null,
  project_id varchar(20) not null,
  reviewer_id varchar(20),
  image varchar(300) not null,
  tag varchar(128) not null,
  status enum ('pending', 'approved', 'rejected') not null default 'pending',
  reviewer_note text,
  reviewed_at datetime(3),
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  constraint image_requests_user_id_fk foreign key (user_id) references users (uid) on delete cascade,
  constraint image_requests_project_id_fk foreign key (project_id) references projects (pid) on delete cascade,
  constraint image_requests_reviewer_id_fk foreign key (reviewer_id) references users (uid) on delete set null
);
create index image_requests_user_id on image_requests (user_id, deleted_at, created_at);
create index image_requests_project_id on image_requests (project_id, deleted_at, created_at);
create index image_requests_reviewer_id on image_requests (reviewer_id, reviewed_at);
create index image_requests_status on image_requests (status, created_at);
create index image_requests_deleted_at on image_requests (deleted_at);

create table image_allow_lists (
  id varchar(21) primary key,
  project_id varchar(20) not null,
  tag_id varchar(21) not null,
  repository_id varchar(21) not null,
  request_id varchar(21),
  created_by varchar(20) not null,
  is_enabled boolean not null default true,
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  deleted_at datetime(3),
  -- Null for a row that is deleted, so that the unique index passes it over.
  live boolean generated always as (if(deleted_at is null, true, null)) virtual,
  constraint image_allow_lists_project_id_fk foreign key (project_id) references projects (pid) on delete cascade,
  constraint image_allow_lists_tag_id_fk foreign key (tag_id) references container_tags (id) on delete cascade,
  constraint image_allow_lists_repository_id_fk foreign key (repository_id) references container_repositories (id) on delete cascade,
  constraint image_allow_lists_request_id_fk foreign key (request_id) references image_requests (id) on delete set null,
  constraint image_allow_lists_created_by_fk foreign key (created_by) references users (uid) on delete cascade
);
create index image_allow_lists_project_id on image_allow_lists (project_id, deleted_at, is_enabled);
create index image_allow_lists_tag_id on image_allow_lists (tag_id);
create index image_allow_lists_repository_id on image_allow_lists (repository_id);
create index image_allow_lists_request_id on image_allow_lists (request_id);
create index image_allow_lists_created_by on image_allow_lists (created_by);
create index image_allow_lists_deleted_at on image_allow_lists (deleted_at);
create unique index image_allow_lists_tag_live on image_allow_lists (project_id, tag_id, live);

create table cluster_image_statuses (
  id varchar(21) primary key,
  tag_id varchar(21) not null unique,
  status enum ('waiting', 'pulling', 'pulled', 'failed') not null default 'waiting',
  pulled_at datetime(3),
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  constraint cluster_image_statuses_tag_id_fk foreign key (tag_id) references container_tags (id) on delete cascade
);
create index cluster_image_statuses_status on cluster_image_statuses (status, updated_at);

create table audit_logs (
  id bigint auto_increment primary key,
  user_id varchar(20),
  -- Who it was, in words that outlive the user.
  actor_name varchar(100) not null,
  action enum ('create', 'update', 'delete', 'restore', 'approve', 'reject') not null,
  resource_type varchar(50) not null,
  resource_id varchar(50) not null,
  description text,
  created_at datetime(3) not null default current_timestamp(3),
  constraint audit_logs_user_id_fk foreign key (user_id) references users (uid) on delete set null
);
create index audit_logs_user_id on audit_logs (user_id, created_at);
create index audit_logs_resource on audit_logs (resource_type, resource_id);
create index audit_logs_created_at on audit_logs (created_at);

create table course_workloads (
  id varchar(21) primary key,
  user_id varchar(20) not null,
  project_id varchar(20) not null,
  name varchar(100) not null,
  image varchar(300) not null,
  status enum ('queued', 'running', 'succeeded', 'failed') not null default 'queued',
  created_at datetime(3) not null default current_timestamp(3),
  updated_at datetime(3) not null default current_timestamp(3),
  constraint course_workloads_user_id_fk foreign key (user_id) references users (uid) on delete cascade,
  constraint course_workloads_project_id_fk foreign key (project_id) references projects (pid) on delete cascade
);
create index course_workloads_user_id on course_workloads (user_id, created_at);
create index course_workloads_project_id on course_workloads (project_id, created_at);
create index course_workloads_status on course_workloads (status, created_at);

create view active_projects as
  select p.pid, p.project_name, p.gid, g.group_name, p.gpu_quota, p.created_at
  from projects p join `groups` g on g.gid = p.gid
  where p.deleted_at is null;

create view group_members as
  select m.gid, g.group_name, m.uid, u.username, m.role
  from user_group m join `groups` g on g.gid = m.gid join users u on u.uid = m.uid;

create view open_forms as
  select f.id, f.title, f.status, f.user_id, u.username, f.project_id, p.project_name, f.created_at
  from forms f join users u on u.uid = f.user_id join projects p on p.pid = f.project_id
  where f.deleted_at is null and p.deleted_at is null and f.status in ('pending', 'processing');

create view pending_image_requests as
  select r.id, r.image, r.tag, r.user_id, u.username, r.project_id, p.project_name, r.created_at
  from image_requests r join users u on u.uid = r.user_id join projects p on p.pid = r.project_id
  where r.deleted_at is null and p.deleted_at is null and r.status = 'pending';

create view allowed_images as
  select a.id, a.project_id, r.registry, r.name, t.name as tag, t.digest, coalesce(s.status, 'waiting') as status
  from image_allow_lists a
  join projects p on p.pid = a.project_id
  join container_tags t on t.id = a.tag_id
  join container_repositories r on r.id = a.repository_id
  left join cluster_image_statuses s on s.tag_id = t.id
  where a.deleted_at is null and p.deleted_at is null and a.is_enabled;
