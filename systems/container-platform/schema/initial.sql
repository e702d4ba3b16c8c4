-- What an installation begins with: the group of administrators and its first member.
insert into users (uid, username, email, role) values ('admin', 'admin', 'admin@example.org', 'admin');
insert into groups (gid, group_name, description) values ('administrators', 'administrators', 'Those who run the platform.');
insert into user_group (uid, gid, role) values ('admin', 'administrators', 'owner');
