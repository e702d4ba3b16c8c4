import { eachFixture } from "./fixture.ts";

const PARENT = "create table p (id integer primary key);";

eachFixture("fk-without-index", [
  {
    title: "a cascade without an index is slow for every delete; MariaDB makes its own index",
    ddl: `${PARENT} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    finds: {
      sqlite: [["warning", "c(p_id) -> p(id)"]],
      postgres: [["warning", "c(p_id) -> p(id)"]],
      mariadb: [],
    },
  },
  {
    title: "an index, a unique key, and the beginning of a primary key each do",
    ddl: `${PARENT}
      create table a (id integer primary key, p_id integer, foreign key (p_id) references p (id));
      create index a_p on a (p_id, id);
      create table b (id integer primary key, p_id integer unique, foreign key (p_id) references p (id));
      create table c (p_id integer not null, n integer not null, primary key (p_id, n), foreign key (p_id) references p (id));`,
    finds: [],
  },
  {
    title: "the end of a primary key does not",
    ddl: `${PARENT} create table c (n integer not null, p_id integer not null, primary key (n, p_id), foreign key (p_id) references p (id));`,
    finds: {
      sqlite: [["warning", "c(p_id) -> p(id)"]],
      postgres: [["warning", "c(p_id) -> p(id)"]],
      mariadb: [],
    },
  },
  {
    title: "a partial index does only where the engine can use it for every reference (E14)",
    ddl: {
      postgres: `${PARENT}
        create table a (id integer primary key, gone integer, p_id integer references p (id));
        create index a_p on a (p_id) where p_id is not null;
        create table b (id integer primary key, gone integer, p_id integer references p (id));
        create index b_p on b (p_id) where gone is null;`,
    },
    finds: { sqlite: null, postgres: [["warning", "b(p_id) -> p(id)"]], mariadb: null },
  },
  {
    title: "a relation that only the configuration knows is looked up too",
    ddl: `${PARENT} create table c (id integer primary key, p_id integer);`,
    config: {
      relations: [{ child: "c", columns: ["p_id"], parent: "p", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: [["warning", "c(p_id) -> p(id)"]],
  },
]);

eachFixture("cascade-path-unindexed", [
  {
    title: "the second level of a cascade, and what only looks there, cost a scan for each row above",
    ddl: `${PARENT}
      create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table g (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete cascade);
      create table k (id integer primary key, c_id integer, foreign key (c_id) references c (id));`,
    finds: {
      sqlite: [
        ["error", "g(c_id) -> c(id)"],
        ["error", "k(c_id) -> c(id)"],
      ],
      postgres: [
        ["error", "g(c_id) -> c(id)"],
        ["error", "k(c_id) -> c(id)"],
      ],
      mariadb: [],
    },
  },
  {
    title: "a first level is not multiplied, and an indexed second one costs little",
    ddl: `${PARENT}
      create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table g (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete cascade);
      create index g_c on g (c_id);`,
    finds: [],
  },
]);
