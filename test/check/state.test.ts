import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";
import { eachFixture } from "./fixture.ts";

const P = "create table p (id integer primary key);";
const C = `${P} create table c (id integer primary key, p_id integer, foreign key (p_id) references p (id) on delete cascade);`;
const RELATION = "c(p_id) -> p(id)";

eachFixture("fk-enforcement-off", [
  {
    title: "a session that enforces nothing (E13, E24)",
    ddl: C,
    session: {
      sqlite: "pragma foreign_keys = off",
      postgres: "set session_replication_role = replica",
      mariadb: "set foreign_key_checks = 0",
    },
    finds: [["error", "database"]],
    says: "This session enforces none of the 1 foreign keys",
  },
  { title: "a session as it is by default in ondelete's tests enforces all", ddl: C, finds: [] },
  {
    title: "triggers of the parent that are disabled",
    ddl: { postgres: `${C} alter table p disable trigger all;` },
    finds: { sqlite: null, postgres: [["error", RELATION]], mariadb: null },
    says: "are disabled: a delete from p does not cascade",
  },
  {
    title: "triggers of the child that are disabled let orphans in",
    ddl: { postgres: `${C} alter table c disable trigger all;` },
    finds: { sqlite: null, postgres: [["error", RELATION]], mariadb: null },
    says: "disabled or missing on c",
  },
  {
    title: "partitions at both ends that have all of theirs",
    ddl: {
      postgres: `create table p (id integer, k integer, primary key (id, k)) partition by range (k);
        create table p1 partition of p for values from (0) to (10); create table p2 partition of p for values from (10) to (20);
        create table c (id integer, p_id integer, k integer, foreign key (p_id, k) references p (id, k) on delete cascade) partition by range (id);
        create table c1 partition of c for values from (0) to (10);
        create table c2 partition of c for values from (10) to (20) partition by range (p_id);
        create table c21 partition of c2 for values from (0) to (10);
        create table p3 partition of p for values from (20) to (30) partition by range (id);
        create table p31 partition of p3 for values from (0) to (10);`,
    },
    finds: { sqlite: null, postgres: [], mariadb: null },
  },
]);

eachFixture("fk-not-validated", [
  {
    title: "NOT VALID that was left so (E11)",
    ddl: {
      postgres: `${P} create table c (id integer primary key, p_id integer); alter table c add constraint c_p foreign key (p_id) references p (id) not valid;`,
    },
    finds: { sqlite: null, postgres: [["warning", RELATION]], mariadb: null },
    says: "is NOT VALID",
  },
  { title: "a constraint that was checked when it was made", ddl: C, finds: [] },
]);

eachVariant(
  (_, fresh) => {
    test("fk-not-validated: NOT ENFORCED that was left so", async () => {
      const stage = await fresh();
      const [version] = await stage.rows("show server_version_num");
      const isHere = Number(version?.server_version_num) >= 180000;
      const statement = `${P} create table c (id integer primary key, p_id integer references p (id) not enforced);`;
      if (!isHere) return expect(stage.exec(statement)).rejects.toThrow(/syntax/);
      await stage.exec(statement);
      const { findings } = await (await open(stage.handle)).check({ rules: ["fk-not-validated"] });
      expect(findings.map((f) => [f.severity, f.object])).toEqual([["warning", RELATION]]);
      expect(findings[0]?.message).toContain("is NOT ENFORCED: nothing checks it");
    });
  },
  { engines: ["postgres", "pglite"], because: "no other engine has NOT ENFORCED" },
);

eachFixture("fk-not-validated", [
  {
    title: "one that was NOT VALID and has been validated",
    ddl: {
      postgres: `${P} create table c (id integer primary key, p_id integer); alter table c add constraint c_p foreign key (p_id) references p (id) not valid; alter table c validate constraint c_p;`,
    },
    finds: { sqlite: null, postgres: [], mariadb: null },
  },
]);

const EXPIRED = (expires: string) => ({
  checks: {
    ignores: [
      { rule: "fk-without-index", object: RELATION, reason: "the table is tiny", owner: "payments", expires },
    ],
  },
});

eachFixture("ignore-invalid", [
  {
    title: "an ignore that has run out is an error itself",
    ddl: C,
    config: EXPIRED("2020-01-01"),
    finds: [["error", RELATION]],
    says: "The ignore of fk-without-index for c(p_id) -> p(id) ended on 2020-01-01",
  },
  { title: "one that still holds is none", ddl: C, config: EXPIRED("2999-12-31"), finds: [] },
  {
    title: "a comment without a reason, or with a misspelt rule, does not hold",
    ddl: {
      sqlite: `${P} create table c ( -- ondelete-ignore fk-without-index
        id integer primary key, p_id integer references p (id) -- ondelete-ignore fk-witout-index -- tiny
        );`,
      postgres: `${C} comment on table c is '@ondelete-ignore fk-without-index'; comment on column c.p_id is 'The parent. @ondelete-ignore fk-witout-index -- tiny';`,
      mariadb: `${P} create table c (id integer primary key, p_id integer comment 'The parent. @ondelete-ignore fk-witout-index -- tiny', foreign key (p_id) references p (id)) comment '@ondelete-ignore fk-without-index';`,
    },
    finds: [
      ["error", "c"],
      ["error", "c"],
    ],
  },
]);
