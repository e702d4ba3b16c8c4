import { expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";
import { lines, reasons } from "./tell.ts";

type Engine = "sqlite" | "postgres" | "pglite" | "mariadb";

/** Schemas whose rows are hard to make, with the lines that are proven natively. */
interface HardSchema {
  readonly title: string;
  readonly engines?: readonly Engine[];
  readonly sql: readonly string[] | Readonly<Record<"sqlite" | "postgres" | "mariadb", readonly string[]>>;
  readonly scratch?: true;
  readonly config?: Config;
  readonly proven: readonly string[];
}

const POSTGRES: readonly Engine[] = ["postgres", "pglite"];

const SCHEMAS: readonly HardSchema[] = [
  {
    title: "CHECKs that need certain values, alone and together",
    sql: [
      "create table p (id integer primary key, kind varchar(10) not null check (kind in ('red', 'blue')), least integer not null, most integer not null, check (least > 41 and most > least and most < 50))",
      "create table c (id integer primary key, p_id integer not null, state varchar(3) not null check (length(state) = 3 and state <> 'abc'), since integer check (since is not null and since > 1900), foreign key (p_id) references p (id) on delete cascade)",
    ],
    proven: ["native p ← c(p_id): deleted"],
  },
  {
    title: "unique columns, two in a key, one optional",
    sql: [
      "create table p (id integer primary key, code varchar(2) not null unique)",
      "create table c (id integer primary key, p_code varchar(2) not null, slot smallint not null, note varchar(5) unique, unique (p_code, slot), foreign key (p_code) references p (code) on delete cascade)",
      "insert into p values (1, 'b2'), (2, 'zz')",
    ],
    proven: ["native p ← c(p_code): deleted"],
  },
  {
    title: "a composite key that shares its tenant with another one",
    sql: [
      "create table tenants (id integer primary key)",
      "create table a (tenant integer not null, id integer not null, primary key (tenant, id), foreign key (tenant) references tenants (id) on delete restrict)",
      "create table b (tenant integer not null, id integer not null, primary key (tenant, id), foreign key (tenant) references tenants (id) on delete restrict)",
      "create table ab (id integer primary key, tenant integer not null, a_id integer not null, b_id integer not null, constraint ab_a foreign key (tenant, a_id) references a (tenant, id) on delete cascade, constraint ab_b foreign key (tenant, b_id) references b (tenant, id) on delete restrict)",
    ],
    proven: [
      "native a ← ab(tenant,a_id): deleted",
      "native b ← ab(tenant,b_id): blocks",
      "native tenants ← a(tenant): blocks",
      "native tenants ← b(tenant): blocks",
    ],
  },
  {
    title: "a tree, and a table whose every row references another one of it",
    sql: [
      "create table t (id integer primary key, up integer, foreign key (up) references t (id) on delete cascade)",
      "create table n (id integer primary key, up integer not null, foreign key (up) references n (id))",
      "insert into n values (1, 1)",
    ],
    proven: ["native n ← n(up): blocks", "native t ← t(up): deleted"],
  },
  {
    title: "two tables that require each other, where rows are there to begin with",
    engines: ["sqlite", "postgres", "mariadb"],
    sql: [
      "create table staff (id integer primary key, store_id integer not null)",
      "create table store (id integer primary key, manager_id integer not null unique)",
      "insert into staff values (1, 1)",
      "insert into store values (1, 1)",
    ],
    config: {
      relations: [
        {
          child: "staff",
          columns: ["store_id"],
          parent: "store",
          parentColumns: ["id"],
          onDelete: "restrict",
        },
        {
          child: "store",
          columns: ["manager_id"],
          parent: "staff",
          parentColumns: ["id"],
          onDelete: "restrict",
        },
      ],
    },
    proven: ["native staff ← store(manager_id): kept", "native store ← staff(store_id): kept"],
  },
  {
    title: "two tables that require each other, empty",
    sql: {
      sqlite: [
        "create table staff (id integer primary key, store_id integer not null references store (id) on delete restrict)",
        "create table store (id integer primary key, manager_id integer not null unique references staff (id) on delete cascade)",
      ],
      postgres: [
        "create table staff (id integer primary key, store_id integer not null)",
        "create table store (id integer primary key, manager_id integer not null unique references staff (id) on delete cascade deferrable initially deferred)",
        "alter table staff add foreign key (store_id) references store (id) on delete restrict deferrable initially deferred",
      ],
      mariadb: [
        "create table staff (id integer primary key, store_id integer not null)",
        "create table store (id integer primary key, manager_id integer not null unique, foreign key (manager_id) references staff (id) on delete cascade)",
        "alter table staff add foreign key (store_id) references store (id) on delete restrict",
      ],
    },
    proven: [
      "native staff ← store(manager_id) ← staff(store_id): blocks",
      "native staff ← store(manager_id): deleted",
      "native store ← staff(store_id): blocks",
    ],
  },
  {
    title:
      "two tables that require each other, empty, by constraints that are deferred when they are told to be",
    engines: POSTGRES,
    sql: [
      "create table staff (id integer primary key, store_id integer not null)",
      "create table store (id integer primary key, manager_id integer not null references staff (id) on delete cascade deferrable)",
      "alter table staff add foreign key (store_id) references store (id) on delete no action deferrable",
    ],
    proven: [
      "native staff ← store(manager_id) ← staff(store_id): blocks",
      "native staff ← store(manager_id): deleted",
      "native store ← staff(store_id): blocks",
    ],
  },
  {
    title: "two tables that require each other, empty, in a scratch copy",
    engines: POSTGRES,
    scratch: true,
    sql: [
      "create table staff (id integer primary key, store_id integer not null)",
      "create table store (id integer primary key, manager_id integer not null references staff (id) on delete cascade)",
      "alter table staff add foreign key (store_id) references store (id)",
    ],
    proven: [
      "native staff ← store(manager_id) ← staff(store_id): blocks",
      "native staff ← store(manager_id): deleted",
      "native store ← staff(store_id): blocks",
    ],
  },
  {
    title: "SET DEFAULT, whose row is made too",
    engines: ["sqlite", "postgres", "pglite"],
    sql: [
      "create table p (id integer primary key)",
      "create table c (id integer primary key, p_id integer default 7, foreign key (p_id) references p (id) on delete set default)",
    ],
    proven: ["native p ← c(p_id): set default"],
  },
  {
    title: "enums, domains, ranges, arrays, identity and generated columns",
    engines: POSTGRES,
    sql: [
      "create type mood as enum ('sad', 'glad')",
      "create domain year4 as integer check (value between 1901 and 2155)",
      "create table p (id integer generated always as identity primary key, m mood not null, y year4 not null, during daterange not null, tags text[] not null, doc jsonb not null, at timestamptz not null, name text not null, big text generated always as (upper(name)) stored, constraint p_apart exclude using gist (during with &&))",
      "create table c (id uuid primary key, p_id integer not null references p on delete cascade, ip inet not null, bits bit(3) not null, cost numeric(4, 2) not null)",
    ],
    proven: ["native p ← c(p_id): deleted"],
  },
  {
    title: "a partitioned table without rows",
    engines: POSTGRES,
    sql: [
      "create table p (id integer primary key)",
      "create table c (id integer, day date not null, p_id integer not null references p on delete cascade, primary key (id, day)) partition by range (day)",
      "create table c_1 partition of c for values from ('1990-01-01') to ('1990-02-01')",
      "create table d (id integer primary key, c_id integer not null, c_day date not null, foreign key (c_id, c_day) references c (id, day) on delete restrict)",
    ],
    proven: [
      "native c ← d(c_id,c_day): blocks",
      "native p ← c(p_id): deleted",
      "native p ← c(p_id) ← d(c_id,c_day): blocks",
    ],
  },
  {
    title: "constraints that wait for the commit",
    engines: ["sqlite", "postgres", "pglite"],
    sql: [
      "create table p (id integer primary key)",
      "create table c (id integer primary key, p_id integer references p (id) deferrable initially deferred)",
    ],
    proven: ["native p ← c(p_id): blocks"],
  },
  {
    title: "columns that count by themselves, unsigned, and types of its own",
    engines: ["mariadb"],
    sql: [
      "create table p (id int unsigned auto_increment primary key, state enum('on', 'off') not null, flags set('a', 'b') not null, place point not null, y year not null, doc json not null, ip inet6 not null)",
      "create table c (id bigint unsigned auto_increment primary key, p_id int unsigned not null, amount decimal(4, 2) unsigned not null, b varbinary(4) not null, foreign key (p_id) references p (id) on delete cascade)",
    ],
    proven: ["native p ← c(p_id): deleted"],
  },
  {
    title: "a STRICT table, one without rowid, and one with a computed column",
    engines: ["sqlite"],
    sql: [
      "create table p (id text primary key not null, n int not null, half real generated always as (n / 2.0)) strict, without rowid",
      "create table c (id integer primary key autoincrement, p_id text not null references p on delete cascade, raw blob not null, day date not null)",
    ],
    proven: ["native p ← c(p_id): deleted"],
  },
];

eachVariant((variant, fresh) => {
  for (const { title, engines, sql, config = {}, proven, scratch = false } of SCHEMAS) {
    const elsewhere = engines !== undefined && !engines.includes(variant.engine);
    test.skipIf(elsewhere)(
      `${title}${elsewhere ? ` (left out: ${engines.join(", ")} only)` : ""}`,
      async () => {
        const db = await fresh();
        await db.exec("sqlite" in sql ? sql[variant.engine === "pglite" ? "postgres" : variant.engine] : sql);
        const made = await (await open(db.handle, config)).verify({ scratch });
        expect(reasons(made)).toEqual([]);
        expect(lines(made, "proven").filter((text) => text.startsWith("native"))).toEqual(proven);
        expect(made.summary).toEqual({ proven: made.cells.length, contradicted: 0, unprovable: 0 });
      },
    );
  }

  test("what cannot be made is said, and why", async () => {
    const db = await fresh();
    const odd = { sqlite: "integer", postgres: "pg_lsn", pglite: "pg_lsn", mariadb: "integer" }[
      variant.engine
    ];
    await db.exec([
      `create table p (id integer primary key, a ${odd} not null, b integer not null, check (b > 5 and b < 5))`,
      "create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade)",
    ]);
    const made = await (await open(db.handle)).verify();
    expect(lines(made, "unprovable")).toEqual([
      "native p ← c(p_id): declared deleted, seen nothing",
      "ondelete p ← c(p_id): declared deleted, seen nothing",
    ]);
    expect(reasons(made)).toEqual([
      odd === "pg_lsn"
        ? "no value is known for p.a, whose type is pg_lsn"
        : expect.stringMatching(/^no row could be made in p: .*(CHECK|CONSTRAINT)/),
    ]);
  });
});
