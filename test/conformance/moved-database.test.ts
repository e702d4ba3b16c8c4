import { createPool } from "mysql2/promise";
import { expect, onTestFinished, test } from "vitest";
import { open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

eachVariant(
  (_, fresh) => {
    test("an operation is taken back in a copy of the database that has another name", async () => {
      const db = await fresh();
      await db.exec([
        "create table p (id integer primary key)",
        "create table c (id integer primary key, p_id integer references p (id) on delete cascade)",
        "create table u (id integer primary key, p_id integer references p (id) on delete set null)",
        "insert into p values (1), (2)",
        "insert into c values (10, 1), (11, 2)",
        "insert into u values (20, 1), (21, 2)",
      ]);
      const { operation } = await (await open(db.handle)).delete({
        table: "p",
        select: { kind: "columns", values: { id: "1" } },
      });
      const url = new URL(db.url);
      const copy = `${url.pathname.slice(1)}_copy`;
      const tables = await db.rows(
        "select table_name as name from information_schema.tables where table_schema = database()",
      );
      await db.exec(`create database ${copy}`);
      onTestFinished(() => db.exec(`drop database ${copy}`));
      url.pathname = `/${copy}`;
      const pool = createPool({ uri: url.href, connectionLimit: 1 });
      onTestFinished(() => pool.end());
      await pool.query("set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES'), foreign_key_checks = 0");
      for (const { name } of tables) {
        const [made] = await db.rows(`show create table "${name}"`);
        await pool.query(made?.["Create Table"] ?? "");
        await pool.query(
          `insert into "${name}" select * from "${new URL(db.url).pathname.slice(1)}"."${name}"`,
        );
      }
      await pool.query("set session foreign_key_checks = 1");
      await db.exec(["drop table c", "drop table u", "drop table p"]);

      const restored = await (await open(pool)).restore(operation ?? "");
      expect([restored.state, restored.conflicts]).toEqual(["done", []]);
      const rows = async (query: string) => (await pool.query({ sql: query, rowsAsArray: true }))[0];
      expect(await rows("select id from p order by 1")).toEqual([[1], [2]]);
      expect(await rows("select id, p_id from c order by 1")).toEqual([
        [10, 1],
        [11, 2],
      ]);
      expect(await rows("select id, p_id from u order by 1")).toEqual([
        [20, 1],
        [21, 2],
      ]);
    });
  },
  { engines: ["mariadb"], because: "elsewhere the name of a database is not part of a table's name" },
);
