import { eachFixture } from "./fixture.ts";

const P = "create table p (id integer primary key);";
const PG = "postgres";
const only = <T>(engine: "sqlite" | "postgres" | "mariadb", finds: T) => ({
  sqlite: null,
  postgres: null,
  mariadb: null,
  [engine]: finds,
});
const exceptMariadb = <T>(finds: T) => ({ sqlite: finds, postgres: finds, mariadb: [] });

eachFixture("fk-without-index", [
  {
    title: "a cascade without an index is slow for every delete; MariaDB makes its own index",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    finds: exceptMariadb([["warning", "c(p_id) -> p(id)"]]),
    says: "No index of c leads with p_id",
  },
  {
    title: "an index, a unique key, and the beginning of a primary key each do",
    ddl: `${P}
      create table a (id integer primary key, p_id integer, foreign key (p_id) references p (id));
      create index a_p on a (p_id, id);
      create table b (id integer primary key, p_id integer unique, foreign key (p_id) references p (id));
      create table c (p_id integer not null, n integer not null, primary key (p_id, n), foreign key (p_id) references p (id));`,
    finds: [],
  },
  {
    title: "the end of a primary key does not",
    ddl: `${P} create table c (n integer not null, p_id integer not null, primary key (n, p_id), foreign key (p_id) references p (id));`,
    finds: exceptMariadb([["warning", "c(p_id) -> p(id)"]]),
  },
  {
    title: "a partial index does only where the engine can use it for every reference (E14)",
    ddl: {
      postgres: `${P}
        create table a (id integer primary key, gone integer, p_id integer references p (id));
        create index a_p on a (p_id) where p_id is not null;
        create table b (id integer primary key, gone integer, p_id integer references p (id));
        create index b_p on b (p_id) where gone is null;`,
    },
    finds: only(PG, [["warning", "b(p_id) -> p(id)"]]),
  },
  {
    title: "what partitions declare one by one is told once",
    ddl: {
      postgres: `${P} create table c (id integer, p_id integer) partition by range (id);
        create table c1 partition of c for values from (0) to (10);
        create table c2 partition of c for values from (10) to (20);
        alter table c1 add foreign key (p_id) references p (id);
        alter table c2 add foreign key (p_id) references p (id);`,
    },
    finds: only(PG, [["warning", "c(p_id) -> p(id)"]]),
  },
  {
    title: "a relation that only the configuration knows is looked up too",
    ddl: `${P} create table c (id integer primary key, p_id integer);`,
    config: {
      relations: [{ child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: [["warning", "c(p_id) -> p(id)"]],
  },
]);

eachFixture("cascade-path-unindexed", [
  {
    title: "the second level of a cascade, and what only looks there, cost a scan for each row above",
    ddl: `${P}
      create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table g (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete cascade);
      create table k (id integer primary key, c_id integer, foreign key (c_id) references c (id));`,
    finds: exceptMariadb([
      ["error", "g(c_id) -> c(id)"],
      ["error", "k(c_id) -> c(id)"],
    ]),
    says: "c(p_id) -> p(id) cascades, and for each row that it deletes from c all of g is read",
  },
  {
    title: "a tree that cascades is searched once for each row of each level",
    ddl: `create table n (id integer primary key, up integer, foreign key (up) references n (id) on delete cascade);`,
    finds: exceptMariadb([["error", "n(up) -> n(id)"]]),
  },
  {
    title: "a first level is not multiplied, and an indexed second one costs little",
    ddl: `${P}
      create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table g (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete cascade);
      create index g_c on g (c_id);`,
    finds: [],
  },
]);

eachFixture("fk-type-mismatch", [
  {
    title: "a smaller integer cannot hold every key, a wider one can hold more than there are",
    ddl: {
      postgres: `create table p (id bigint primary key, n integer unique);
        create table c (id integer primary key, p_id integer references p (id), n bigint references p (n));`,
    },
    finds: only(PG, [
      ["warning", "c(p_id) -> p(id)"],
      ["info", "c(n) -> p(n)"],
    ]),
    says: "there are values of the parent that no child can hold",
  },
  {
    title: "a shorter text cannot hold every key",
    ddl: {
      postgres: `create table p (id varchar(20) primary key); create table c (id integer primary key, p_id varchar(10) references p (id));`,
      mariadb: `create table p (id varchar(20) primary key); create table c (id integer primary key, p_id varchar(10), foreign key (p_id) references p (id));`,
      sqlite: `create table p (id varchar(20) primary key); create table c (id integer primary key, p_id varchar(10) references p (id));`,
    },
    finds: {
      postgres: [["warning", "c(p_id) -> p(id)"]],
      mariadb: [["warning", "c(p_id) -> p(id)"]],
      sqlite: [["info", "c(p_id) -> p(id)"]],
    },
  },
  {
    title: "a length that SQLite does not keep to is compared where both columns name one",
    ddl: {
      sqlite: `create table p (id varchar(36) primary key);
        create table c (id integer primary key, a varchar(500) references p (id), b text references p (id), d varchar(36) references p (id));`,
    },
    finds: only("sqlite", [["info", "c(a) -> p(id)"]]),
    says: "c.a is varchar(500), and p.id, which it references, is varchar(36): this engine keeps to no length",
  },
  {
    title: "another kind of type is another thing, where no constraint refuses it",
    ddl: `create table p (id integer primary key); create table c (id integer primary key, p_id varchar(20));`,
    config: {
      relations: [{ child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: [["warning", "c(p_id) -> p(id)"]],
    says: "each comparison converts one of them",
  },
  {
    title: "a sign is a part of the type on MariaDB",
    ddl: {
      mariadb: `create table p (id int unsigned primary key); create table c (id integer primary key, p_id int(4));`,
    },
    config: {
      relations: [{ child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: only("mariadb", [["warning", "c(p_id) -> p(id)"]]),
  },
  {
    title: "the same type, and a width that only says how a number is shown, are no mismatch",
    ddl: {
      postgres: `create table p (id uuid primary key); create table c (id integer primary key, p_id uuid references p (id));`,
      mariadb: `create table p (id int(11) primary key); create table c (id integer primary key, p_id int(5), foreign key (p_id) references p (id));`,
      sqlite: `create table p (id bigint primary key); create table c (id integer primary key, p_id int references p (id));`,
    },
    finds: [],
  },
]);

eachFixture("fk-collation-mismatch", [
  {
    title: "two collations find different rows",
    ddl: {
      postgres: `create table p (id text collate "C" primary key); create table c (id integer primary key, p_id text references p (id));`,
      sqlite: `create table p (id text collate nocase primary key); create table c (id integer primary key, p_id text references p (id));`,
      mariadb: `create table p (id varchar(20) collate utf8mb4_bin primary key);
        create table c (id integer primary key, p_id varchar(20) collate utf8mb4_general_ci);`,
    },
    config: {
      relations: [
        { child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "no action" },
      ],
    },
    finds: [["warning", "c(p_id) -> p(id)"]],
  },
  {
    title: "one collation on both sides is none",
    ddl: {
      postgres: `create table p (id text collate "C" primary key); create table c (id integer primary key, p_id text collate "C" references p (id));`,
      sqlite: `create table p (id text collate nocase primary key); create table c (id integer primary key, p_id text collate NOCASE references p (id));`,
      mariadb: `create table p (id varchar(20) primary key); create table c (id integer primary key, p_id varchar(20), foreign key (p_id) references p (id));`,
    },
    finds: [],
  },
]);

const TENANT =
  "create table t (id integer primary key); create table p (t_id integer not null, id integer not null, primary key (t_id, id), foreign key (t_id) references t (id));";

eachFixture("fk-nullable-composite", [
  {
    title: "half a reference is checked by nothing",
    ddl: `${TENANT} create table c (id integer primary key, t_id integer, p_id integer, foreign key (t_id, p_id) references p (t_id, id));`,
    finds: [["warning", "c(t_id,p_id) -> p(t_id,id)"]],
    says: "Where t_id and p_id of c is null",
  },
  {
    title: "an optional parent within a tenant that has a key of its own is meant so",
    ddl: `${TENANT} create table c (id integer primary key, t_id integer not null, p_id integer, foreign key (t_id) references t (id), foreign key (t_id, p_id) references p (t_id, id));`,
    finds: [],
  },
  {
    title: "a CHECK can tie the columns together",
    ddl: `${TENANT} create table c (id integer primary key, t_id integer, p_id integer, foreign key (t_id, p_id) references p (t_id, id), check ((t_id is null) = (p_id is null)));`,
    finds: [],
  },
  {
    title: "MATCH FULL checks it",
    ddl: {
      postgres: `${TENANT} create table c (id integer primary key, t_id integer, p_id integer, foreign key (t_id, p_id) references p (t_id, id) match full);`,
    },
    finds: only(PG, []),
  },
]);

eachFixture("fk-duplicate", [
  {
    title: "the same constraint twice",
    ddl: `${P} create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id), constraint c_p_again foreign key (p_id) references p (id));`,
    finds: [["warning", "c(p_id) -> p(id)#c_p_again"]],
    says: "c_p_again is the same foreign key as c_p",
  },
  {
    title: "two roles of one parent are two things",
    ddl: `${P} create table c (id integer primary key, a integer, b integer, foreign key (a) references p (id), foreign key (b) references p (id));`,
    finds: [],
  },
]);

const OVERLAP = (first: string, second: string) =>
  `${P} create table c (id integer primary key, p_id integer, constraint a_first foreign key (p_id) references p (id) on delete ${first}, constraint b_second foreign key (p_id) references p (id) on delete ${second});`;

eachFixture("fk-conflicting-actions", [
  {
    title:
      "the older one wins on PostgreSQL, the first by name on MariaDB, the last written on SQLite (E3, E5)",
    ddl: OVERLAP("cascade", "set null"),
    finds: [["error", "c(p_id) -> p(id)"]],
    says: "disagree about what a delete from p does to c",
  },
  {
    title: "a part of a composite key with another action",
    ddl: `create table p (t_id integer not null, id integer not null unique, primary key (t_id, id));
      create table c (id integer primary key, t_id integer, p_id integer,
        constraint a_first foreign key (p_id) references p (id) on delete cascade,
        constraint b_second foreign key (t_id, p_id) references p (t_id, id) on delete set null);`,
    // InnoDB looks at the constraints on the primary key first, whatever their names.
    finds: {
      sqlite: [["error", "c(p_id) -> p(id)"]],
      postgres: [["error", "c(p_id) -> p(id)"]],
      mariadb: [["warning", "c(p_id) -> p(id)"]],
    },
  },
  {
    title: "RESTRICT and NO ACTION both refuse, and one constraint alone agrees with itself",
    ddl: OVERLAP("restrict", "no action"),
    finds: [],
  },
]);

eachFixture("fk-parent-not-unique", [
  {
    title: "SQLite cannot follow it; MariaDB can, and takes the child of a twin (E19)",
    ddl: {
      sqlite: `create table p (id integer primary key, code integer); create table c (id integer primary key, code integer references p (code) on delete cascade);`,
      mariadb: `create table p (id integer primary key, code integer, key (code)); create table c (id integer primary key, code integer, foreign key (code) references p (code) on delete cascade);`,
    },
    finds: {
      sqlite: [["error", "c(code) -> p(code)"]],
      mariadb: [["error", "c(code) -> p(code)"]],
      postgres: null,
    },
  },
  {
    title: "a unique column is a key, also where an index of another column is none",
    ddl: `create table p (id integer primary key, code integer unique, n integer); create table c (id integer primary key, code integer, foreign key (code) references p (code));`,
    finds: [],
  },
]);

eachFixture("fk-parent-missing", [
  {
    title: "a table that was never made, a column that never was (E16)",
    ddl: {
      sqlite: `${P} create table c (id integer primary key, x integer references nowhere (id) on delete cascade, y integer references p (missing));`,
      mariadb: `set foreign_key_checks = 0; create table c (id integer primary key, x integer, foreign key (x) references nowhere (id) on delete cascade); set foreign_key_checks = 1;`,
    },
    finds: {
      sqlite: [
        ["error", "c(x) -> nowhere(id)"],
        ["error", "c(y) -> p(missing)"],
      ],
      mariadb: [["error", "c(x) -> nowhere(id)"]],
      postgres: null,
    },
    says: "references table nowhere, which does not exist",
  },
  {
    title: "a table that is there under a name in other letters is there",
    ddl: { sqlite: `${P} create table c (id integer primary key, x integer references P (ID));` },
    finds: only("sqlite", []),
  },
]);

const SAID = (onDelete: "cascade" | "set default") => ({
  relations: [
    {
      child: "c",
      columns: ["p_id"],
      parent: "p",
      parentColumns: ["id"],
      onDelete,
      enforcedBy: "database" as const,
    },
  ],
});

eachFixture("fk-ignored-by-engine", [
  {
    title: "the database is said to cascade, and has no constraint",
    ddl: `${P} create table c (id integer primary key, p_id integer);`,
    config: SAID("cascade"),
    finds: [["error", "c(p_id) -> p(id)"]],
    says: "it has no such constraint",
  },
  {
    title: "MyISAM takes a foreign key and keeps none (E20)",
    ddl: {
      mariadb: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade) engine = myisam;`,
    },
    config: SAID("cascade"),
    finds: only("mariadb", [["error", "c(p_id) -> p(id)"]]),
    says: "because the storage engine of c keeps none",
  },
  {
    title: "MariaDB drops SET DEFAULT without a word, the others keep it (E10)",
    ddl: `${P} create table c (id integer primary key, p_id integer default 1, foreign key (p_id) references p (id) on delete set default);`,
    config: SAID("set default"),
    finds: { sqlite: [], postgres: [], mariadb: [["error", "c(p_id) -> p(id)"]] },
  },
  {
    title: "a constraint that does what is said is no finding",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    config: SAID("cascade"),
    finds: [],
  },
]);

eachFixture("pk-missing-on-delete-path", [
  {
    title: "rows that nothing identifies cannot be archived",
    ddl: `${P} create table c (n integer, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    finds: [["error", "c"]],
  },
  {
    title: "a unique key without nulls will do, and what no cascade takes needs none",
    ddl: `${P} create table c (n integer not null unique, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table d (n integer, p_id integer, foreign key (p_id) references p (id));`,
    finds: [],
  },
]);
