-- The database as the document lists it, table by table: three references without a key, and what came of that.
create table repositories (
  id varchar(36) primary key not null,
  url varchar(500) not null unique,
  entrypoint varchar(255),
  local_path varchar(500),
  status varchar(50) not null,
  created_at datetime not null,
  updated_at datetime not null,
  cloned_at datetime,
  last_analyzed_at datetime,
  average_coverage decimal(5,2)
);
create index repositories_by_url on repositories (url);
create index repositories_by_status on repositories (status);

create table jobs (
  id varchar(36) primary key not null,
  repository_id varchar(36) not null references repositories (id) on delete cascade,
  parent_job_id varchar(36),
  target_file_path varchar(500),
  status varchar(50) not null,
  created_at datetime not null,
  updated_at datetime not null,
  started_at datetime,
  completed_at datetime,
  log_path varchar(500),
  error text,
  repository_path varchar(500),
  session_id varchar(255),
  test_generation_request_id varchar(36),
  coverage_result json,
  test_generation_result json,
  pr_creation_result json
);
create index jobs_by_repository on jobs (repository_id);
create index jobs_by_parent on jobs (parent_job_id);
create index jobs_by_status on jobs (status);
create index jobs_by_creation on jobs (created_at);

create table file_coverages (
  id varchar(36) primary key not null,
  repository_id varchar(36) not null references repositories (id) on delete cascade,
  file_path varchar(500) not null,
  coverage_percentage decimal(5,2) not null,
  lines_covered integer,
  lines_total integer,
  created_at datetime not null
);
create unique index file_coverages_file on file_coverages (repository_id, file_path);
create index file_coverages_by_repository on file_coverages (repository_id);
create index file_coverages_by_percentage on file_coverages (coverage_percentage);

create table test_generation_requests (
  id varchar(36) primary key not null,
  repository_id varchar(500) not null,
  target_file_path varchar(500) not null,
  working_directory varchar(500) not null,
  status varchar(50) not null,
  created_at datetime not null,
  completed_at datetime,
  session_id varchar(255),
  test_file_path varchar(500),
  coverage decimal(5,2),
  error text,
  pull_request json
);
create index test_generation_requests_by_repository on test_generation_requests (repository_id);
create index test_generation_requests_by_status on test_generation_requests (status);
create index test_generation_requests_by_session on test_generation_requests (session_id);

-- Two repositories, of which each second job reuses the results of the one before it.
insert into repositories (id, url, status, created_at, updated_at, average_coverage) values
  ('repo-1', 'https://git.example/shop', 'ANALYZED', '2026-01-01', '2026-01-02', 78.5),
  ('repo-2', 'https://git.example/blog', 'ANALYZED', '2026-01-01', '2026-01-02', 40);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 8)
insert into test_generation_requests (id, repository_id, target_file_path, working_directory, status, created_at)
select 'request-' || i, 'repo-' || (1 + i % 2), 'src/cart.ts', '/tmp/work', 'COMPLETED', '2026-01-03' from n;
with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
insert into jobs (id, repository_id, parent_job_id, status, created_at, updated_at, log_path, test_generation_request_id)
select 'job-' || i, 'repo-' || (1 + i / 21), iif(i % 2 = 0, 'job-' || (i - 1), null), 'COMPLETED',
  '2026-01-02', '2026-01-02', 'data/logs/job-' || i || '.log', iif(i <= 8, 'request-' || i, null) from n;
insert into file_coverages (id, repository_id, file_path, coverage_percentage, created_at) values
  ('file-1', 'repo-1', 'src/cart.ts', 78.5, '2026-01-02'),
  ('file-2', 'repo-2', 'src/post.ts', 40, '2026-01-02');

-- What the missing keys let in: a parent that was deleted, a request that was, a repository that was, and one named by
-- its URL, which VARCHAR(500) has room for.
insert into jobs (id, repository_id, parent_job_id, status, created_at, updated_at, test_generation_request_id) values
  ('job-41', 'repo-1', 'job-gone', 'FAILED', '2026-01-03', '2026-01-03', null),
  ('job-42', 'repo-2', null, 'FAILED', '2026-01-04', '2026-01-04', 'request-gone');
insert into test_generation_requests (id, repository_id, target_file_path, working_directory, status, created_at) values
  ('request-9', 'repo-gone', 'src/old.ts', '/tmp/old', 'FAILED', '2026-01-03'),
  ('request-10', 'https://git.example/shop', 'src/cart.ts', '/tmp/shop', 'PENDING', '2026-01-03');
