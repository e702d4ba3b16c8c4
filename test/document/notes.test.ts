import { expect, test } from "vitest";
import { open } from "../../src/index.ts";
import type { Variant } from "../support/databases.ts";
import { eachVariant } from "../support/stages.ts";

/** Deleting from p deletes c and changes n, whose column m references; nothing changes o. */
const TABLES = [
  "create table p (id integer primary key)",
  "create table c (id integer primary key, p integer, foreign key (p) references p (id) on delete cascade)",
  "create table n (id integer primary key, p integer unique, foreign key (p) references p (id) on delete set null)",
  "create table m (id integer primary key, n integer, foreign key (n) references n (p) on update cascade)",
  "create table o (id integer primary key, p integer, foreign key (p) references p (id))",
];

function trigger(engine: Variant["engine"], table: string, event: string): string {
  const head = `create trigger t_${event} after ${event} on ${table}`;
  if (engine === "sqlite") return `${head} begin select 1; end`;
  if (engine === "mariadb") return `${head} for each row set @seen = 1`;
  return `${head} for each row execute function nothing()`;
}

const FUNCTION = "create function nothing() returns trigger language plpgsql as 'begin return null; end'";

eachVariant((variant, fresh) => {
  const { engine } = variant;

  test("of triggers those are told that a delete can set off, those that say the same in one line", async () => {
    const db = await fresh();
    const needs = engine === "postgres" || engine === "pglite" ? [FUNCTION] : [];
    const triggers = ["p", "c", "n", "m", "o"].map((table) => trigger(engine, table, "update"));
    const named = engine === "postgres" || engine === "pglite";
    // Names of triggers are a table's own on PostgreSQL and a schema's elsewhere.
    const apart = named ? triggers : triggers.map((sql, i) => sql.replace("t_update", `t_update${i}`));
    await db.exec([...TABLES, ...needs, ...apart, trigger(engine, "c", "delete")]);
    const ondelete = await open(db.handle);
    const { notes } = await ondelete.document();
    expect(notes.filter((n) => n.kind === "trigger").map((n) => n.object)).toEqual(["c", "m", "n"]);
    const text = await ondelete.document({ format: "markdown" });
    const runs = (name: string, event: string) =>
      `Trigger ${name} runs after ${event}; what it does is not foretold.`;
    expect(text).toContain("See also [who enforces what](#who-enforces-what): triggers.\n");
    expect(text).toContain(`\n- \`c\`: ${runs("t_delete", "delete")}\n`);
    expect(text).toContain(
      named
        ? `\n- \`m\`, \`n\`: ${runs("t_update", "update")}\n`
        : `\n- \`m\`: ${runs("t_update3", "update")}\n- \`n\`: ${runs("t_update2", "update")}\n`,
    );
  });
});
