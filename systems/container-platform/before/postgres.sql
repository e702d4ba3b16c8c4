-- Run on the target state, it makes the state before: the history goes with its user, as the document's table says.
alter table audit_logs drop constraint audit_logs_user_id_fkey;
alter table audit_logs add constraint audit_logs_user_id_fkey
  foreign key (user_id) references users (uid) on delete cascade;
