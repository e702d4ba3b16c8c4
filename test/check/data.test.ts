import { eachFixture } from "./fixture.ts";

const P = "create table p (id integer primary key);";

eachFixture("fk-implicit", [
  {
    title: "a column that is named after a table, whose rows find it",
    ddl: "create table users (id integer primary key); create table c (id integer primary key, user_id integer); insert into users values (1); insert into c values (1, 1), (2, 1);",
    data: true,
    finds: [["warning", "c(user_id) -> users(id)"]],
    says: "2 of 2 rows that were looked at find a row of users",
    confidence: "inferred",
  },
  {
    title: "values that mean nothing here, a constraint, and a relation of the configuration are none",
    ddl: "create table users (id integer primary key); create table c (id integer primary key, last_user_id integer, user_id integer, owner_user_id integer, foreign key (owner_user_id) references users (id)); insert into users values (1); insert into c values (1, 7, 1, 1), (2, 8, 1, 1);",
    config: {
      relations: [
        { child: "c", columns: ["user_id"], parent: "users", parentColumns: ["id"], onDelete: "restrict" },
      ],
    },
    data: true,
    finds: [],
  },
]);

/** Nine rows that find a user, and one that does not. */
const TEN = `insert into c values ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `(${n}, 1)`).join()}, (10, 7);`;

const OFF = {
  sqlite: ["pragma foreign_keys = off;", "pragma foreign_keys = on;"],
  postgres: ["set session_replication_role = replica;", "reset session_replication_role;"],
  mariadb: ["set foreign_key_checks = 0;", "set foreign_key_checks = 1;"],
} as const;
const C = "create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id));";
const orphaned = (engine: keyof typeof OFF) =>
  `${P} ${C} insert into p values (1); ${OFF[engine][0]} insert into c values (1, 1), (2, 8), (3, 9), (4, null); ${OFF[engine][1]}`;

eachFixture("orphan-rows", [
  {
    title: "rows that came while the constraint was switched off",
    ddl: { sqlite: orphaned("sqlite"), postgres: orphaned("postgres"), mariadb: orphaned("mariadb") },
    data: true,
    finds: [["error", "c(p_id) -> p(id)"]],
    says: "2 rows of c reference rows of p that are not there",
    confidence: "data",
  },
  {
    title: "a null is no reference",
    ddl: `${P} ${C} insert into p values (1); insert into c values (1, 1), (4, null);`,
    data: true,
    finds: [],
  },
]);

const MARKED = `create table p (id integer primary key, deleted_at timestamp null); create table c (id integer primary key, p_id integer, deleted_at timestamp null, foreign key (p_id) references p (id) on delete cascade);`;
const config = { tables: { p: { softDelete: "deleted_at" }, c: { softDelete: "deleted_at" } } };

eachFixture("fk-implicit", [
  {
    title: "where one row in ten finds nothing the name may mislead",
    ddl: `create table users (id integer primary key); create table c (id integer primary key, user_id integer); insert into users values (1); ${TEN}`,
    data: true,
    finds: [],
  },
  {
    title:
      "beside a column that says which table is meant it is none, nor to a table in whose keys are texts",
    ddl: `create table users (id integer primary key); create table codes (id varchar(10) primary key);
      create table c (id integer primary key, user_id integer, user_type varchar(10), code_id integer, stripe_user_id integer);
      insert into users values (1); insert into c values (1, 1, 'user', 1, 1);`,
    data: true,
    finds: [],
  },
]);

eachFixture("orphan-rows", [
  {
    title: "of a relation that nobody declares they are guessed about",
    ddl: `create table users (id integer primary key); create table c (id integer primary key, user_id integer); insert into users values (1); ${TEN}`,
    data: true,
    finds: [["error", "c(user_id) -> users(id)"]],
    says: "1 row of c looks as if it referenced rows of users",
    confidence: "inferred",
  },
  {
    title: "a relation of the configuration is looked at, also one that says its table in a column",
    ddl: `create table users (id integer primary key); create table c (id integer primary key, kind varchar(10), thing integer); insert into users values (1); insert into c values (1, 'user', 1), (2, 'user', 5), (3, 'post', 6);`,
    config: {
      relations: [
        {
          child: "c",
          columns: ["thing"],
          parent: "users",
          parentColumns: ["id"],
          onDelete: "cascade",
          enforcedBy: "application",
          when: { column: "kind", values: ["user"] },
        },
      ],
    },
    data: true,
    finds: [["error", "c[kind=user](thing) -> users(id)"]],
    says: "1 row of c references",
  },
  {
    title: "MATCH FULL takes half a reference for one",
    ddl: {
      postgres: `create table p (a integer, b integer, primary key (a, b)); create table c (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b) match full);
        create table d (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b));
        set session_replication_role = replica; insert into c values (1, 1, null), (2, null, null); reset session_replication_role; insert into d values (1, 1, null);`,
    },
    data: true,
    finds: { sqlite: null, postgres: [["error", "c(a,b) -> p(a,b)"]], mariadb: null },
  },
]);

eachFixture("soft-live-child-of-dead-parent", [
  {
    title: "by names alone it is a guess, also where the constraint would refuse",
    ddl: `create table p (id integer primary key, deleted_at timestamp null); create table c (id integer primary key, p_id integer, deleted_at timestamp null, foreign key (p_id) references p (id));
      create table d (id integer primary key, p_id integer, deleted_at timestamp null, foreign key (p_id) references p (id) on delete set null);
      insert into p values (1, '2024-01-01 00:00:00'); insert into c values (1, 1, null); insert into d values (1, 1, null);`,
    data: true,
    finds: [["warning", "c(p_id) -> p(id)"]],
    says: "1 row of c is live",
    confidence: "inferred",
  },
  {
    title: "a live row below a deleted one",
    ddl: `${MARKED} insert into p values (1, '2024-01-01 00:00:00'), (2, null); insert into c values (1, 1, null), (2, 1, '2024-01-01 00:00:00'), (3, 2, null);`,
    config,
    data: true,
    finds: [["warning", "c(p_id) -> p(id)"]],
    says: "1 row of c is live",
  },
  {
    title: "rows that were deleted with their parent, and rows without a marker, are as they should be",
    ddl: `${MARKED} create table d (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade); insert into p values (1, '2024-01-01 00:00:00'); insert into c values (1, 1, '2024-01-01 00:00:00'); insert into d values (1, 1);`,
    config,
    data: true,
    finds: [],
  },
]);
