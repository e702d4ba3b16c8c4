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
    title:
      "a composite reference is served by its columns in any order, by a key among them, and by what leaves out nulls alone",
    ddl: {
      sqlite: `create table p (a integer, b integer, primary key (a, b));
        create table c1 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c1_i on c1 (b desc, a, id);
        create table c2 (id integer primary key, a integer, foreign key (a, id) references p (a, b));
        create table c3 (id integer primary key, a integer, b integer unique, foreign key (a, b) references p (a, b));
        create table c4 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c4_i on c4 (a, b) where a is not null and b is not null;
        create table c5 (a integer, b integer, n integer, primary key (a, b, n), foreign key (a, b) references p (a, b)) without rowid;`,
      postgres: `create table p (a integer, b integer, primary key (a, b));
        create table c1 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c1_i on c1 (b desc, a, id);
        create table c2 (id integer primary key, a integer, foreign key (a, id) references p (a, b));
        create table c3 (id integer primary key, a integer, b integer unique, foreign key (a, b) references p (a, b));
        create table c4 (id integer primary key, a integer, "B" integer, foreign key (a, "B") references p (a, b)); create index c4_i on c4 (a, "B") where a is not null and "B" is not null;`,
      mariadb: `create table p (a integer, b integer, primary key (a, b));
        create table c1 (id integer primary key, a integer, b integer, key (b, a, id), foreign key (a, b) references p (a, b));
        create table c2 (id integer primary key, a integer);`,
    },
    finds: [],
  },
  {
    title:
      "an expression, a gap, an order of its own, another condition and another kind of index serve none",
    ddl: {
      sqlite: `create table p (a integer, b integer, primary key (a, b));
        create table c1 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c1_i on c1 (a + 0, b);
        create table c2 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c2_i on c2 (a, id, b);
        create table c3 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c3_i on c3 (a, b) where a > 0;`,
      postgres: `create table p (a integer, b integer, primary key (a, b)); create table t (id text primary key);
        create table c1 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c1_i on c1 ((a + 0), b);
        create table c2 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c2_i on c2 (a, id, b);
        create table c3 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c3_i on c3 (a, b) where a > 0;
        create table c4 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c4_i on c4 using brin (a, b);
        create table c5 (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c5_i on c5 (a) include (b);
        create table c6 (id integer primary key, t_id text references t (id)); create index c6_t_id_idx on c6 (t_id collate "C");`,
    },
    finds: {
      sqlite: ["c1(a,b)", "c2(a,b)", "c3(a,b)"].map((from) => ["warning", `${from} -> p(a,b)`] as const),
      postgres: [
        ...["c1", "c2", "c3", "c4", "c5"].map((from) => ["warning", `${from}(a,b) -> p(a,b)`] as const),
        ["warning", "c6(t_id) -> t(id)"],
      ],
      mariadb: null,
    },
    says: "No index of c1 leads with a, b, so that each delete from p reads all rows of it",
  },
  {
    title: "an index on some of the columns leaves the rest to be read",
    ddl: `create table p (a integer, b integer, primary key (a, b));
      create table c (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b)); create index c_a_b_idx on c (a);`,
    finds: exceptMariadb([["warning", "c(a,b) -> p(a,b)"]]),
    says: "reads all rows with the same a of it",
  },
  {
    title: "SQLite compares as the parent does, and so has the index to",
    ddl: {
      sqlite: `create table p (id text primary key collate nocase); create table c (id integer primary key, p_id text references p (id)); create index c_p on c (p_id);`,
    },
    finds: only("sqlite", [["warning", "c(p_id) -> p(id)"]]),
  },
  {
    title: "an index that finds no equal values serves no relation of the configuration either",
    ddl: {
      postgres: `${P} create table c (id integer primary key, p_id integer); create index c_p on c using brin (p_id);`,
    },
    config: {
      relations: [{ child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: only(PG, [["warning", "c(p_id) -> p(id)"]]),
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
    title: "a relation of the configuration below a cascade is searched for each row too",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table g (id integer primary key, c_id integer);`,
    config: {
      relations: [{ child: "g", columns: ["c_id"], parent: "c", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: [["error", "g(c_id) -> c(id)"]],
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
    title: "a length, and what a number has before its point, are sizes of any type that has them",
    ddl: {
      postgres: `create domain short as varchar(5);
        create table p (id integer primary key, n numeric(10) unique, ch char(5) unique, v varchar(10) unique, at timestamp unique);
        create table c (id integer primary key, n numeric(8) references p (n), m numeric(12,2) references p (n),
          ch char(3) references p (ch), v short references p (v), at timestamptz references p (at));`,
      mariadb: `create table p (id integer primary key, n decimal(10) unique, b varbinary(8) unique);
        create table c (id integer primary key, n decimal(8), b varbinary(4), foreign key (b) references p (b));`,
    },
    config: {
      relations: [{ child: "c", columns: ["n"], parent: "p", parentColumns: ["n"], onDelete: "no action" }],
    },
    finds: {
      postgres: [
        ["warning", "c(at) -> p(at)"],
        ["warning", "c(ch) -> p(ch)"],
        ["warning", "c(n) -> p(n)"],
        ["warning", "c(v) -> p(v)"],
      ],
      mariadb: [
        ["warning", "c(b) -> p(b)"],
        ["warning", "c(n) -> p(n)"],
      ],
      sqlite: null,
    },
  },
  {
    title: "on SQLite affinities decide, of which INTEGER and NUMERIC compare alike",
    ddl: {
      sqlite: `create table p (id integer primary key, r real unique);
        create table c (id integer primary key, a number references p (id), b decimal(10) references p (id), d boolean references p (id),
          e text references p (id), f integer references p (r));`,
    },
    finds: only("sqlite", [
      ["warning", "c(e) -> p(id)"],
      ["warning", "c(f) -> p(r)"],
    ]),
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
    title: "a text and a number are another thing, and so is a domain with a collation of its own",
    ddl: {
      postgres: `create domain code as text collate "C"; create table p (id integer primary key, code text collate "C" unique);
        create table c (id integer primary key, p_id text collate "C", code code references p (code));`,
      sqlite: `create table p (id integer primary key); create table c (id integer primary key, p_id text collate nocase);`,
      mariadb: `create table p (id integer primary key); create table c (id integer primary key, p_id varchar(20));`,
    },
    config: {
      relations: [
        { child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "no action" },
      ],
    },
    finds: [],
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

const WHOLE = "create table p (t integer not null, id integer not null unique, primary key (t, id));";

eachFixture("fk-duplicate", [
  {
    title: "the same constraint twice",
    ddl: `${P} create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id), constraint c_p_again foreign key (p_id) references p (id));`,
    finds: [["warning", "c(p_id) -> p(id)#c_p_again"]],
    says: "c_p_again is the same foreign key as c_p",
  },
  {
    title: "the same but for what else they say is for somebody to choose",
    ddl: {
      sqlite: `${P} create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id) on delete cascade, constraint c_q foreign key (p_id) references p (id) on delete cascade on update cascade);`,
      postgres: `${P} create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id) on delete cascade, constraint c_q foreign key (p_id) references p (id) on delete cascade on update cascade);`,
      mariadb: `${P} create table c (id integer primary key, p_id integer, constraint c_p foreign key (p_id) references p (id) on delete cascade, constraint c_q foreign key (p_id) references p (id) on delete cascade on update cascade);`,
    },
    finds: [["warning", "c(p_id) -> p(id)#c_q"]],
    says: "but for ON UPDATE",
  },
  {
    title: "a part of a key that is never null says nothing that the whole key does not",
    ddl: `${WHOLE} create table c (id integer primary key, t integer not null, p_id integer,
      constraint a_part foreign key (p_id) references p (id) on delete cascade, constraint b_whole foreign key (t, p_id) references p (t, id) on delete cascade);`,
    finds: [["warning", "c(p_id) -> p(id)"]],
    says: "every row that b_whole lets in is one that it lets in too",
  },
  {
    title: "where the rest can be null it says something",
    ddl: `${WHOLE} create table c (id integer primary key, t integer, p_id integer,
      constraint a_part foreign key (p_id) references p (id) on delete cascade, constraint b_whole foreign key (t, p_id) references p (t, id) on delete cascade);`,
    finds: [["info", "c(p_id) -> p(id)"]],
    says: "only where t is null it says something that b_whole does not",
  },
  {
    title: "two roles within a tenant share its column, and a part with another action is another rule's",
    ddl: `${WHOLE} create table c (id integer primary key, t integer not null, a integer, b integer,
      foreign key (t, a) references p (t, id) on delete cascade, foreign key (t, b) references p (t, id) on delete cascade, foreign key (b) references p (id) on delete set null);`,
    finds: [],
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
    title: "a key to a table that is there, made while nothing is checked, is none",
    ddl: {
      mariadb: `set foreign_key_checks = 0; create table c (id integer primary key, x integer, foreign key (x) references p (id)); ${P} set foreign_key_checks = 1;`,
    },
    finds: only("mariadb", []),
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
