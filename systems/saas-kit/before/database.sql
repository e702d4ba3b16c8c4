create type subscription_plan as enum ('FREE', 'PRO', 'BUSINESS');
create table "user" (id text primary key, name text not null, email text not null);
create unique index user_email_key on "user" (email);
create table customer (
  id serial primary key,
  auth_user_id text not null,
  name text not null,
  plan subscription_plan not null default 'FREE',
  stripe_customer_id text,
  stripe_subscription_id text
);
create unique index customer_stripe_customer_id_key on customer (stripe_customer_id);
create unique index customer_stripe_subscription_id_key on customer (stripe_subscription_id);
create table k8s_cluster_config (
  id serial primary key,
  auth_user_id text not null,
  name text not null,
  location text not null,
  plan subscription_plan not null default 'FREE',
  delete boolean not null default false
);

insert into "user" select 'user-' || n, 'User ' || n, 'user-' || n || '@example.org' from generate_series(1, 60) n;
insert into customer (auth_user_id, name) select 'user-' || n, 'User ' || n from generate_series(1, 60) n;
insert into k8s_cluster_config (auth_user_id, name, location) select 'user-' || n, 'blog', 'eu-west' from generate_series(1, 60) n;

-- What this let in: rows of a user who is gone, and two live clusters of one plan.
insert into customer (auth_user_id, name) values ('user-61', 'Gone');
insert into k8s_cluster_config (auth_user_id, name, location, plan, delete) values
  ('user-1', 'shop', 'eu-west', 'PRO', false), ('user-1', 'shop-again', 'eu-west', 'PRO', false),
  ('user-2', 'shop', 'us-east', 'PRO', true), ('user-61', 'wiki', 'eu-west', 'FREE', false);
