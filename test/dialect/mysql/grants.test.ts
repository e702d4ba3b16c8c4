import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Grants } from "../../../src/dialect/engine.ts";
import { grants } from "../../../src/dialect/mysql/grants.ts";
import { missingPrivileges } from "../../../src/dialect/mysql/privileges.ts";
import type { Model } from "../../../src/model/model.ts";
import { connect, createDatabase, freshName, journal, modelOf, quote, type Session, skip } from "./open.ts";

/** A model without the statistics, which the engine renews when it likes. */
const facts = ({ tables, ...model }: Model): Model => ({
  ...model,
  tables: tables.map((table) => ({ ...table, rowEstimate: null })),
});

describe.skipIf(skip)(`grants on MariaDB${skip ? ` (${skip})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let other: string;
  let user: string;
  let model: Model;
  /** The two databases as grants have to name them. */
  let own: string;
  let beside: string;

  beforeEach(async () => {
    database = await createDatabase();
    other = `${database.name}_b`;
    own = quote(database.name.replaceAll("_", "\\_"));
    beside = quote(other.replaceAll("_", "\\_"));
    user = freshName("u");
    await database.exec(`create user ${user}; create database ${other};
      create table p (id integer primary key); insert into p values (1), (2);
      create table ${other}.c (p integer, foreign key (p) references ${database.name}.p (id) on delete cascade);
      create trigger watch before delete on p for each row set @gone = old.id`);
    model = facts(await modelOf(database));
  });
  afterEach(async () => {
    await database.exec(`drop user ${user}`);
    await database.drop(other);
  });

  async function asUser<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const session = await connect(database.name, user);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
  const grantsNow = (): Promise<Grants> => asUser(({ tx }) => grants(tx, model, journal));
  const refuses = (session: Session, statement: string) =>
    expect(session.exec(statement)).rejects.toThrow(/denied/);

  test("every list of statements is enough for its kind of work, and not for the next", async () => {
    await database.exec(`grant select on ${quote(database.name)}.p to ${user}`);
    const lists = await grantsNow();
    const to = `\`${user}\`@\`%\``;
    const reading = [
      `grant select, references, create temporary tables on ${own}.* to ${to}`,
      `grant select, references on ${beside}.* to ${to}`,
    ];
    const operating = [
      ...reading,
      `grant insert, update, delete on ${own}.* to ${to}`,
      `grant insert, update, delete on ${beside}.* to ${to}`,
      ...["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"].map(
        (name) => `grant create on \`${database.name}\`.\`ondelete_${name}\` to ${to}`,
      ),
    ];
    expect(lists).toEqual({
      reading,
      operating,
      migrating: [
        ...operating,
        `grant alter, create, drop, index, trigger on ${own}.* to ${to}`,
        `grant alter, create, drop, index, trigger on ${beside}.* to ${to}`,
      ],
    });
    const everything = (["select", "insert", "update", "delete"] as const).flatMap((right) =>
      ["p", `${other}.c`].map((table) => ({ table, right })),
    );

    for (const statement of lists.reading) await database.exec(statement);
    await asUser(async (session) => {
      const withoutTriggers = model.tables.map((t) => ({ ...t, triggers: [] }));
      expect(facts(await modelOf(session))).toEqual({ ...model, tables: withoutTriggers });
      await session.exec(
        "create temporary table keys_of_plan as select id from p; insert into keys_of_plan values (7)",
      );
      expect((await missingPrivileges(session.tx, everything)).map((m) => m.right)).toEqual([
        "insert",
        "insert",
        "update",
        "update",
        "delete",
        "delete",
      ]);
      await refuses(session, "delete from p");
    });

    for (const statement of lists.operating) await database.exec(statement);
    await asUser(async (session) => {
      expect(facts(await modelOf(session))).toEqual(model);
      expect(await missingPrivileges(session.tx, everything)).toEqual([]);
      await session.exec(`begin; select * from p for update; delete from ${other}.c; delete from p; rollback;
        create table if not exists ondelete_operation (id varchar(36) primary key);
        create table if not exists ondelete_archive_part (operation varchar(36), part integer,
          primary key (operation, part), foreign key (operation) references ondelete_operation (id));
        insert into ondelete_operation values ('a'); insert into ondelete_archive_part values ('a', 0)`);
      await refuses(session, "create table of_mine (id integer)");
      await refuses(session, "alter table p add column n integer");
    });

    for (const statement of lists.migrating) await database.exec(statement);
    await asUser(async (session) => {
      const [name] = model.relations.map((r) => r.name);
      await session.exec(`alter table ${other}.c drop foreign key ${name}, add index later (p),
          add constraint other foreign key (p) references ${database.name}.p (id) on delete set null;
        create trigger more after delete on p for each row set @more = 1; drop trigger more`);
      const [changed] = (await modelOf(session)).relations;
      expect([changed?.name, changed?.onDelete]).toEqual(["other", "set null"]);
    });
  });

  test("a new grant leaves what the account has by a pattern that means more databases", async () => {
    await database.exec(`grant execute, insert on \`${database.name.replaceAll("_", "\\_")}%\`.* to ${user}`);
    const { reading } = await grantsNow();
    expect(reading[0]).toBe(
      `grant select, references, create temporary tables, insert, execute on ${own}.* to \`${user}\`@\`%\``,
    );
    for (const statement of reading) await database.exec(statement);
    await asUser(async (session) => {
      await session.exec("insert into p values (3)");
      expect(facts(await modelOf(session))).toEqual(model);
    });
  });

  test("an account that was granted the bare name of a database gets more by the same name", async () => {
    await database.exec(`grant insert on ${quote(database.name)}.* to ${user}`);
    const { reading } = await grantsNow();
    expect(reading[0]).toBe(
      `grant select, references, create temporary tables on \`${database.name}\`.* to \`${user}\`@\`%\``,
    );
  });
});
