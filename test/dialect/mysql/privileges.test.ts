import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Privilege } from "../../../src/dialect/engine.ts";
import { missingPrivileges } from "../../../src/dialect/mysql/privileges.ts";
import { connect, createDatabase, freshName, modelOf, quote, type Session, skip } from "./open.ts";

const RIGHTS = ["select", "insert", "update", "delete"] as const;

/** A statement that takes each right and no other, on a table (a integer, b integer). */
const TAKES: Readonly<Record<Privilege["right"], string>> = {
  select: "select a, b from TABLE",
  insert: "insert into TABLE (a, b) values (1, 1)",
  update: "update TABLE set a = 1, b = 1",
  delete: "delete from TABLE",
};

const wantedOf = (...tables: string[]): readonly Privilege[] =>
  tables.flatMap((table) => RIGHTS.map((right) => ({ table, right })));

const printed = (missing: readonly Privilege[]) => missing.map(({ table, right }) => `${right} ${table}`);

describe.skipIf(skip)(`privileges on MariaDB${skip ? ` (${skip})` : ""}`, () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let user: string;
  let role: string;
  let made: string[];

  beforeEach(async () => {
    database = await createDatabase(freshName("_x"));
    user = freshName("u");
    role = freshName("r");
    made = [];
    await database.exec(
      `create user ${user}; create table t (a int, b int, key (a)); create table u (a int, b int)`,
    );
  });
  afterEach(async () => {
    await database.exec(`drop user ${user}; drop role if exists ${role}`);
    await database.drop(...made);
  });

  /** Runs statements as an owner would, `DB` standing for the database in a grant as an exact name. */
  const allow = (...statements: string[]) =>
    database.exec(
      statements
        .join("; ")
        .replaceAll("DB", quote(database.name.replaceAll("_", "\\_")))
        .replaceAll("NAME", quote(database.name))
        .replaceAll("USER", user)
        .replaceAll("ROLE", role),
    );

  async function asUser<T>(work: (session: Session) => Promise<T>, setup?: string): Promise<T> {
    const session = await connect(database.name, user);
    try {
      if (setup) await session.exec(setup);
      return await work(session);
    } finally {
      await session.close();
    }
  }

  /** What the server itself refuses, tried out. */
  async function refused(session: Session, wanted: readonly Privilege[]): Promise<readonly Privilege[]> {
    const out: Privilege[] = [];
    for (const each of wanted) {
      const statement = TAKES[each.right].replace("TABLE", each.table);
      await session.exec(`begin; ${statement}; rollback`).catch((error: Error) => {
        expect(error.message).toMatch(/command denied/);
        out.push(each);
      });
    }
    return out;
  }

  test.each([
    {
      case: "on the server",
      grant: ["grant select, delete on *.* to USER"],
      missing: ["insert t", "update t", "insert u", "update u"],
    },
    { case: "on the database", grant: ["grant all on DB.* to USER"], missing: [] },
    {
      case: "on a table",
      grant: ["grant select on DB.* to USER", "grant delete, update on NAME.t to USER"],
      missing: ["insert t", "insert u", "update u", "delete u"],
    },
    {
      case: "on all columns but one",
      grant: [
        "grant select on DB.* to USER",
        "grant update (a), insert (b) on NAME.t to USER",
        "grant delete on NAME.u to USER",
      ],
      missing: ["insert t", "update t", "delete t", "insert u", "update u"],
    },
    {
      case: "on databases like a pattern",
      grant: [`grant select, delete on \`ondelete\\_hcat\\_%\`.* to USER`],
      missing: ["insert t", "update t", "insert u", "update u"],
    },
    {
      case: "by several patterns, of which the most specific alone counts",
      grant: [
        "grant select on NAME.* to USER",
        `grant insert on \`ondelete\\_hcat\\_%\`.* to USER`,
        "grant update on DB.* to USER",
      ],
      missing: ["select t", "insert t", "delete t", "select u", "insert u", "delete u"],
    },
    {
      case: "with DELETE HISTORY, which is another right than DELETE",
      grant: ["grant select, delete history on DB.* to USER"],
      missing: ["insert t", "update t", "delete t", "insert u", "update u", "delete u"],
    },
    {
      case: "by a role that is not active",
      grant: [
        "grant select on DB.* to USER",
        "create role ROLE",
        "grant delete on DB.* to ROLE",
        "grant ROLE to USER",
      ],
      missing: ["insert t", "update t", "delete t", "insert u", "update u", "delete u"],
    },
    {
      case: "by an active role",
      grant: [
        "grant select on DB.* to USER",
        "create role ROLE",
        "grant delete on DB.* to ROLE",
        "grant ROLE to USER",
      ],
      setup: "set role ROLE",
      missing: ["insert t", "update t", "insert u", "update u"],
    },
    {
      case: "by PUBLIC",
      grant: ["grant select on DB.* to USER", "grant insert on NAME.t to PUBLIC"],
      missing: ["update t", "delete t", "insert u", "update u", "delete u"],
    },
  ])("rights $case are told as the server sees them", async ({ grant, setup, missing }) => {
    await allow(...grant);
    try {
      await asUser(
        async (session) => {
          const wanted = wantedOf("t", "u");
          expect(printed(await missingPrivileges(session.tx, wanted))).toEqual(missing);
          expect(printed(await refused(session, wanted))).toEqual(missing);
        },
        setup?.replace("ROLE", role),
      );
    } finally {
      await allow("revoke all on NAME.t from PUBLIC").catch(() => {});
    }
  });

  test("a table that the account may not see lacks every right", async () => {
    await allow("grant select on NAME.t to USER");
    await asUser(async ({ tx }) => {
      expect(printed(await missingPrivileges(tx, wantedOf("u")))).toEqual([
        "select u",
        "insert u",
        "update u",
        "delete u",
      ]);
      expect(await missingPrivileges(tx, [])).toEqual([]);
    });
  });

  test("a table is told by its id in the model, in which other databases may take part", async () => {
    const other = `${database.name}.b`;
    made.push(other);
    const inOther = `${other}.c`;
    await database.exec(`create database ${quote(other)}; create table ${quote(other)}.c (a int, b int, key (a));
      create table ${quote(inOther)} (a int, b int);
      grant select, references on ${quote(other.replaceAll("_", "\\_"))}.* to ${user}; grant update on ${quote(inOther)} to ${user}`);
    // One right on the whole database: what has rights on tables alone cannot know what references them.
    await allow("grant index on DB.* to USER");
    const seen = () =>
      asUser(async ({ tx }) => ({
        ids: (await modelOf({ tx })).tables.map((t) => t.id),
        missing: printed(await missingPrivileges(tx, wantedOf(inOther, `"${inOther}"`))),
      }));
    expect(await seen()).toEqual({
      ids: [inOther, "t", "u"],
      missing: [
        `select ${inOther}`,
        `insert ${inOther}`,
        `delete ${inOther}`,
        ...RIGHTS.map((right) => `${right} "${inOther}"`),
      ],
    });
    await database.exec(
      `alter table ${quote(other)}.c add foreign key (b) references ${quote(database.name)}.t (a)`,
    );
    await database.exec(`grant select on t to ${user}`);
    expect(await seen()).toEqual({
      ids: [`"${inOther}"`, inOther, "t", "u"],
      missing: [
        `insert ${inOther}`,
        `update ${inOther}`,
        `delete ${inOther}`,
        `select "${inOther}"`,
        `insert "${inOther}"`,
        `delete "${inOther}"`,
      ],
    });
  });

  test("SELECT alone locks rows", async () => {
    await allow("grant select on DB.* to USER");
    await database.exec("create table p (a int primary key); insert into p values (1)");
    await asUser(async (session) => {
      await session.exec("begin; select a from p for update");
      await expect(database.exec("select a from p for update nowait")).rejects.toThrow(/Lock wait timeout/);
      await session.exec("rollback");
    });
  });
});
