import { eachFixture } from "./fixture.ts";

const everywhere = <T>(finds: T) => ({ sqlite: finds, postgres: finds, mariadb: finds });

const P = "create table p (id integer primary key);";

const SPARE = `${P} create table c (id integer primary key, p_id integer, n integer, foreign key (p_id) references p (id) on delete set null, check (p_id is not null or n > 0));`;

eachFixture("set-null-on-not-null", [
  {
    title: "the constraint is taken, and every delete that finds a row fails (E8)",
    ddl: {
      sqlite: `${P} create table c (id integer primary key, p_id integer not null references p (id) on delete set null);`,
      postgres: `${P} create table c (id integer primary key, p_id integer not null references p (id) on delete set null);`,
    },
    finds: everywhere([["error", "c(p_id) -> p(id)"]] as const),
    says: "every delete from p that finds a row of c fails",
  },
  {
    title: "a column of the primary key, and one that a CHECK keeps from null, are no better",
    ddl: {
      postgres: `${P} create table c (p_id integer references p (id) on delete set null, n integer, primary key (p_id, n));
        create table d (id integer primary key, p_id integer references p (id) on delete set null, check (p_id is not null));`,
      sqlite: `${P} create table d (id integer primary key, p_id integer references p (id) on delete set null, check (p_id is not null));`,
    },
    finds: {
      postgres: [
        ["error", "c(p_id) -> p(id)"],
        ["error", "d(p_id) -> p(id)"],
      ],
      sqlite: [["error", "d(p_id) -> p(id)"]],
      mariadb: null,
    },
  },
  {
    title: "a column of a list that can be null is set alone",
    ddl: {
      postgres: `create table p (t integer not null, id integer not null, primary key (t, id));
        create table c (id integer primary key, t integer not null, p_id integer, foreign key (t, p_id) references p (t, id) on delete set null (p_id));`,
    },
    finds: everywhere([]),
  },
  {
    title: "a CHECK that says more than NOT NULL may let null in",
    // MariaDB takes no CHECK on a column that an action changes.
    ddl: { sqlite: SPARE, postgres: SPARE },
    finds: [],
  },
]);

const TENANTS = `create table t (id integer primary key);
  create table p (t integer not null, id integer not null, primary key (t, id), foreign key (t) references t (id));`;

eachFixture("set-null-widens", [
  {
    title: "a tenant goes with the parent (E9); PostgreSQL can clear the parent alone",
    ddl: `${TENANTS} create table c (id integer primary key, t integer, p_id integer, foreign key (t) references t (id),
      constraint c_p foreign key (t, p_id) references p (t, id) on delete set null);`,
    finds: [["error", "c(t,p_id) -> p(t,id)"]],
    says: "sets all of t and p_id in c to null. t also says something else there",
  },
  {
    title: "columns that only make up the reference mean nothing else",
    ddl: `create table p (a integer not null, b integer not null, primary key (a, b));
      create table c (id integer primary key, a integer, b integer, foreign key (a, b) references p (a, b) on delete set null);`,
    finds: [],
  },
  {
    title: "a list says what is cleared",
    ddl: {
      postgres: `${TENANTS} create table c (id integer primary key, t integer, p_id integer, foreign key (t) references t (id),
        foreign key (t, p_id) references p (t, id) on delete set null (p_id));`,
    },
    finds: everywhere([]),
  },
]);

eachFixture("cascade-blocked", [
  {
    title: "NO ACTION that nobody thought of keeps what a cascade is to take",
    ddl: {
      sqlite: `${P} create table c (id integer primary key, p_id integer references p (id) on delete cascade); create table k (id integer primary key, c_id integer references c (id));`,
      postgres: `${P} create table c (id integer primary key, p_id integer references p (id) on delete cascade); create table k (id integer primary key, c_id integer references c (id));`,
      mariadb: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade); create table k (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete no action);`,
    },
    finds: [["error", "k(c_id) -> c(id)"]],
    says: "A delete from p cascades to c, and fails as soon as one of these rows is referenced by k",
  },
  {
    title: "who wrote RESTRICT meant it, and is only told",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table k (id integer primary key, c_id integer, foreign key (c_id) references c (id) on delete restrict);`,
    finds: [["warning", "k(c_id) -> c(id)"]],
  },
  {
    title: "what partitions declare one by one is one finding about the whole table",
    ddl: {
      postgres: `${P} create table c (id integer primary key, p_id integer references p (id) on delete cascade);
        create table k (id integer, c_id integer) partition by range (id);
        create table k1 partition of k for values from (0) to (10);
        create table k2 partition of k for values from (10) to (20);
        alter table k1 add foreign key (c_id) references c (id);
        alter table k2 add foreign key (c_id) references c (id);`,
    },
    finds: everywhere([["error", "k(c_id) -> c(id)"]] as const),
    says: "referenced by k: k(c_id) -> c(id) is NO ACTION",
  },
  {
    title: "without a cascade above nothing is blocked, and SET NULL lets it pass",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id));
      create table k (id integer primary key, c_id integer, foreign key (c_id) references c (id));
      create table d (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table e (id integer primary key, d_id integer, foreign key (d_id) references d (id) on delete set null);`,
    finds: [],
  },
]);

eachFixture("multiple-cascade-paths", [
  {
    title: "two ways down to one table, told at its lowest fork",
    ddl: `${P} create table a (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table b (id integer primary key, p_id integer, a_id integer, foreign key (p_id) references p (id) on delete cascade,
        foreign key (a_id) references a (id) on delete cascade);
      create table below (id integer primary key, b_id integer, foreign key (b_id) references b (id) on delete cascade);`,
    finds: [["warning", "b"]],
    says: "A delete from p reaches b by 2 cascades",
  },
  {
    title: "two parents that have nothing above them in common are no fork",
    ddl: `${P} create table q (id integer primary key);
      create table c (id integer primary key, p_id integer, q_id integer, foreign key (p_id) references p (id) on delete cascade, foreign key (q_id) references q (id) on delete cascade);`,
    finds: [],
  },
]);

eachFixture("cascade-vs-set-null", [
  {
    title: "a table below that the same delete is to leave standing",
    ddl: `${P} create table a (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
      create table b (id integer primary key, p_id integer, a_id integer, foreign key (p_id) references p (id) on delete cascade,
        foreign key (a_id) references a (id) on delete set null);`,
    finds: [["warning", "b(a_id) -> a(id)"]],
  },
  {
    title: "two roles of one parent are told and do not fail a check",
    ddl: `${P} create table c (id integer primary key, author integer, editor integer, foreign key (author) references p (id) on delete cascade,
        foreign key (editor) references p (id) on delete set null);`,
    finds: [["info", "c(editor) -> p(id)"]],
  },
  {
    title: "a table that no cascade takes",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete set null);`,
    finds: [],
  },
]);

const CIRCLE = (action: string, required: string) => ({
  sqlite: `create table a (id integer primary key, b_id integer ${required} references b (id) ${action});
    create table b (id integer primary key, a_id integer ${required} references a (id) ${action});`,
  postgres: `create table a (id integer primary key, b_id integer ${required});
    create table b (id integer primary key, a_id integer ${required} references a (id) ${action});
    alter table a add foreign key (b_id) references b (id) ${action};`,
  mariadb: `create table a (id integer primary key, b_id integer ${required});
    create table b (id integer primary key, a_id integer ${required}, foreign key (a_id) references a (id) ${action});
    alter table a add foreign key (b_id) references b (id) ${action};`,
});

eachFixture("cascade-cycle", [
  {
    title: "cascades in a circle can take everything",
    ddl: CIRCLE("on delete cascade", ""),
    finds: [["warning", "a"]],
    says: "a and b cascade into each other in a circle",
  },
  {
    title: "NOT NULL in a circle without an action lets nothing go",
    ddl: CIRCLE("", "not null"),
    finds: [["warning", "a"]],
    says: "a and b require each other in a circle",
  },
  { title: "a circle with a column that can be null can be opened", ddl: CIRCLE("", ""), finds: [] },
]);

eachFixture("self-reference-blocks", [
  {
    title: "a tree of which only leaves can go",
    ddl: `create table n (id integer primary key, up integer, foreign key (up) references n (id));`,
    finds: [["warning", "n(up) -> n(id)"]],
    says: "a row of n that has others below it cannot be deleted",
  },
  {
    title: "a key that references itself says nothing",
    ddl: `create table n (id integer primary key, foreign key (id) references n (id));`,
    finds: {
      sqlite: [["warning", "n(id) -> n(id)"]],
      postgres: [["warning", "n(id) -> n(id)"]],
      mariadb: null,
    },
    says: "every row is its own parent",
  },
  {
    title: "CASCADE, and a policy that cascades, take a tree down",
    ddl: `create table n (id integer primary key, up integer, foreign key (up) references n (id) on delete cascade);
      create table m (id integer primary key, up integer, foreign key (up) references m (id));`,
    config: {
      relations: [{ child: "m", columns: ["up"], parent: "m", parentColumns: ["id"], onDelete: "cascade" }],
    },
    finds: [],
  },
]);

const HELD = `${P} create table c (id integer primary key, p_id integer, at timestamp null, foreign key (p_id) references p (id) on delete cascade);
  create table g (id integer primary key, c_id integer, at timestamp null, foreign key (c_id) references c (id) on delete cascade);`;

eachFixture("cascade-crosses-retention", [
  {
    title: "a bare DELETE takes rows under legal hold",
    ddl: HELD,
    config: { tables: { g: { legalHold: "id < 10" } } },
    finds: [["error", "g(c_id) -> c(id)"]],
    says: "g is under legal hold where id < 10",
  },
  {
    title: "rows that are to be kept longer go with those above them",
    ddl: HELD,
    config: {
      tables: {
        c: { retention: { column: "at", olderThan: "30 days" } },
        g: { retention: { column: "at", olderThan: "7 years" } },
      },
    },
    finds: [["error", "g(c_id) -> c(id)"]],
    says: "Rows of g are to be kept for 7 years, and those of c go after 30 days",
  },
  {
    title: "who goes first takes nobody along too early",
    ddl: HELD,
    config: {
      tables: {
        c: { retention: { column: "at", olderThan: "7 years" } },
        g: { retention: { column: "at", olderThan: "30 days" } },
      },
    },
    finds: [],
  },
]);

const TRIGGER =
  "create table log (id integer); create trigger c_gone after delete on c for each row insert into log values (old.id);";

eachFixture("cascade-skips-triggers", [
  {
    title: "InnoDB's cascades fire no trigger (E20)",
    ddl: {
      mariadb: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade); ${TRIGGER}`,
    },
    finds: everywhere([["warning", "c(p_id) -> p(id)"]] as const),
    says: "c_gone does not see what a delete from p does",
  },
  {
    title: "a trigger on inserts is not concerned, nor one on a table that no action reaches",
    ddl: {
      mariadb: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id)); ${TRIGGER}
        create table d (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);
        create trigger d_new after insert on d for each row insert into log values (new.id);`,
    },
    finds: everywhere([]),
  },
]);

const LOGS = `create table users (id integer primary key);
  create table audit_log (id integer primary key, user_id integer, what text, foreign key (user_id) references users (id) on delete`;

eachFixture("cascade-to-audit", [
  {
    title: "by its name a table looks as if it recorded something, which is a guess",
    ddl: `${LOGS} cascade);`,
    finds: [["error", "audit_log(user_id) -> users(id)"]],
    says: "looks as if it recorded",
    confidence: "inferred",
  },
  {
    title: "a tag makes it certain, whatever the name",
    ddl: `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`,
    config: { tables: { c: { audit: true } } },
    finds: [["error", "c(p_id) -> p(id)"]],
    confidence: "certain",
  },
  {
    title: "a log of who did what and when is one, below several tables too",
    ddl: `create table users (id integer primary key);
      create table projects (id integer primary key, user_id integer, foreign key (user_id) references users (id) on delete cascade);
      create table project_events (id integer primary key, project_id integer, actor_id integer, action text, created_at timestamp null,
        foreign key (project_id) references projects (id) on delete cascade);
      create table project_logs (id integer primary key, project_id integer, line text, foreign key (project_id) references projects (id) on delete cascade);`,
    finds: [["error", "project_events(project_id) -> projects(id)"]],
    confidence: "inferred",
  },
  {
    title: "a tag can say that it records nothing, and RESTRICT keeps the records",
    ddl: `${LOGS} cascade); create table payments (id integer primary key, user_id integer, foreign key (user_id) references users (id) on delete restrict);`,
    config: { tables: { audit_log: { audit: false } } },
    finds: [],
  },
]);

eachFixture("set-null-erases-actor", [
  {
    title: "the record stays, and nobody knows whose it is",
    ddl: `${LOGS} set null);`,
    finds: [["warning", "audit_log(user_id) -> users(id)"]],
    confidence: "inferred",
  },
  {
    title: "a name beside the reference stays",
    ddl: `create table users (id integer primary key);
      create table audit_log (id integer primary key, user_id integer, user_email text, foreign key (user_id) references users (id) on delete set null);`,
    finds: [],
  },
  {
    title: "what is no record loses no author",
    ddl: `create table users (id integer primary key);
      create table tasks (id integer primary key, user_id integer, foreign key (user_id) references users (id) on delete set null);`,
    finds: [],
  },
]);
