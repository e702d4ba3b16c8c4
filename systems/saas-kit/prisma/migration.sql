create type subscription_plan as enum ('FREE', 'PRO', 'BUSINESS');
create type cluster_status as enum ('PENDING', 'CREATING', 'INITING', 'RUNNING', 'STOPPED');

create table "user" (
  id text primary key,
  name text not null,
  email text not null,
  created_at timestamptz(6) not null default current_timestamp,
  deleted_at timestamptz(6)
);

create table customer (
  id serial primary key,
  auth_user_id text not null references "user" (id) on delete restrict on update cascade,
  name text not null,
  plan subscription_plan not null default 'FREE',
  stripe_customer_id text,
  stripe_subscription_id text,
  created_at timestamptz(6) not null default current_timestamp,
  deleted_at timestamptz(6)
);
create index customer_auth_user_id_idx on customer (auth_user_id);

create table k8s_cluster_config (
  id serial primary key,
  auth_user_id text not null references "user" (id) on delete restrict on update cascade,
  name text not null,
  location text not null,
  plan subscription_plan not null default 'FREE',
  status cluster_status not null default 'PENDING',
  created_at timestamptz(6) not null default current_timestamp,
  deleted_at timestamptz(6)
);
create index k8s_cluster_config_auth_user_id_idx on k8s_cluster_config (auth_user_id);

create table account (
  id serial primary key,
  user_id text not null references "user" (id) on delete cascade on update cascade,
  provider text not null,
  provider_account_id text not null
);
create unique index account_provider_provider_account_id_key on account (provider, provider_account_id);
create index account_user_id_idx on account (user_id);

create table session (
  id text primary key,
  user_id text not null references "user" (id) on delete cascade on update cascade,
  expires timestamptz(6) not null
);
create index session_user_id_idx on session (user_id);

-- What Prisma cannot say.
create unique index k8s_cluster_config_live on k8s_cluster_config (plan, auth_user_id) where deleted_at is null;
create unique index user_email_live on "user" (email) where deleted_at is null;
create unique index customer_stripe_customer_live on customer (stripe_customer_id) where deleted_at is null;
create unique index customer_stripe_subscription_live on customer (stripe_subscription_id) where deleted_at is null;
alter table customer add constraint customer_free_has_no_subscription
  check (plan <> 'FREE' or stripe_subscription_id is null);
